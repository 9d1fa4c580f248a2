package roster.base.scim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Elements of multi-valued attributes: what makes two of them the same, and when one may go.
final class Elements {
    private static final String VALUE = "value";
    private static final String TYPE = "type";
    private static final String PRIMARY = "primary";

    private Elements() {}

    static Map<String, Object> frozen(Map<String, Object> parts) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    static boolean isPrimary(Map<String, Object> element) {
        return Boolean.TRUE.equals(element.get(PRIMARY));
    }

    /// Whether an element lacks its value, or has nothing but what it is used for.
    static boolean saysNothing(Attribute attribute, Map<String, Object> element) {
        return attribute.sub(VALUE).isPresent()
            ? !(element.get(VALUE) instanceof String text) || text.isEmpty()
            : Set.of(TYPE, PRIMARY).containsAll(element.keySet());
    }

    /// Whether two are the same address, number or role, with the same use.
    static boolean same(Map<String, Object> one, Map<String, Object> other, UnaryOperator<String> folding) {
        return one.equals(other) || one.get(VALUE) instanceof String && sameText(one, other, VALUE, folding)
            && sameText(one, other, TYPE, folding);
    }

    /// Whether an element is one of those that a client names to have it removed: by its value, and its type if that is
    /// given; without a value, by all that is given.
    static boolean named(Map<String, Object> by, Map<String, Object> element, UnaryOperator<String> folding) {
        if (by.get(VALUE) instanceof String) {
            return sameText(by, element, VALUE, folding)
                && (!by.containsKey(TYPE) || sameText(by, element, TYPE, folding));
        }
        return by.keySet().stream().allMatch(part -> sameText(by, element, part, folding));
    }

    private static boolean sameText(Map<String, Object> one, Map<String, Object> other, String part,
        UnaryOperator<String> folding) {
        return one.get(part) instanceof String a && other.get(part) instanceof String b
            ? folding.apply(a).equals(folding.apply(b)) : Objects.equals(one.get(part), other.get(part));
    }

    static Map<String, Object> with(Map<String, Object> element, String part, Object value) {
        return merged(element, Map.of(part, value));
    }

    static Map<String, Object> without(Map<String, Object> element, String part) {
        var parts = new LinkedHashMap<>(element);
        parts.remove(part);
        return Collections.unmodifiableMap(parts);
    }

    static Map<String, Object> merged(Map<String, Object> element, Map<String, Object> over) {
        var parts = new LinkedHashMap<>(element);
        parts.putAll(over);
        return Collections.unmodifiableMap(parts);
    }

    static Map<String, Object> notPrimary(Map<String, Object> element) {
        return with(element, PRIMARY, false);
    }
}
