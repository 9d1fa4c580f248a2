package roster.base.jsonapi;

import java.math.BigInteger;
import roster.base.http.Query;
import roster.model.Paging;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// The parameters by which a list is paged.
public final class PageParameters {
    private static final int SIZE_DEFAULT = 10;

    private PageParameters() {}

    /// Reads `page[size]` (10 when absent) and `page[number]` (0 when absent).
    ///
    /// @param sizeMax the largest size taken
    /// @throws Refused with [BadParameter] for what is no whole number, a size out of range or a negative page; sizes are
    ///     never silently shrunk, since clients stop at a page that is shorter than they asked for. A page past the end is
    ///     no error, however far
    public static Paging paging(Query query, int sizeMax) {
        return paging(query, sizeMax, SIZE_DEFAULT);
    }

    /// The same, with another size when none is sent.
    public static Paging paging(Query query, int sizeMax, int sizeDefault) {
        var size = whole(query, "page[size]", sizeDefault);
        if (size.signum() <= 0 || size.compareTo(BigInteger.valueOf(sizeMax)) > 0) {
            throw new Refused(new BadParameter("page[size]"));
        }
        var number = whole(query, "page[number]", 0);
        if (number.signum() < 0) {
            throw new Refused(new BadParameter("page[number]"));
        }
        // Far past the end is past the end: the rows before it must only be countable.
        var furthest = BigInteger.valueOf(Long.MAX_VALUE / sizeMax);
        return new Paging(size.intValue(), number.min(furthest).longValue());
    }

    /// Reads `page[limit]`, as lists have it that are walked by cursor.
    ///
    /// @throws Refused with [BadParameter] for anything but a whole number from 1 to the largest
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
