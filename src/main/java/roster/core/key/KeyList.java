package roster.core.key;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.model.Page;
import roster.model.Paging;

/// What the lists of keys have in common.
public final class KeyList {
    private KeyList() {}

    /// A span of time, both ends included.
    public record Span(Optional<Instant> start, Optional<Instant> end) {}

    /// A page of keys. No list of keys shows a count without its filter, so the total is the filtered count.
    ///
    /// @param matching from `FROM` on, with a `?` for each of the values
    /// @param order a column; ties by id
    static <T> Page<T> page(Tx tx, String columns, String matching, List<Object> values, String order,
        boolean descending, Paging paging, Function<Row, T> read) {
        var direction = descending ? " DESC" : "";
        var filtered = tx.query("SELECT count(*) AS n " + matching, values.toArray()).one(row -> row.number("n"));
        var paged = new ArrayList<>(values);
        paged.add(paging.size());
        paged.add(paging.offset());
        return new Page<>(tx.query("SELECT " + columns + matching + " ORDER BY " + order + direction + ", k.id"
            + direction + " LIMIT ? OFFSET ?", paged.toArray()).list(read), filtered, filtered);
    }
}
