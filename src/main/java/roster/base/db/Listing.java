package roster.base.db;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import roster.model.Page;
import roster.model.Paging;

/// A list that is filtered, sorted, counted and paged in SQL.
///
/// @param columns what is read of a row, without `SELECT`
/// @param from the tables, from `FROM` on, without conditions
/// @param where the conditions
public record Listing(String columns, String from, Where where) {
    /// The number of rows that match.
    public long count(Tx tx) {
        return tx.query("SELECT count(*) AS n " + from + where.sql(), where.values().toArray())
            .one(row -> row.number("n"));
    }

    /// One page of the matching rows.
    ///
    /// @param order for `ORDER BY`; its last column is unique, so that no row is on two pages
    public <T> List<T> rows(Tx tx, String order, Paging paging, Function<Row, T> read) {
        var values = new ArrayList<>(where.values());
        values.add(paging.size());
        values.add(paging.offset());
        return tx.query("SELECT " + columns + " " + from + where.sql() + " ORDER BY " + order + " LIMIT ? OFFSET ?",
            values.toArray()).list(read);
    }

    /// One page, counted.
    ///
    /// @param total all rows, whatever the filter
    public <T> Page<T> page(Tx tx, String order, Paging paging, long total, Function<Row, T> read) {
        return new Page<>(rows(tx, order, paging, read), total, count(tx));
    }

    /// Columns after `ORDER BY`, all in one direction.
    public static String order(boolean descending, String... columns) {
        var direction = descending ? " DESC" : "";
        return String.join(direction + ", ", columns) + direction;
    }
}
