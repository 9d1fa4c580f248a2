package roster.base.db;

import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/// How to insert rows of one kind: the statement, and the values of a row in the order of its columns. Written once for one
/// row and for thousands: [WriteTx#insert] sends the statement, [WriteTx#insertAll] a `COPY` of the same columns where that
/// is faster.
///
/// @param <T> what becomes a row
public final class Insert<T> {
    private static final Pattern FORM = Pattern.compile(
        "\\s*INSERT INTO (\\w+) \\(([\\w,\\s]+)\\)\\s+VALUES \\([?,\\s:a-z]+\\)\\s*");

    private final String sql;
    private final String copySql;
    private final int columns;
    private final BiFunction<WriteTx, T, List<?>> values;

    private Insert(String sql, String copySql, int columns, BiFunction<WriteTx, T, List<?>> values) {
        this.sql = sql;
        this.copySql = copySql;
        this.columns = columns;
        this.values = values;
    }

    /// @param sql `INSERT INTO table (columns) VALUES (?, ?::jsonb, …)` and nothing else
    /// @param values of a row, as for [Tx], without lists: in the order of the columns
    /// @throws IllegalArgumentException for a statement of another form
    public static <T> Insert<T> of(String sql, BiFunction<WriteTx, T, List<?>> values) {
        var form = FORM.matcher(sql);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a plain INSERT: " + sql);
        }
        var columns = form.group(2).split(",").length;
        var marks = sql.chars().filter(c -> c == '?').count();
        if (marks != columns) {
            throw new IllegalArgumentException("%d columns and %d values: %s".formatted(columns, marks, sql));
        }
        return new Insert<>(sql, "COPY %s (%s) FROM STDIN".formatted(form.group(1), form.group(2)), columns, values);
    }

    String sql() {
        return sql;
    }

    String copySql() {
        return copySql;
    }

    List<?> values(WriteTx tx, T row) {
        var all = values.apply(tx, row);
        if (all.size() != columns) {
            throw new IllegalStateException("%d values for %d columns: %s".formatted(all.size(), columns, sql));
        }
        return all;
    }
}
