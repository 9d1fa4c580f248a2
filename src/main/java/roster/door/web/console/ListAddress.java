package roster.door.web.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import roster.base.http.Query;
import roster.core.index.PeopleRequest.Place;

/// The address of a list, which is all that is known of what it shows. Its parameters stand in one order, each once, and what is
/// usual is left out: one list has one address. Whatever changes what is shown leaves the place in it, too.
///
/// @param path of the bare list, as `/console/people`
/// @param order of all parameters but the place
/// @param values by parameter, none empty
public record ListAddress(String path, List<String> order, Map<String, String> values) {
    public static final String AFTER = "after";
    public static final String BEFORE = "before";

    /// Of the last page: `before=end`.
    public static final String END = "end";

    private static final List<String> PLACES = List.of(AFTER, BEFORE);

    public ListAddress {
        order = List.copyOf(order);
        values = Map.copyOf(values);
    }

    /// The bare list.
    public static ListAddress of(String path, List<String> order) {
        return new ListAddress(path, order, Map.of());
    }

    /// What a query says, without what is unknown here. A parameter that is there several times is one with several values.
    public static ListAddress of(String path, List<String> order, Query query) {
        var values = new LinkedHashMap<String, String>();
        for (var name : all(order)) {
            var sent = query.all(name).stream().filter(value -> !value.isEmpty()).collect(Collectors.joining(","));
            if (!sent.isEmpty()) {
                values.put(name, sent);
            }
        }
        return new ListAddress(path, order, values);
    }

    private static List<String> all(List<String> order) {
        var all = new LinkedHashSet<>(order);
        all.addAll(PLACES);
        return List.copyOf(all);
    }

    public Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /// The same list, begun anew, with another value; without the parameter if that is empty.
    public ListAddress with(String name, String value) {
        return changed(name, value, true);
    }

    /// The same as shown, without a parameter that is usual.
    public ListAddress spelled(String name, String value) {
        return changed(name, value, false);
    }

    private ListAddress changed(String name, String value, boolean anew) {
        var changed = new LinkedHashMap<>(values);
        if (anew) {
            PLACES.forEach(changed::remove);
        }
        if (value.isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return new ListAddress(path, order, changed);
    }

    /// The same list from its beginning.
    public ListAddress begun() {
        return without(AFTER);
    }

    public ListAddress without(String name) {
        return with(name, "");
    }

    /// The same list from a place on.
    ///
    /// @param name [#AFTER] or [#BEFORE]
    public ListAddress at(String name, String place) {
        return without(name).with(name, place);
    }

    /// The same list at a place, as another spelling of its address names it.
    ListAddress placed(Place place, ListAddress words) {
        return switch (place) {
            case Place.First _ -> this;
            case Place.End _ -> at(BEFORE, END);
            case Place.After _ -> at(AFTER, words.value(AFTER).orElseThrow());
            case Place.Before _ -> at(BEFORE, words.value(BEFORE).orElseThrow());
        };
    }

    /// With its path, without that of the public URL.
    public String text() {
        var pairs = all(order).stream().filter(values::containsKey)
            .map(name -> name + "=" + URLEncoder.encode(values.get(name), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
        return pairs.isEmpty() ? path : path + "?" + pairs;
    }

    /// Whether a query is spelled as this address is: the same parameters with the same values, in the same order.
    public boolean isOf(Query query) {
        var names = all(order).stream().filter(values::containsKey).toList();
        return List.copyOf(query.names()).equals(names)
            && names.stream().allMatch(name -> query.all(name).equals(List.of(values.get(name))));
    }
}
