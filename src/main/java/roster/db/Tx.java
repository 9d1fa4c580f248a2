package roster.db;

import java.sql.Array;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import roster.model.Id;

/// One transaction. SQL is text with `?`; values are always bound.
///
/// Values may be ids, UUIDs, text, numbers, booleans, instants, bytes, a list of UUIDs or ids (`uuid[]`), a list of text
/// (`text[]`), or an Optional of these, empty for NULL.
public class Tx {
    private final Handle handle;

    Tx(Handle handle) {
        this.handle = handle;
    }

    public Rows query(String sql, Object... values) {
        return new Rows(bound(handle.createQuery(sql), values));
    }

    Handle handle() {
        return handle;
    }

    /// @return how many rows were touched
    int execute(String sql, Object... values) {
        return bound(handle.createUpdate(sql), values).execute();
    }

    private <S extends SqlStatement<S>> S bound(S statement, Object... values) {
        for (int i = 0; i < values.length; i++) {
            var value = plain(values[i]);
            statement.bind(i, (Argument) (position, prepared, context) -> prepared.setObject(position, value));
        }
        return statement;
    }

    /// What the driver understands.
    private Object plain(Object value) {
        return switch (value) {
            case null -> null;
            case Optional<?> maybe -> plain(maybe.orElse(null));
            case Id id -> id.value();
            case Instant instant -> OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
            case Collection<?> many -> array(many);
            default -> value;
        };
    }

    private Array array(Collection<?> values) {
        var plain = values.stream().map(this::plain).toArray();
        var type = plain.length == 0 || plain[0] instanceof String ? "text" : "uuid";
        try {
            return handle.getConnection().createArrayOf(type, plain);
        } catch (SQLException e) {
            throw new IllegalStateException("no array of " + type, e);
        }
    }

    /// What a query found.
    public static final class Rows {
        private final Query query;

        Rows(Query query) {
            this.query = query;
        }

        public <T> List<T> list(Function<Row, T> mapper) {
            return query.map((rs, ctx) -> mapper.apply(new Row(rs))).list();
        }

        /// The only row, if there is one. More than one is a fault of the query.
        public <T> Optional<T> optional(Function<Row, T> mapper) {
            var found = list(mapper);
            if (found.size() > 1) {
                throw new IllegalStateException("one row expected, found " + found.size());
            }
            return found.stream().findFirst();
        }

        public <T> T one(Function<Row, T> mapper) {
            return optional(mapper).orElseThrow(() -> new IllegalStateException("one row expected, found none"));
        }

        public boolean any() {
            return !list(row -> true).isEmpty();
        }
    }
}
