package roster.base.scim;

/// The filter in the query of an address, before it is decoded.
public final class QueryFilter {
    private static final int ENCODED_LENGTH = 3;

    private QueryFilter() {}

    /// Encodes each `+` within quotation marks beside an `@`. Such values are addresses, which have no blanks; clients forget to
    /// encode their plus, which would be read as one.
    ///
    /// @param raw the value of the parameter, still encoded
    public static String withPlus(String raw) {
        var result = new StringBuilder(raw.length());
        var start = 0;
        while (start < raw.length()) {
            var end = next(raw, start);
            if (is(raw, start, '"', "%22")) {
                end = endOfQuoted(raw, start);
                var quoted = raw.substring(start, end);
                result.append(quoted.contains("@") || quoted.contains("%40") ? quoted.replace("+", "%2B") : quoted);
            } else {
                result.append(raw, start, end);
            }
            start = end;
        }
        return result.toString();
    }

    /// @param start where the first quotation mark is
    /// @return the index after the last one, or the end of the text
    private static int endOfQuoted(String raw, int start) {
        var at = next(raw, start);
        while (at < raw.length()) {
            if (is(raw, at, '"', "%22")) {
                return next(raw, at);
            }
            at = next(raw, is(raw, at, '\\', "%5C") ? next(raw, at) : at);
        }
        return raw.length();
    }

    private static boolean is(String raw, int at, char c, String encoded) {
        return raw.charAt(at) == c || raw.regionMatches(true, at, encoded, 0, encoded.length());
    }

    private static int next(String raw, int at) {
        return Math.min(raw.length(), at + (at < raw.length() && raw.charAt(at) == '%' ? ENCODED_LENGTH : 1));
    }
}
