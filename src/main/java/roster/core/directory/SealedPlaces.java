package roster.core.directory;

import java.util.Optional;
import java.util.function.BiFunction;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// Where in a list a page begins, by the sealed places that its address has.
public final class SealedPlaces {
    private SealedPlaces() {}

    /// @param after a sealed place
    /// @param before a sealed place, or `end`
    /// @param opened opens one, given its name and text; none for one of another query, which means nothing
    /// @throws Refused with [BadParameter] for both at once, and as opening one is
    public static Place place(Optional<String> after, Optional<String> before,
        BiFunction<String, String, Optional<SortPosition>> opened) {
        if (after.isPresent() && before.isPresent()) {
            throw new Refused(new BadParameter("before"));
        }
        if (after.isPresent()) {
            return opened.apply("after", after.get()).<Place>map(Place.After::new).orElse(Place.FIRST);
        }
        if (before.isEmpty()) {
            return Place.FIRST;
        }
        return before.get().equals("end") ? Place.END
            : opened.apply("before", before.get()).<Place>map(Place.Before::new).orElse(Place.FIRST);
    }
}
