package roster.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.model.Caller;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// Transactions on PostgreSQL. Reads see one moment; writes of one organisation run one after the other, on whatever
/// node they arrive, and each has its own version number.
public final class Database implements AutoCloseable {
    /// Where PostgreSQL is. The text form leaves the password out.
    public record Address(String jdbcUrl, Optional<String> user, Optional<String> password) {
        /// Whether the driver can read the URL.
        public boolean wellFormed() {
            return Driver.parseURL(jdbcUrl, null) != null;
        }

        @Override
        public String toString() {
            return jdbcUrl.replaceAll("(?i)((?:password|sslpassword)=)[^&]*", "$1***").replaceAll("//[^/@]*@",
                "//***@");
        }
    }

    /// Looks at a caller again, under the lock, when his organisation has changed since the Gate let him in.
    @FunctionalInterface
    public interface Admission {
        /// @return the caller with what he holds now
        /// @throws Refused if a key is gone, he is disabled, or what he was let in for is no longer his
        Caller again(Tx tx, Caller caller);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /// Connections of a node. PostgreSQL works best with few; the rest of the threads wait in front, in order.
    private static final int CONNECTIONS = 16;

    /// The longest wait for a connection, in seconds, before a request is answered 503.
    private static final int WAIT_SECONDS = 5;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final HikariDataSource pool;
    private final Jdbi jdbi;

    // The pool alone hands connections out unfairly to many threads.
    private final Semaphore places = new Semaphore(CONNECTIONS, true);
    private volatile Admission admission = (tx, caller) -> caller;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
    }

    /// Opens the pool; connections are made when first needed.
    public static Database open(Address address) {
        var config = new HikariConfig();
        config.setPoolName("roster");
        config.setJdbcUrl(address.jdbcUrl());
        address.user().ifPresent(config::setUsername);
        address.password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(Duration.ofSeconds(WAIT_SECONDS).toMillis());
        config.setAutoCommit(true);
        config.addDataSourceProperty("prepareThreshold", "1");
        config.addDataSourceProperty("ApplicationName", "roster");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", "5");
        config.addDataSourceProperty("socketTimeout", "30");
        // A frozen client must not hold an organisation's lock, nor wait for one, for long.
        config.setConnectionInitSql("""
            SET lock_timeout = '2s'; SET statement_timeout = '5s';
            SET idle_in_transaction_session_timeout = '5s'; SET TimeZone = 'UTC';
            SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3
            """);
        return new Database(new HikariDataSource(config));
    }

    /// Who looks at callers again under the lock. Set once, before the first request.
    public void admission(Admission admission) {
        this.admission = admission;
    }

    /// How busy the pool is.
    ///
    /// @param connections open
    /// @param busy of these, in use
    /// @param waiting threads in front of the pool
    public record Load(int connections, int busy, int waiting) {}

    public Load load() {
        var inside = pool.getHikariPoolMXBean();
        return inside == null ? new Load(0, 0, 0)
            : new Load(inside.getTotalConnections(), inside.getActiveConnections(), places.getQueueLength());
    }

    /// For migrations and start-up checks only.
    DataSource dataSource() {
        return pool;
    }

    /// Reads from one snapshot.
    public <T> T read(Function<Tx, T> work) {
        return withPlace(handle -> handle.inTransaction(h -> {
            var tx = new Tx(h);
            tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            return work.apply(tx);
        }));
    }

    /// Changes rows of the caller's organisation, in one transaction that is on disk when this returns.
    ///
    /// The first statement locks the organisation's row and does nothing else: all that a rule reads is read after the
    /// wait. If the organisation changed since the caller was let in, he is looked at again before the rule runs.
    ///
    /// @throws Refused with [Unavailable] if the lock was not free within 2 s
    public <T> T write(Caller caller, Function<WriteTx, T> work) {
        return withPlace(handle -> handle.inTransaction(h -> {
            var plain = new Tx(h);
            var org = caller.org();
            if (!plain.query("SELECT id FROM orgs WHERE id = ? FOR UPDATE", org).any()) {
                throw new Refused(new BadKeys());
            }
            var state = plain.query("""
                SELECT version, greatest(clock_timestamp(), written_at) AS now FROM orgs WHERE id = ?
                """, org).one(row -> new State(row.number("version"), row.instant("now")));
            var now = caller.hasKeys() && caller.version() != state.version() ? admission.again(plain, caller) : caller;
            return finish(new WriteTx(h, now, state.now(), state.version() + 1, RANDOM.nextLong()), work);
        }));
    }

    /// Makes an organisation: the work inserts its row, and no other write can see it before the commit.
    public <T> T found(Caller caller, Function<WriteTx, T> work) {
        return withPlace(handle -> handle.inTransaction(h -> {
            var now = new Tx(h).query("SELECT clock_timestamp() AS now").one(row -> row.instant("now"));
            return finish(new WriteTx(h, caller, now, 1, RANDOM.nextLong()), work);
        }));
    }

    private record State(long version, Instant now) {}

    private static <T> T finish(WriteTx tx, Function<WriteTx, T> work) {
        T result = work.apply(tx);
        if (tx.changed()) {
            tx.update("UPDATE orgs SET version = ?, stamp = ?, written_at = ? WHERE id = ?",
                tx.version(), tx.stamp(), tx.now(), tx.org());
        }
        return result;
    }

    /// Changes columns that have no version (delivery state, last use): no lock, no audit entry.
    public <T> T note(Function<NoteTx, T> work) {
        return withPlace(handle -> handle.inTransaction(h -> work.apply(new NoteTx(h))));
    }

    private <T> T withPlace(Function<Handle, T> work) {
        try {
            if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new Refused(new Unavailable(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(new Unavailable(1));
        }
        try {
            return onConnection(work);
        } finally {
            places.release();
        }
    }

    private <T> T onConnection(Function<Handle, T> work) {
        try {
            try {
                return jdbi.withHandle(work::apply);
            } catch (JdbiException e) {
                // After a migration on another node a prepared statement may have become stale. Nothing was committed.
                if (!"0A000".equals(sqlState(e))) {
                    throw e;
                }
                pool.getHikariPoolMXBean().softEvictConnections();
                return jdbi.withHandle(work::apply);
            }
        } catch (JdbiException e) {
            throw busy(e) ? unavailable(e) : e;
        }
    }

    private static Refused unavailable(JdbiException e) {
        LOG.warn("the database is away or busy: {}", e.getMessage());
        return new Refused(new Unavailable(1));
    }

    /// Lock and statement time-outs, and connections that cannot be had or break.
    private static boolean busy(JdbiException e) {
        if (e instanceof ConnectionException || e.getCause() instanceof SQLTransientConnectionException) {
            return true;
        }
        var state = sqlState(e);
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")
            || state.equals("55P03") || state.equals("57014") || state.equals("25P03") || state.equals("25006");
    }

    private static String sqlState(Throwable e) {
        for (var cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }

    @Override
    public void close() {
        pool.close();
    }
}
