package roster.base.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/// The parameters of a query, form-decoded: `+` is a blank, `%2B` a plus. Names may contain brackets, raw or encoded.
public final class Query {
    public static final Query NONE = new Query("", List.of());

    private final String raw;
    private final List<Pair> pairs;

    private Query(String raw, List<Pair> pairs) {
        this.raw = raw;
        this.pairs = pairs;
    }

    /// @param raw the text after the question mark
    /// @throws IllegalArgumentException for malformed percent-encoding, bytes that are not UTF-8, and NUL
    public static Query of(String raw) {
        if (raw.isEmpty()) {
            return NONE;
        }
        var pairs = new ArrayList<Pair>();
        for (var start = 0; start <= raw.length();) {
            var and = raw.indexOf('&', start);
            var end = and < 0 ? raw.length() : and;
            if (end > start) {
                var equals = raw.indexOf('=', start);
                var nameEnd = equals < 0 || equals > end ? end : equals;
                var valueStart = Math.min(nameEnd + 1, end);
                pairs.add(new Pair(text(raw, start, nameEnd), text(raw, valueStart, end), valueStart, end));
            }
            start = end + 1;
        }
        return new Query(raw, List.copyOf(pairs));
    }

    /// The value of a parameter, or the first one if it is repeated. An empty value counts as absent.
    public Optional<String> first(String name) {
        for (var pair : pairs) {
            if (pair.name.equals(name)) {
                return pair.value.isEmpty() ? Optional.empty() : Optional.of(pair.value);
            }
        }
        return Optional.empty();
    }

    /// The same, changed before it is decoded.
    ///
    /// @param change of the value as it was sent; must leave what can be decoded
    public Optional<String> first(String name, UnaryOperator<String> change) {
        for (var pair : pairs) {
            if (pair.name.equals(name)) {
                var changed = change.apply(raw.substring(pair.start, pair.end));
                return changed.isEmpty() ? Optional.empty() : Optional.of(text(changed, 0, changed.length()));
            }
        }
        return Optional.empty();
    }

    /// Every value of a parameter, including empty ones, in the order sent.
    public List<String> all(String name) {
        return pairs.stream().filter(pair -> pair.name.equals(name)).map(Pair::value).toList();
    }

    /// The names of the parameters, in the order sent.
    public Set<String> names() {
        var names = new LinkedHashSet<String>();
        pairs.forEach(pair -> names.add(pair.name));
        return names;
    }

    private static String text(String raw, int start, int end) {
        var text = Target.decoded(raw, start, end, true);
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL in the query");
        }
        return text;
    }

    /// @param start,end where the value is in the raw query
    private record Pair(String name, String value, int start, int end) {}
}
