package roster.base.db;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import roster.model.Id;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// One transaction. SQL is text with `?`; values are always bound.
///
/// Values may be ids, UUIDs, text, numbers, booleans, instants, bytes, a list of UUIDs or ids (`uuid[]`), of integers
/// (`integer[]`), of text (`text[]`; an empty list too), each with an empty Optional for NULL in it, or an Optional of these,
/// empty for NULL.
public class Tx {
    private final Handle handle;
    private final Unsent unsent;

    Tx(Handle handle) {
        this(handle, new Unsent());
    }

    /// The same transaction, with the statements that are not sent yet.
    Tx(Tx other) {
        this(other.handle, other.unsent);
    }

    private Tx(Handle handle, Unsent unsent) {
        this.handle = handle;
        this.unsent = unsent;
    }

    /// Statements whose result is not needed. They are sent to PostgreSQL together with the next one, which waits for the
    /// answers to all: they still run in order, but without a round trip each.
    private static final class Unsent {
        private final List<String> statements = new ArrayList<>();
        private final List<ResultReader> readers = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();
        private boolean copying;
        private long endsAtNanos;
        private boolean ends;
    }

    /// Refuses statements after some time. For the whole transaction, the writes in it included.
    ///
    /// @throws Refused with [Unavailable], by any later statement
    void mustEndWithin(Duration time) {
        unsent.ends = true;
        unsent.endsAtNanos = System.nanoTime() + time.toNanos();
    }

    /// Whether rows are being copied: the connection takes no other statement until the end of it.
    void copying(boolean begins) {
        unsent.copying = begins;
    }

    /// Runs when its rows are read, after the statements of [#later].
    public Rows query(String sql, Object... values) {
        return new Rows(this, sql, values);
    }

    /// The time by the database's clock, which all stored times are by.
    public Instant databaseTime() {
        return query("SELECT roster_now() AS now").one(row -> row.instant("now"));
    }

    Handle handle() {
        return handle;
    }

    /// @return the number of affected rows
    int execute(String sql, Object... values) {
        return run(0, sql, values, PreparedStatement::getUpdateCount);
    }

    /// Runs before the next statement, in the same round trip; if it fails, so does that one.
    void later(String sql, Object... values) {
        add(ResultReader.NOTHING, sql, values);
    }

    /// The same for a statement whose rows are needed, though not before others have been added.
    ///
    /// @return its rows once it ran; asking sends what is not sent yet
    public <T> Supplier<List<T>> later(Function<Row, T> mapper, String sql, Object... values) {
        var found = new AtomicReference<List<T>>();
        add(answered -> found.set(rows(answered, mapper)), sql, values);
        return () -> {
            if (found.get() == null) {
                flush();
            }
            return Objects.requireNonNull(found.get(), "the statement was discarded");
        };
    }

    /// The same for a statement with one row at most.
    public <T> Supplier<Optional<T>> laterOptional(Function<Row, T> mapper, String sql, Object... values) {
        var found = later(mapper, sql, values);
        return () -> found.get().stream().findFirst();
    }

    /// Asks for the first rows in the order of an index, and has PostgreSQL read them in it. Of itself, as it plans for
    /// organisations of the usual size, it may read all rows and sort them.
    public <T> T inOrder(Supplier<T> query) {
        later("SET LOCAL enable_sort = off");
        var answer = query.get();
        later("SET LOCAL enable_sort = on");
        return answer;
    }

    private void add(ResultReader reader, String sql, Object... values) {
        unsent.statements.add(sql);
        unsent.readers.add(reader);
        unsent.values.addAll(Arrays.asList(values));
    }

    /// Sends what is not sent yet.
    void flush() {
        if (!unsent.statements.isEmpty()) {
            var last = unsent.statements.removeLast();
            var reader = unsent.readers.removeLast();
            run(0, last, new Object[0], answered -> { // its values are the last of those that are waiting
                reader.take(answered);
                return true;
            });
        }
    }

    /// Sends what is not sent yet, and commits in the same round trip. If a statement fails, nothing is committed. What ends
    /// the transaction of a handle then finds none, and sends nothing.
    void commit() {
        later("COMMIT");
        flush();
    }

    /// Discards what is not sent yet.
    ///
    /// @return these statements
    List<String> forget() {
        var forgotten = List.copyOf(unsent.statements);
        unsent.statements.clear();
        unsent.readers.clear();
        unsent.values.clear();
        return forgotten;
    }

    private <T> T run(int fetchSize, String sql, Object[] values, Outcome<T> outcome) {
        if (unsent.ends && System.nanoTime() - unsent.endsAtNanos > 0) {
            throw new Refused(new Unavailable(1));
        }
        if (unsent.copying) {
            throw new IllegalStateException("a statement while rows are copied would wait for itself: " + sql);
        }
        var all = new ArrayList<>(unsent.values);
        all.addAll(Arrays.asList(values));
        var before = List.copyOf(unsent.statements);
        var readers = List.copyOf(unsent.readers);
        var text = before.isEmpty() ? sql : String.join(";", before) + ";" + sql;
        return handle.createQuery(text).addCustomizer(sending(fetchSize, all)).execute((executed, context) -> {
            try (context) {
                var answered = executed.get();
                for (var reader : readers) {
                    reader.take(answered);
                    answered.getMoreResults();
                }
                return outcome.of(answered);
            }
        });
    }

    /// If binding fails, nothing was sent: the waiting statements are discarded only at execution.
    private StatementCustomizer sending(int fetchSize, List<Object> values) {
        return new StatementCustomizer() {
            @Override
            public void beforeExecution(PreparedStatement bound, StatementContext context) throws SQLException {
                for (int i = 0; i < values.size(); i++) {
                    bound.setObject(i + 1, plain(values.get(i)));
                }
                bound.setFetchSize(fetchSize);
                forget();
            }
        };
    }

    private interface Outcome<T> {
        T of(PreparedStatement answered) throws SQLException;
    }

    /// Takes the result of one of several statements.
    private interface ResultReader {
        ResultReader NOTHING = answered -> {};

        void take(PreparedStatement answered) throws SQLException;
    }

    private static <T> List<T> rows(PreparedStatement answered, Function<Row, T> mapper) throws SQLException {
        var found = new ArrayList<T>();
        try (var rs = answered.getResultSet()) {
            var row = new Row(rs);
            while (rs.next()) {
                found.add(mapper.apply(row));
            }
        }
        return found;
    }

    /// Converts a value to one that the driver understands.
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
        var type = Arrays.stream(plain).anyMatch(UUID.class::isInstance) ? "uuid"
            : Arrays.stream(plain).anyMatch(Integer.class::isInstance) ? "int4" : "text";
        try {
            return handle.getConnection().createArrayOf(type, plain);
        } catch (SQLException e) {
            throw new IllegalStateException("no array of " + type, e);
        }
    }

    /// The result of a query.
    public static final class Rows {
        private static final int ROWS_AT_ONCE = 5000;

        private final Tx tx;
        private final String sql;
        private final Object[] values;

        private Rows(Tx tx, String sql, Object... values) {
            this.tx = tx;
            this.sql = sql;
            this.values = values;
        }

        public <T> List<T> list(Function<Row, T> mapper) {
            return tx.run(0, sql, values, answered -> rows(answered, mapper));
        }

        /// Passes on rows one by one as they arrive, for results that are too long for memory.
        public void each(Consumer<Row> reader) {
            tx.flush();
            tx.run(ROWS_AT_ONCE, sql, values, answered -> {
                try (var rs = answered.getResultSet()) {
                    var row = new Row(rs);
                    while (rs.next()) {
                        reader.accept(row);
                    }
                }
                return true;
            });
        }

        /// The only row, if there is one. More than one is an error of the query.
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
