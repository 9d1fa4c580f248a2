package roster.core.key;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.http.Query;
import roster.base.json.Times;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// What the lists of keys have in common: how their parameters are read, and how a page is.
final class KeyList {
    private KeyList() {}

    /// A stretch of time, both ends included.
    record Span(Optional<Instant> start, Optional<Instant> end) {}

    /// @throws Refused with [BadParameter] for what is no time with its offset
    static Span span(Query query, String column) {
        return new Span(time(query, "filter[%s][start]".formatted(column)),
            time(query, "filter[%s][end]".formatted(column)));
    }

    private static Optional<Instant> time(Query query, String name) {
        return query.first(name)
            .map(text -> Times.parse(text).orElseThrow(() -> new Refused(new BadParameter(name))));
    }

    /// What to include, of these.
    ///
    /// @throws Refused with [BadParameter] for anything else
    static List<String> include(Query query, List<String> known) {
        var wanted = query.first("include").map(list -> Arrays.stream(list.split(",")).map(String::strip).toList())
            .orElse(List.of());
        if (!known.containsAll(wanted)) {
            throw new Refused(new BadParameter("include"));
        }
        return wanted;
    }

    /// A page of keys. No list of them shows how many there are without its filter: the total is the filtered one.
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
