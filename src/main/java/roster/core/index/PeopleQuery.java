package roster.core.index;

import java.util.Optional;

/// Which people to list, and in what order. Two equal queries are the same list, whatever the page.
///
/// @param text only users whose e-mail or name contains it, ignoring letter case, or whose id it is
public record PeopleQuery(Optional<String> text, PeopleFilter filter, UserQuery.Sort sort, boolean descending) {
    /// The same list with the words of the text in another order: the last one first, for who typed a family name first.
    ///
    /// @return none for a text of one word, and for part of an address
    public Optional<PeopleQuery> turned() {
        return text.filter(typed -> typed.indexOf('@') < 0).map(typed -> typed.replace(',', ' ').strip())
            .filter(words -> words.indexOf(' ') > 0).map(words -> {
                var last = words.lastIndexOf(' ') + 1;
                return new PeopleQuery(Optional.of(words.substring(last) + " "
                    + words.substring(0, last).strip().replaceAll(" +", " ")), filter, sort, descending);
            });
    }

    /// The longest text to search for, in characters (Unicode code points).
    public static final int TEXT_MAX = 200;

    /// Whether a text is too long to search for.
    public static boolean isTooLong(String text) {
        return text.codePointCount(0, text.length()) > TEXT_MAX;
    }
}
