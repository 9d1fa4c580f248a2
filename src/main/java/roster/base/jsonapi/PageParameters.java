package roster.base.jsonapi;

import java.math.BigInteger;
import roster.base.http.Query;
import roster.model.Paging;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// The paging parameters of lists.
public final class PageParameters {
    private static final int SIZE_DEFAULT = 10;

    private PageParameters() {}

    /// Reads `page[size]` (10 if absent) and `page[number]` (0 if absent). A page past the end is not an error, however
    /// far.
    ///
    /// @param sizeMax the largest size accepted
    /// @throws Refused with [BadParameter] for anything but a whole number, a size out of range, or a negative page.
    ///     Sizes are not silently reduced, because clients take a page shorter than requested for the last one
    public static Paging paging(Query query, int sizeMax) {
        return paging(query, sizeMax, SIZE_DEFAULT);
    }

    /// Like [#paging(Query, int)], with another default size.
    public static Paging paging(Query query, int sizeMax, int sizeDefault) {
        var size = whole(query, "page[size]", sizeDefault);
        if (size.signum() <= 0 || size.compareTo(BigInteger.valueOf(sizeMax)) > 0) {
            throw new Refused(new BadParameter("page[size]"));
        }
        var number = whole(query, "page[number]", 0);
        if (number.signum() < 0) {
            throw new Refused(new BadParameter("page[number]"));
        }
        // Any number far past the end gives an empty page; it only has to keep the offset within a long.
        var furthest = BigInteger.valueOf(Long.MAX_VALUE / sizeMax);
        return new Paging(size.intValue(), number.min(furthest).longValue());
    }

    /// Reads `page[limit]`, the page size of lists that are paged by cursor.
    ///
    /// @param most the largest size accepted
    /// @param usual the size if none is sent
    /// @throws Refused with [BadParameter] for anything but a whole number from 1 to `most`
    public static int limit(Query query, int most, int usual) {
        var size = whole(query, "page[limit]", usual);
        if (size.signum() <= 0 || size.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new Refused(new BadParameter("page[limit]"));
        }
        return size.intValue();
    }

    private static BigInteger whole(Query query, String name, long absent) {
        var text = query.first(name);
        if (text.isEmpty()) {
            return BigInteger.valueOf(absent);
        }
        if (!text.get().matches("-?[0-9]{1,100}")) {
            throw new Refused(new BadParameter(name));
        }
        return new BigInteger(text.get());
    }
}
