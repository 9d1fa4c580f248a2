package roster.base.db;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import roster.model.Page;
import roster.model.Paging;

/// A list that is filtered, sorted, counted and paged in SQL.
///
/// @param columns what is read of a row, without `SELECT`
/// @param from the tables, from `FROM` on, without conditions
/// @param fromValues for each `?` in it
/// @param where the conditions; the first one alone gives the whole list, the others filter it
public record Listing(String columns, String from, List<?> fromValues, Where where) {
    public Listing(String columns, String from, Where where) {
        this(columns, from, List.of(), where);
    }

    /// The number of rows that match.
    public long count(Tx tx) {
        return tx.query("SELECT count(*) AS n " + from + where.sql(), values().toArray()).one(row -> row.number("n"));
    }

    /// One page of the matching rows.
    ///
    /// @param order for `ORDER BY`; its last column is unique, so that no row is on two pages
    public <T> List<T> rows(Tx tx, String order, Paging paging, Function<Row, T> read) {
        return rows(tx, order, paging.size(), paging.offset(), read);
    }

    /// The first matching rows after some others.
    ///
    /// @param order as above
    /// @param most rows to read
    /// @param offset rows to skip
    public <T> List<T> rows(Tx tx, String order, int most, long offset, Function<Row, T> read) {
        var values = values();
        values.add(most);
        values.add(offset);
        return tx.query("SELECT " + columns + " " + from + where.sql() + " ORDER BY " + order + " LIMIT ? OFFSET ?",
            values.toArray()).list(read);
    }

    /// Passes on all matching rows as they arrive.
    ///
    /// @param order as above
    public void each(Tx tx, String order, Consumer<Row> reader) {
        tx.query("SELECT " + columns + " " + from + where.sql() + " ORDER BY " + order, values().toArray())
            .each(reader);
    }

    /// One page, counted.
    ///
    /// @param total the number of rows without the filter
    public <T> Page<T> page(Tx tx, String order, Paging paging, long total, Function<Row, T> read) {
        return new Page<>(rows(tx, order, paging, read), total, where.isFiltered() ? count(tx) : total);
    }

    private List<Object> values() {
        var values = new ArrayList<Object>(fromValues);
        values.addAll(where.values());
        return values;
    }

    /// Columns after `ORDER BY`, all in one direction.
    public static String order(boolean descending, String... columns) {
        var direction = descending ? " DESC" : "";
        return String.join(direction + ", ", columns) + direction;
    }
}
