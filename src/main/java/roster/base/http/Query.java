package roster.base.http;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The parameters of a query, form-decoded: `+` is a blank, `%2B` a plus. Names may contain brackets, raw or encoded.
public final class Query {
    public static final Query NONE = new Query(List.of());

    private final List<Pair> pairs;

    private Query(List<Pair> pairs) {
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
                pairs.add(new Pair(text(raw, start, nameEnd), text(raw, Math.min(nameEnd + 1, end), end)));
            }
            start = end + 1;
        }
        return new Query(List.copyOf(pairs));
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

    private record Pair(String name, String value) {}
}
