package roster.jsonapi;

import java.util.Optional;
import roster.http.Query;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// Which page of a list is wanted.
///
/// @param size from 1
/// @param number from 0
public record Paging(int size, long number) {
    private static final int SIZE_DEFAULT = 10;

    /// Reads `page[size]` (10 when absent) and `page[number]` (0 when absent).
    ///
    /// @param sizeMax the largest size taken
    /// @throws Refused with [BadParameter] for what is no whole number in range; sizes are never silently shrunk, since
    ///     clients stop at a page that is shorter than they asked for
    public static Paging of(Query query, int sizeMax) {
        var size = whole(query, "page[size]", SIZE_DEFAULT);
        if (size < 1 || size > sizeMax) {
            throw new Refused(new BadParameter("page[size]"));
        }
        var number = whole(query, "page[number]", 0);
        // The page's first row must be countable.
        if (number < 0 || number > Long.MAX_VALUE / sizeMax) {
            throw new Refused(new BadParameter("page[number]"));
        }
        return new Paging((int) size, number);
    }

    /// How many rows come before the page.
    public long offset() {
        return size * number;
    }

    private static long whole(Query query, String name, long absent) {
        Optional<String> text = query.first(name);
        if (text.isEmpty()) {
            return absent;
        }
        try {
            if (!text.get().matches("-?[0-9]{1,19}")) {
                throw new NumberFormatException(text.get());
            }
            return Long.parseLong(text.get());
        } catch (NumberFormatException e) {
            throw new Refused(new BadParameter(name));
        }
    }
}
