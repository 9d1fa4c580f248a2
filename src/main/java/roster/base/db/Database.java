package roster.base.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.fair.FairPlaces;
import roster.base.fair.Turns;
import roster.base.net.ShownUrl;
import roster.base.source.Sources;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// Transactions on PostgreSQL. Reads use one snapshot. Writes of one organisation run one after the other, on any node, and
/// each has its own version number.
public final class Database implements AutoCloseable {
    /// How to connect to PostgreSQL. The text form has no password.
    public record Address(String jdbcUrl, Optional<String> user, Optional<String> password) {
        /// Its hosts and its database have no `@` and no second slash, and neither they nor its user another separator: the
        /// driver would take a password after one for part of them, and tell it in its own messages, as PostgreSQL does.
        private static final String PLACE = "(?:(?!%3B|%26|%3D|%23)[^/?@;&=#])*";
        private static final String PARAMETER = "(?:(?!user=)[^&]*|user=(?:(?!%3B|%23)[^&;#])*)";
        private static final Pattern FORM = Pattern.compile("(?i)jdbc:postgresql:(//" + PLACE + "/?|/)?" + PLACE
            + "(\\?" + PARAMETER + "(&" + PARAMETER + ")*)?");

        /// Whether the driver can read the URL.
        public boolean wellFormed() {
            return FORM.matcher(jdbcUrl).matches() && Driver.parseURL(jdbcUrl, null) != null;
        }

        @Override
        public String toString() {
            return ShownUrl.of(jdbcUrl);
        }
    }

    /// Checks a caller again, under the lock, if their organisation changed since the Gate admitted them.
    @FunctionalInterface
    public interface Admission {
        /// @return the caller with their current permissions
        /// @throws Refused if a key is gone, they are disabled, or they lost a permission that the request needs
        Caller again(Tx tx, Caller caller);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /// Connections of a node. PostgreSQL works best with few; other threads wait for one, their organisations in turn.
    private static final int CONNECTIONS = 16;

    /// With those that [OrgVersions] has of its own.
    static final int CONNECTIONS_OF_NODE = CONNECTIONS + OrgVersions.CONNECTIONS;

    /// How many of them long reads may use, and how many searches.
    private static final int LONG_READS = 4;
    private static final int SEARCHES = 4;

    private static final Duration SEARCH = Duration.ofSeconds(2);

    /// How many of them an organisation, or a client that has none, gets while others ask: with more, others would wait for
    /// the processors of the database.
    private static final int OF_ONE_BESIDE_OTHERS = Math.max(3, Runtime.getRuntime().availableProcessors());

    /// The longest wait for a connection, before a request is answered with 503.
    private static final Duration WAIT = Duration.ofSeconds(5);

    /// Requests of one organisation that may wait for a connection, for a long read, or for a search.
    private static final int WAITING_MAX = 1000;
    private static final int LONG_WAITING_MAX = 200;

    /// Driver properties of every connection.
    static final Map<String, String> CONNECTION_PROPERTIES = Map.of("prepareThreshold", "1", "ApplicationName",
        "roster", "tcpKeepAlive", "true", "connectTimeout", "5", "socketTimeout", "30");

    /// A frozen client must not hold an organisation's lock, or wait for one, for long. And plans must not depend on
    /// statistics: until the next `ANALYZE`, a new organisation beside a large one counts as empty, and a plan made for its
    /// parameters would scan all of its users instead of looking one up.
    static final String CONNECTION_SETTINGS = """
        SET lock_timeout = '2s'; SET statement_timeout = '5s';
        SET idle_in_transaction_session_timeout = '5s'; SET TimeZone = 'UTC';
        SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;
        SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off
        """;

    private final ConnectionSource source;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Sources sources;

    // The pool alone is unfair with many threads, and knows no organisations.
    private final FairPlaces places =
        new FairPlaces(CONNECTIONS, CONNECTIONS, OF_ONE_BESIDE_OTHERS, WAITING_MAX, WAIT);
    private final FairPlaces longReads = new FairPlaces(LONG_READS, LONG_WAITING_MAX, WAIT);
    private final FairPlaces searches = new FairPlaces(SEARCHES, LONG_WAITING_MAX, WAIT);
    private final OrgVersions versions;
    private final SameAccess access = new SameAccess();
    private final OrgClocks clocks = new OrgClocks();
    private final WriteQueues queues = new WriteQueues(this);
    private volatile Admission admission = (tx, caller) -> caller;

    private Database(Address address, ConnectionSource source, HikariDataSource pool, boolean onlyWriter,
        Sources sources) {
        this.sources = sources;
        this.source = source;
        this.pool = pool;
        this.jdbi = Jdbi.create(pool);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine(TemplateEngine.NOP).setSqlParser(new PlainSql());
        this.versions = new OrgVersions(address, onlyWriter, access);
    }

    /// Opens the pool; connections are made when first needed, or by [#openAll].
    ///
    /// @param onlyWriter whether only this object writes to the database, as with the embedded server: its connections are
    ///     not replaced while they work, because other programs of the machine may use up the places for new ones
    public static Database open(Address address, boolean onlyWriter, Sources sources) {
        var config = new HikariConfig();
        var source = new ConnectionSource(address);
        config.setPoolName("roster");
        config.setDataSource(source);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(WAIT.toMillis());
        config.setAutoCommit(true);
        if (onlyWriter) {
            config.setMaxLifetime(0);
        }
        config.setConnectionInitSql(CONNECTION_SETTINGS);
        return new Database(address, source, new HikariDataSource(config), onlyWriter, sources);
    }

    /// Opens all connections, and keeps them open from now on. Those that cannot be had are tried again when they are needed.
    public void openAll() {
        var missing = source.openAhead(CONNECTIONS - load().connections());
        missing.ifPresent(e -> LOG.warn("not all connections to the database could be opened: {}", e.getMessage()));
        pool.getHikariConfigMXBean().setMinimumIdle(CONNECTIONS);
        try {
            versions.openAll();
        } catch (Refused e) {
            LOG.warn("the connections for versions could not be opened: {}", e.getMessage());
        }
    }

    /// Sets what checks callers again under the lock. To be called once, before the first request.
    public void admission(Admission admission) {
        this.admission = admission;
    }

    /// The load of the pool.
    ///
    /// @param connections open
    /// @param busy connections in use
    /// @param waiting threads that wait for a connection
    public record Load(int connections, int busy, int waiting) {}

    public Load load() {
        var inside = pool.getHikariPoolMXBean();
        return inside == null ? new Load(0, 0, 0)
            : new Load(inside.getTotalConnections() + source.ahead(), inside.getActiveConnections(),
                places.waiting());
    }

    /// Where writes take ids and random numbers from.
    public Sources sources() {
        return sources;
    }

    public OrgVersions versions() {
        return versions;
    }

    public OrgClocks clocks() {
        return clocks;
    }

    /// For migrations and start-up checks only.
    DataSource dataSource() {
        return pool;
    }

    /// Reads from one snapshot.
    public <T> T read(Function<Tx, T> work) {
        return withPlace(handle -> handle.inTransaction(h -> {
            var tx = new Tx(h);
            tx.later("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            return work.apply(tx);
        }));
    }

    /// The same for reads of much of a large organisation, with plans for its size. The database may take up to 25 s for
    /// each answer; a long result read with [Tx.Rows#each] comes in many answers. Without any answer for 30 s the connection
    /// is closed.
    ///
    /// Few of these run at a time, fewer still of one organisation, so that connections are left for writes and short reads.
    ///
    /// @throws Refused with [Unavailable] if it could not begin within 5 s, or 10 s if all connections are busy too; or at
    ///     once if 200 of the organisation wait already
    public <T> T readLong(Function<Tx, T> work) {
        return longReads.in(() -> read(tx -> {
            tx.later("SET LOCAL statement_timeout = '25s'");
            return work.apply(plannedForSize(tx));
        }));
    }

    /// The same for searches, whose cost their callers choose. They have places of their own, so that nothing else waits
    /// behind them, and the database may take up to 2 s for each answer.
    ///
    /// @throws Refused with [Unavailable] as [#readLong], and if it took longer
    public <T> T search(Function<Tx, T> work) {
        return search(SEARCH, work);
    }

    /// The same with another time for each answer.
    public <T> T search(Duration most, Function<Tx, T> work) {
        return searches.in(() -> read(tx -> {
            tx.later("SET LOCAL statement_timeout = " + most.toMillis());
            return work.apply(plannedForSize(tx));
        }));
    }

    private static Tx plannedForSize(Tx tx) {
        tx.later("SET LOCAL plan_cache_mode = auto");
        tx.later("SET LOCAL enable_seqscan = on");
        return tx;
    }

    /// Changes rows of the caller's organisation, in one transaction that is on disk when this returns.
    ///
    /// The first statement only locks the organisation's row, so that rules read everything after the wait. If the
    /// organisation changed since the caller was admitted, the caller is checked again before the rule runs.
    ///
    /// @throws Refused with [Unavailable] if the lock was not free within 2 s
    public <T> T write(Caller caller, Function<WriteTx, T> work) {
        return queues.run(caller, work);
    }

    /// Does what [#write] does, by the same rules and with the same refusals, and takes all of it back: no row, no version, no
    /// audit entry and no e-mail stays, and what was registered with [WriteTx#afterCommit] does not run. No other write is
    /// in its transaction. Writes that wait meanwhile come before the next rehearsal.
    ///
    /// @param work returns what it found; at most so much that it ends within 200 ms, as writes wait for it
    /// @throws Refused as the write would be; with [Unavailable] also if it took longer than 1.5 s, or if 20 of the
    ///     organisation wait already
    public <T> T rehearse(Caller caller, Function<WriteTx, T> work) {
        return queues.rehearse(caller, work);
    }

    /// The number of writes of an organisation that run or wait on this node, rehearsed ones included.
    public int writesWaiting(Org.Id org) {
        return queues.length(org);
    }

    /// Whether a caller has the same access at this state of their organisation as when they were looked up. False also if
    /// this node cannot tell: then they must be looked up again.
    public boolean keepsAccess(Caller caller, OrgVersions.State now) {
        return access.keeps(caller, now);
    }

    /// The caller with their current access, under the lock.
    ///
    /// @param now by the clock of the database
    /// @throws Refused if it ended meanwhile
    Caller admitted(Tx tx, Caller caller, SameAccess.Course course, Instant now) {
        if (caller.hasExpired(now)) {
            throw new Refused(new BadKeys());
        }
        return !caller.hasKeys() || course.keeps(caller) ? caller : admission.again(tx, caller);
    }

    SameAccess access() {
        return access;
    }

    /// Whether the write that made this state was committed. Asks under the lock, as its commit may still be running.
    boolean happened(Org.Id org, OrgVersions.State state) {
        return places.in(org, () -> onConnection(handle -> handle.inTransaction(h -> {
            var tx = new Tx(h);
            tx.query("SELECT id FROM orgs WHERE id = ? FOR UPDATE", org).any();
            return tx.query("SELECT 1 FROM audit_entries WHERE org_id = ? AND version = ? AND stamp = ? LIMIT 1", org,
                state.version(), state.stamp()).any();
        })));
    }

    /// Creates an organisation: the work inserts its row, which no other write can see before the commit.
    public <T> T createOrg(Caller caller, Function<WriteTx, T> work) {
        var afterwards = new ArrayList<Runnable>();
        var written = new AtomicReference<Instant>();
        T made = withPlace(handle -> handle.inTransaction(h -> {
            var begun = new Tx(h);
            var now = begun.databaseTime();
            var tx = new WriteTx(begun, caller, now, 1, sources, TrailEnd.NONE);
            var result = tx.firstWrite(work);
            afterwards.addAll(tx.afterwards());
            written.set(tx.now());
            return result;
        }));
        clocks.wrote(written.get());
        run(afterwards);
        return made;
    }

    /// Runs what was registered with [WriteTx#afterCommit]. Failures are logged: the write is committed.
    static void run(List<Runnable> afterwards) {
        for (var work : afterwards) {
            try {
                work.run();
            } catch (Throwable e) {
                LOG.warn("after a commit", e);
            }
        }
    }

    /// Changes columns that have no version (delivery state, last use): no lock, no audit entry.
    public <T> T note(Function<NoteTx, T> work) {
        return withPlace(handle -> handle.inTransaction(h -> work.apply(new NoteTx(h))));
    }

    /// The same without waiting for the disk, for what uses something up that a write is then made by. PostgreSQL's log keeps
    /// their order, so that it is on disk before that write is answered. If none follows, a crash of the database within a
    /// second may undo it.
    ///
    /// @param work what it leaves unsent goes together with the commit
    /// @return what the work's answer is after the commit
    public <T> T noteBeforeWrite(Function<NoteTx, Supplier<T>> work) {
        return note(tx -> {
            tx.later("SET LOCAL synchronous_commit = off");
            var answer = work.apply(tx);
            tx.commit();
            return answer.get();
        });
    }

    private <T> T withPlace(Function<Handle, T> work) {
        Turns.end();
        return places.in(() -> onConnection(work));
    }

    /// Runs work for an organisation on a connection, without a second attempt.
    <T> T inPlace(Org.Id org, Function<Handle, T> work) {
        return places.in(org, () -> {
            try {
                return jdbi.withHandle(work::apply);
            } catch (JdbiException e) {
                throw SqlFailures.translated(e);
            }
        });
    }

    private <T> T onConnection(Function<Handle, T> work) {
        try {
            try {
                return jdbi.withHandle(work::apply);
            } catch (JdbiException e) {
                // After a migration on another node a prepared statement may have become stale. Nothing was committed.
                if (!"0A000".equals(SqlFailures.state(e))) {
                    throw e;
                }
                pool.getHikariPoolMXBean().softEvictConnections();
                return jdbi.withHandle(work::apply);
            }
        } catch (JdbiException e) {
            throw SqlFailures.translated(e);
        }
    }

    @Override
    public void close() {
        versions.close();
        pool.close();
        source.close();
    }
}
