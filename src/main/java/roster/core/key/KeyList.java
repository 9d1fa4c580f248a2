package roster.core.key;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Listing;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.model.Page;
import roster.model.Paging;

/// What the lists of keys have in common. In their queries `k` is the table of keys.
public final class KeyList {
    private KeyList() {}

    /// A span of time, both ends included.
    public record Span(Optional<Instant> start, Optional<Instant> end) {
        /// Adds the condition that a column is within the span.
        void addTo(Where where, String column) {
            where.andIf(start, column + " >= ?").andIf(end, column + " <= ?");
        }
    }

    /// Adds the condition that the name has this in it, in any letter case.
    static void named(Where where, Optional<String> text) {
        where.andIf(text, "strpos(lower(k.name), lower(?)) > 0");
    }

    /// A page of keys. No list of keys shows a count without its filter, so the total is the filtered count.
    ///
    /// @param column to sort by; ties by id
    static <T> Page<T> page(Tx tx, Listing listing, String column, boolean descending, Paging paging,
        Function<Row, T> read) {
        var count = listing.count(tx);
        return new Page<>(listing.rows(tx, Listing.order(descending, column, "k.id"), paging, read), count, count);
    }
}
