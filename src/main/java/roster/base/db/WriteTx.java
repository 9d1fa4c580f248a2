package roster.base.db;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;

/// A transaction that holds the lock of one organisation, and with it the right to change its rows.
///
/// Every row it touches is stamped with [#version()]; every change records an audit entry, which marks the transaction
/// as [#changed()]. A write that changed nothing leaves the organisation's version alone.
public final class WriteTx extends Tx {
    /// In characters: the database is at work on some while the next are written out.
    private static final int COPIED_AT_ONCE = 64 << 10;

    /// So many rows are worth a journey of their own.
    private static final int COPIED_FROM = 8;

    private final Caller caller;
    private Instant now;
    private final long version;
    private final long stamp;
    private final List<Runnable> afterwards = new ArrayList<>();
    private int entries;
    private boolean accessChanged;
    private TrailEnd trailEnd;

    /// @param tx has the lock
    WriteTx(Tx tx, Caller caller, Instant now, long version, long stamp, TrailEnd trailEnd) {
        super(tx);
        this.caller = caller;
        this.now = now;
        this.version = version;
        this.stamp = stamp;
        this.trailEnd = trailEnd;
    }

    /// Who acts, with what he holds as of now: looked at under the lock.
    public Caller caller() {
        return caller;
    }

    public Org.Id org() {
        return caller.org();
    }

    /// The time of this write, by the database's clock, in microseconds; after the times of all earlier writes that
    /// changed something, so that they tell writes apart.
    public Instant now() {
        return now;
    }

    /// Takes the time on, where one write makes many rows that must not share a moment: a walk by time is told them apart.
    public void passed(Duration time) {
        now = now.plus(time);
    }

    /// The number of this write within the organisation.
    public long version() {
        return version;
    }

    /// Random; tells two histories apart that reached the same version.
    public long stamp() {
        return stamp;
    }

    /// @return how many rows were touched
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

    /// Has plans made anew, those of foreign keys included: for a write of many rows. PostgreSQL keeps a plan until it has
    /// counted the table again, and one made while the table was empty would go through all who have come since.
    public void planAnew() {
        execute("DISCARD PLANS");
    }

    /// Adds many rows, several times as fast as by [#update].
    ///
    /// @param sql a `COPY … FROM STDIN` that names the table and its columns
    /// @param row a value for each column: as for [Tx], without lists
    public <T> void copy(String sql, Collection<T> rows, Function<T, List<?>> row) {
        flush();
        try {
            var copy = handle().getConnection().unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
            try {
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
                if (copy.isActive()) {
                    copy.cancelCopy(); // else the connection would wait for more rows
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

    /// The same for a statement whose outcome nobody looks at: it goes to PostgreSQL with the next one, or with the end
    /// of the write, and spares a journey. Statements still run in the order in which they were given, so that each
    /// sees what those before it did.
    @Override
    public void later(String sql, Object... values) {
        super.later(sql, values);
    }

    /// Leaves word that a row is no more, for those who remember it.
    public void gone(String kind, Id id) {
        gone(kind, id.value());
    }

    /// Once is enough: a user may lose several roles in one write.
    public void gone(String kind, UUID id) {
        later("INSERT INTO gone (org_id, version, kind, id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", org(),
            version, kind, id);
    }

    /// Runs something once the write is on disk, as waking whoever carries on with it. It is not part of the write: a
    /// node that dies in between never runs it.
    public void afterCommit(Runnable work) {
        afterwards.add(work);
    }

    List<Runnable> afterwards() {
        return afterwards;
    }

    /// Number of the next audit entry within this write, from 1.
    ///
    /// @param accessStays whether what it tells of leaves everybody with the keys and permissions that he had
    public int nextEntry(boolean accessStays) {
        accessChanged |= !accessStays;
        return ++entries;
    }

    /// Where the organisation's audit trail ends by now.
    public TrailEnd trailEnd() {
        return trailEnd;
    }

    /// Notes that another entry was sealed.
    public void trailEndsWith(TrailEnd last) {
        trailEnd = last;
    }

    /// Whether somebody's keys or permissions may be others now.
    boolean accessChanged() {
        return accessChanged;
    }

    boolean changed() {
        return entries > 0;
    }
}
