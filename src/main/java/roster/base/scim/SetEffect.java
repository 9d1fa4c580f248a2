package roster.base.scim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What several changes to a set come to: all go, or only these; then these come. No value is in both.
///
/// @param clears whether all go that do not come
/// @param added in the order in which they came
/// @param removed nothing if all go
public record SetEffect(boolean clears, Set<String> added, Set<String> removed) {
    /// @return nothing if one of the changes is a [SetChange.Other]
    public static Optional<SetEffect> of(List<SetChange> changes) {
        var clears = false;
        var added = new LinkedHashSet<String>();
        var removed = new LinkedHashSet<String>();
        for (var change : changes) {
            switch (change) {
                case SetChange.Add(var elements) -> {
                    added.addAll(values(elements));
                    removed.removeAll(values(elements));
                }
                case SetChange.Replace(var elements) -> {
                    clears = true;
                    added.clear();
                    removed.clear();
                    added.addAll(values(elements));
                }
                case SetChange.Remove(var values) -> {
                    values.forEach(added::remove);
                    removed.addAll(values);
                }
                case SetChange.RemoveAll _ -> {
                    clears = true;
                    added.clear();
                    removed.clear();
                }
                case SetChange.Other _ -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new SetEffect(clears, added, clears ? Set.of() : removed));
    }

    private static Set<String> values(List<Attributes> elements) {
        return elements.stream().flatMap(one -> one.text("value").stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
