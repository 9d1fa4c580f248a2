package roster.core.index;

import java.util.Optional;

/// Which people to list, and in what order. Two equal queries are the same list, whatever the page.
///
/// @param text only users whose e-mail or name contains it, ignoring letter case, or whose id it is
public record PeopleQuery(Optional<String> text, PeopleFilter filter, UserQuery.Sort sort, boolean descending) {
    /// The longest text to search for, in characters (Unicode code points).
    public static final int TEXT_MAX = 200;

    /// Whether a text is too long to search for.
    public static boolean isTooLong(String text) {
        return text.codePointCount(0, text.length()) > TEXT_MAX;
    }
}
