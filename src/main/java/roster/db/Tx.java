package roster.db;

import java.sql.Array;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import roster.model.Id;

/// One transaction. SQL is text with `?`; values are always bound.
///
/// Values may be ids, UUIDs, text, numbers, booleans, instants, bytes, a list of UUIDs or ids (`uuid[]`), a list of text
/// (`text[]`), each with an empty Optional for NULL in it, or an Optional of these, empty for NULL.
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
        var type = Arrays.stream(plain).anyMatch(UUID.class::isInstance) ? "uuid" : "text";
        try {
            return handle.getConnection().createArrayOf(type, plain);
        } catch (SQLException e) {
            throw new IllegalStateException("no array of " + type, e);
        }
    }

    /// What a query found.
    public static final class Rows {
        private static final int ROWS_AT_ONCE = 5000;

        private final Query query;

        Rows(Query query) {
            this.query = query;
        }

        public <T> List<T> list(Function<Row, T> mapper) {
            return query.map((rs, ctx) -> mapper.apply(new Row(rs))).list();
        }

        /// Hands out the rows one by one as they arrive, for results that are too long to hold at once.
        public void each(Consumer<Row> taker) {
            // A row is read while it is the current one: the iterator is ahead of whoever uses it.
            query.setFetchSize(ROWS_AT_ONCE).map((rs, ctx) -> {
                taker.accept(new Row(rs));
                return true;
            }).useStream(rows -> rows.forEach(row -> {}));
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
