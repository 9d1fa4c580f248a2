package roster.base.db;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The conditions of a query with optional filters, each with its values. What is not asked for is not in the statement.
public final class Where {
    private final StringBuilder sql = new StringBuilder();
    private final List<Object> values = new ArrayList<>();
    private int conditions;

    private Where() {}

    /// Begins with a condition that always holds, which names the organisation.
    ///
    /// @param condition with a `?` for each value
    public static Where of(String condition, Object... values) {
        return new Where().and(condition, values);
    }

    /// Adds a condition.
    public Where and(String condition, Object... more) {
        sql.append(sql.isEmpty() ? " WHERE " : "\n   AND ").append(condition);
        values.addAll(List.of(more));
        conditions++;
        return this;
    }

    /// Adds a condition on a value that may be absent, and nothing where it is.
    ///
    /// @param condition with a `?` wherever the value stands
    public Where andIf(Optional<?> value, String condition) {
        value.ifPresent(present -> {
            and(condition);
            condition.chars().filter(c -> c == '?').forEach(_ -> values.add(present));
        });
        return this;
    }

    /// Whether there is a condition besides the first.
    public boolean isFiltered() {
        return conditions > 1;
    }

    /// From `WHERE` on.
    public String sql() {
        return sql.toString();
    }

    /// For the `?` of [#sql], in their order.
    public List<Object> values() {
        return List.copyOf(values);
    }
}
