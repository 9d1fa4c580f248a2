package roster.core.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import roster.base.secret.CursorCodec;
import roster.base.secret.LengthPrefixed;
import roster.core.index.PeopleRequest.Place;
import roster.core.index.SortPosition;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// Where in a list a page begins, by the sealed places that its address has: a position, and the query that it belongs to.
public final class SealedPlaces {
    private SealedPlaces() {}

    /// @param list which list it is of: another one once the fields change, so that older places are refused
    /// @param words of the query
    public static String seal(CursorCodec codec, Org.Id org, String list, SortPosition position,
        Map<String, String> words) {
        var fields = new LengthPrefixed().add(position.key()).add(position.email()).add(position.id());
        words.forEach((word, value) -> fields.add(word).add(value));
        return codec.seal(org.value(), list, fields);
    }

    /// The place that an address names. A place of another query is the first page: once the query changes, the place
    /// means nothing.
    ///
    /// @param list,words as it was sealed with
    /// @param after a sealed place
    /// @param before a sealed place, or `end`
    /// @throws Refused with [BadParameter] for a damaged place, or both at once
    public static Place place(CursorCodec codec, Org.Id org, String list, Map<String, String> words,
        Optional<String> after, Optional<String> before) {
        var query = new ArrayList<String>();
        words.forEach((word, value) -> query.addAll(List.of(word, value)));
        return place(after, before, (name, sent) -> {
            var fields = codec.open(org.value(), list, sent).orElseThrow(() -> new Refused(new BadParameter(name)));
            return fields.stream().skip(3).map(CursorCodec::text).toList().equals(query)
                ? Optional.of(new SortPosition(fields.get(0), fields.get(1),
                    UUID.fromString(CursorCodec.text(fields.get(2)))))
                : Optional.empty();
        });
    }

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
