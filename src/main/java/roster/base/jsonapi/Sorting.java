package roster.base.jsonapi;

import java.util.Arrays;
import java.util.Locale;
import roster.base.http.Query;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// The sort order of a list, from the parameter `sort`: a name in lower case, with a minus to sort descending.
public record Sorting<S extends Enum<S>>(S by, boolean descending) {
    /// @param usual the value if none is sent, in the form of the parameter
    /// @throws Refused with [BadParameter] if the name is not one of `all`
    public static <S extends Enum<S>> Sorting<S> of(Query query, S[] all, String usual) {
        var sort = query.first("sort").orElse(usual);
        var descending = sort.startsWith("-");
        var name = descending ? sort.substring(1) : sort;
        return new Sorting<>(Arrays.stream(all).filter(one -> one.name().toLowerCase(Locale.ROOT).equals(name))
            .findFirst().orElseThrow(() -> new Refused(new BadParameter("sort"))), descending);
    }
}
