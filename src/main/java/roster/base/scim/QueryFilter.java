package roster.base.scim;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The filter in the query of an address, before it is decoded.
public final class QueryFilter {
    private static final String BACKSLASH = "(?:\\\\|%5[Cc])";
    private static final String QUOTE = "(?:\"|%22)";

    /// A value in quotation marks, in which a backslash takes the next character with it.
    private static final Pattern QUOTED =
        Pattern.compile(QUOTE + "(?:" + BACKSLASH + "(?:%[0-9A-Fa-f]{2}|.)|(?!" + QUOTE + ").)*+" + QUOTE);

    private static final Pattern AT = Pattern.compile("@|%40");

    private QueryFilter() {}

    /// Encodes each `+` within quotation marks beside an `@`. Such values are addresses, which have no blanks; clients forget to
    /// encode their plus, which would be read as one.
    ///
    /// @param raw the value of the parameter, still encoded
    public static String withPlus(String raw) {
        if (raw.indexOf('+') < 0 || raw.length() > Filter.LENGTH_MAX) {
            return raw;
        }
        return QUOTED.matcher(raw).replaceAll(found -> Matcher.quoteReplacement(
            AT.matcher(found.group()).find() ? found.group().replace("+", "%2B") : found.group()));
    }
}
