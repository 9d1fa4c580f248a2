package roster.core.audit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// The facts of something before and after a change, as the nouns chose to record them. Never a secret.
///
/// @param before empty for something new
/// @param after empty for something that was deleted
public record Change(Map<String, Object> before, Map<String, Object> after) {
    /// For what was only looked at.
    public static final Change NONE = new Change(Map.of(), Map.of());

    public static Change created(Map<String, Object> facts) {
        return new Change(Map.of(), facts);
    }

    public static Change deleted(Map<String, Object> facts) {
        return new Change(facts, Map.of());
    }

    /// A fact about something that had none of its name before.
    public static Change first(String name, Object value) {
        var none = new LinkedHashMap<String, Object>();
        none.put(name, null);
        return new Change(none, Map.of(name, value));
    }

    /// Only the facts that differ.
    public static Change between(Map<String, Object> before, Map<String, Object> after) {
        var was = new LinkedHashMap<String, Object>();
        var is = new LinkedHashMap<String, Object>();
        before.forEach((name, value) -> {
            if (!Objects.equals(value, after.get(name))) {
                was.put(name, value);
                is.put(name, after.get(name));
            }
        });
        return new Change(was, is);
    }

    public boolean isNothing() {
        return before.isEmpty() && after.isEmpty();
    }
}
