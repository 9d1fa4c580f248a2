package roster.base.scim;

import java.time.Instant;
import java.util.function.UnaryOperator;
import roster.base.scim.Filter.Operator;
import roster.model.Text;

/// What a filter compares with.
public sealed interface Operand {
    /// @param exact whether upper and lower case differ
    /// @param key what is compared: the text as it was typed, or folded
    record Written(String typed, boolean exact, String key) implements Operand {
        static Written of(String typed, boolean exact) {
            return new Written(typed, exact, exact ? typed : Text.folded(typed));
        }

        private boolean meets(Operator operator, String text) {
            return switch (operator) {
                case EQ -> text.equals(key);
                case CO -> text.contains(key);
                case SW -> text.startsWith(key);
                case EW -> text.endsWith(key);
                case GT, GE, LT, LE -> ordered(operator, compareByCodePoint(text, key));
            };
        }
    }

    record Flag(boolean value) implements Operand {}

    record Time(Instant value) implements Operand {}

    /// @param value as a resource has it
    default boolean meets(Operator operator, Object value, UnaryOperator<String> folding) {
        return switch (this) {
            case Written written -> value instanceof String text
                && written.meets(operator, written.exact() ? text : folding.apply(text));
            case Flag(var flag) -> value instanceof Boolean other && flag == other;
            case Time(var time) -> value instanceof String text && ScimTimes.parse(text)
                .filter(other -> ordered(operator, other.compareTo(time))).isPresent();
        };
    }

    private static boolean ordered(Operator operator, int order) {
        return switch (operator) {
            case EQ -> order == 0;
            case GT -> order > 0;
            case GE -> order >= 0;
            case LT -> order < 0;
            case LE -> order <= 0;
            case CO, SW, EW -> false;
        };
    }

    /// Order of code points, as everywhere where text is folded; that of UTF-16 units differs beyond `U+FFFF`.
    private static int compareByCodePoint(String one, String other) {
        var at = 0;
        while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        if (at == one.length() || at == other.length()) {
            return Integer.compare(one.length(), other.length());
        }
        var a = one.charAt(at);
        var b = other.charAt(at);
        return Character.isSurrogate(a) == Character.isSurrogate(b) ? Character.compare(a, b)
            : Character.isSurrogate(a) ? 1 : -1;
    }
}
