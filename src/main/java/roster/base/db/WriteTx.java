package roster.base.db;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import roster.base.source.Randomness;
import roster.base.source.Sources;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;
import roster.model.Refused;

/// A transaction that holds the lock of one organisation, and with it the right to change its rows.
///
/// Every row it touches is stamped with [#version()]; every change records an audit entry, which marks the transaction
/// as [#changed()]. A write that changed nothing leaves the organisation's version alone.
public final class WriteTx extends Tx {
    /// In characters: the database works on one part while the next is formatted.
    private static final int COPIED_AT_ONCE = 64 << 10;

    /// So many rows are worth a journey of their own.
    private static final int COPIED_FROM = 8;

    private final Caller caller;
    private Instant now;
    private final long version;
    private final Sources sources;
    private final long stamp;
    private final List<Runnable> afterwards = new ArrayList<>();
    private int entries;
    private AccessChange accessChange = AccessChange.NONE;
    private final Set<UUID> usersAccess = new HashSet<>(); // apart, as one write may change thousands
    private TrailEnd trailEnd;
    private boolean timesRepaired;

    /// @param tx has the lock
    WriteTx(Tx tx, Caller caller, Instant now, long version, Sources sources, TrailEnd trailEnd) {
        super(tx);
        this.caller = caller;
        this.now = now;
        this.version = version;
        this.sources = sources;
        this.stamp = sources.randomness().number();
        this.trailEnd = trailEnd;
    }

    /// The caller, with their current permissions, checked under the lock.
    public Caller caller() {
        return caller;
    }

    public Org.Id org() {
        return caller.org();
    }

    /// The time of this write, by the database's clock, in microseconds. It is later than the times of all earlier writes
    /// that changed something, so that lists by time are in order, unless the organisation is ahead, see [OrgClocks]. The order
    /// of writes is that of their versions.
    public Instant now() {
        return now;
    }

    /// Advances the time after a write created many rows, whose times must differ: lists are paged by time.
    public void passed(Duration time) {
        now = now.plus(time);
    }

    /// For a new row.
    public UUID newId() {
        return sources.ids().next();
    }

    /// For new secrets, and for what must not be guessed.
    public Randomness randomness() {
        return sources.randomness();
    }

    /// The number of this write within the organisation.
    public long version() {
        return version;
    }

    /// A random number: after a failover or restore, another write may have made the same version.
    public long stamp() {
        return stamp;
    }

    /// @return the number of affected rows
    public int update(String sql, Object... values) {
        return execute(sql, values);
    }

    /// Adds a row. It goes to PostgreSQL with the next statement, as after [#later].
    public <T> void insert(Insert<T> insert, T row) {
        later(insert.sql(), insert.values(this, row).toArray());
    }

    /// Adds rows: a few as by [#insert], many by `COPY`, which is several times as fast.
    public <T> void insertAll(Insert<T> insert, Collection<T> rows) {
        if (rows.size() < COPIED_FROM) {
            rows.forEach(row -> insert(insert, row));
        } else {
            copy(insert.copySql(), rows, row -> insert.values(this, row));
        }
    }

    /// Discards cached plans, those of foreign keys included, before a write of many rows. PostgreSQL keeps a plan until it
    /// analyses the table again, and a plan made while the table was empty would scan all rows added since.
    public void planAnew() {
        execute("DISCARD PLANS");
    }

    private <T> void copy(String sql, Collection<T> rows, Function<T, List<?>> row) {
        flush();
        try {
            var copy = handle().getConnection().unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
            try {
                copying(true);
                var text = new CopyText();
                for (var each : rows) {
                    text.add(row.apply(each));
                    if (text.length() > COPIED_AT_ONCE) {
                        send(copy, text);
                    }
                }
                send(copy, text);
                copy.endCopy();
            } finally {
                copying(false);
                if (copy.isActive()) {
                    copy.cancelCopy(); // otherwise the connection would wait for more rows
                }
            }
        } catch (SQLException e) {
            throw new UnableToExecuteStatementException(e, null);
        }
    }

    private static void send(CopyIn copy, CopyText text) throws SQLException {
        var bytes = text.taken();
        copy.writeToCopy(bytes, 0, bytes.length);
    }

    /// The same for a statement whose result is not needed. It is sent with the next one, or at the end of the write, which
    /// saves a round trip. Statements still run in order, so that each sees the effects of those before it.
    @Override
    public void later(String sql, Object... values) {
        super.later(sql, values);
    }

    /// Records that a row was deleted, for caches that have it.
    public void gone(String kind, Id id) {
        gone(kind, id.value());
    }

    /// The same. Recording it twice in one write has no effect.
    public void gone(String kind, UUID id) {
        later("INSERT INTO gone (org_id, version, kind, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", org(),
            version, kind, id);
    }

    /// The same for many rows, in one statement.
    public void gone(String kind, Collection<UUID> ids) {
        later("""
            INSERT INTO gone (org_id, version, kind, id) SELECT ?, ?, ?, id FROM unnest(?::uuid[]) AS id
            ON CONFLICT DO NOTHING
            """, org(), version, kind, ids);
    }

    /// Creates another organisation within this write: the work inserts its row, which no other write can see before the
    /// commit. Neither is committed without the other.
    ///
    /// @param founder a caller of the new organisation
    public <T> T createOrg(Caller founder, Function<WriteTx, T> work) {
        flush();
        var tx = new WriteTx(this, founder, now, 1, sources, TrailEnd.NONE);
        var result = tx.firstWrite(work);
        afterwards.addAll(tx.afterwards);
        return result;
    }

    /// Does the work of a new organisation's first write, and stores its version.
    <T> T firstWrite(Function<WriteTx, T> work) {
        T result = work.apply(this);
        if (changed()) {
            later("""
                UPDATE orgs
                   SET version = ?, stamp = ?, written_at = ?, trail_version = ?, trail_entry = ?, trail_seal = ?
                 WHERE id = ?
                """, version, stamp, now, trailEnd.version(), trailEnd.entry(), trailEnd.seal(), org());
        }
        flush();
        return result;
    }

    /// Does a part of this write, or nothing of it: what fails in it is taken back, and the write can go on. Two round trips
    /// more than without.
    ///
    /// @throws Refused as the part does, which has left nothing then
    public <T> T attempt(Supplier<T> part) {
        flush();
        var before = new Part(now, entries, accessChange, Set.copyOf(usersAccess), trailEnd, afterwards.size());
        later("SAVEPOINT part");
        try {
            var result = part.get();
            later("RELEASE SAVEPOINT part");
            flush();
            return result;
        } catch (RuntimeException | Error e) {
            if (!SqlFailures.isBroken(e)) {
                takeBack(before);
            }
            throw e;
        }
    }

    /// Where a part began.
    private record Part(Instant now, int entries, AccessChange accessChange, Set<UUID> users, TrailEnd trailEnd,
        int afterwards) {}

    private void takeBack(Part part) {
        if (!forget().contains("SAVEPOINT part")) {
            later("ROLLBACK TO SAVEPOINT part");
            later("RELEASE SAVEPOINT part");
            flush();
        }
        now = part.now();
        entries = part.entries();
        accessChange = part.accessChange();
        usersAccess.clear();
        usersAccess.addAll(part.users());
        trailEnd = part.trailEnd();
        afterwards.subList(part.afterwards(), afterwards.size()).clear();
    }

    /// Runs something after the commit, for example to wake a worker. It is not part of the write: it never runs if the node
    /// dies in between.
    public void afterCommit(Runnable work) {
        afterwards.add(work);
    }

    List<Runnable> afterwards() {
        return afterwards;
    }

    /// Number of the next audit entry within this write, from 1.
    ///
    /// @param change whose keys or permissions it may have changed
    public int nextEntry(AccessChange change) {
        if (change.everyone()) {
            accessChange = accessChange.and(change);
        } else {
            usersAccess.addAll(change.users());
        }
        return ++entries;
    }

    /// The current end of the organisation's audit trail.
    public TrailEnd trailEnd() {
        return trailEnd;
    }

    /// Notes that another entry was sealed.
    public void trailEndsWith(TrailEnd last) {
        trailEnd = last;
    }

    /// Whose keys or permissions may have changed.
    AccessChange accessChange() {
        return accessChange.and(new AccessChange(false, Set.copyOf(usersAccess)));
    }

    /// Notes that no time of the organisation is later than this write any more, see [OrgClocks].
    public void noteTimesRepaired() {
        timesRepaired = true;
    }

    boolean timesAreRepaired() {
        return timesRepaired;
    }

    boolean changed() {
        return entries > 0;
    }
}
