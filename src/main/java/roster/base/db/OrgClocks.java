package roster.base.db;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.model.Org;

/// Which organisations are ahead: their latest write has a time that the clock of the database has not reached, because that
/// clock was ahead when they were written, and was set back since.
///
/// The times of an organisation's writes increase, so that lists by time stay in order, as long as they are less than
/// [#AHEAD_MAX] ahead. Beyond it, they are those of the clock: what expires, is due or is counted in a period must not wait
/// until the clock has caught up.
public final class OrgClocks {
    /// How far the clocks of the database and of a node may be apart: for readiness, and before times are repaired.
    public static final Duration APART_MAX = Duration.ofSeconds(2);

    /// What corrections of a clock that is kept right come to.
    static final Duration AHEAD_MAX = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(OrgClocks.class);

    /// Organisations that were logged, and are still ahead.
    private final Set<Org.Id> logged = ConcurrentHashMap.newKeySet();

    /// No organisation that this node knows of was written later. Before the first look it knows of none.
    private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.MAX);

    /// Whether an organisation is ahead.
    ///
    /// @param written when it was written last
    /// @param now by the clock of the database
    public static boolean isAhead(Instant written, Instant now) {
        return written.isAfter(now.plus(AHEAD_MAX));
    }

    /// The same. If it is, the log says it once.
    ///
    /// @param written when it was written last
    /// @param now by the clock of the database
    boolean isAhead(Org.Id org, Instant written, Instant now) {
        if (!isAhead(written, now)) {
            logged.remove(org);
            return false;
        }
        if (logged.add(org)) {
            LOG.atWarn().addKeyValue("org", org).addKeyValue("seconds", Duration.between(now, written).toSeconds())
                .log("an organization was written while the clock of the database was ahead; this node is not ready "
                    + "until `roster org repair-clock` has repaired its times, or the clock has caught up");
        }
        return true;
    }

    /// A write was committed.
    void wrote(Instant written) {
        latest.accumulateAndGet(written, (old, now) -> now.isAfter(old) ? now : old);
    }

    /// The organisations that are ahead, the one that is furthest first; at most 100. Asks the database only if this node has
    /// not looked yet, or wrote one of them.
    ///
    /// @param now by the clock of the database
    public List<Org.Id> ahead(Tx tx, Instant now) {
        var known = latest.get();
        if (!isAhead(known, now)) {
            return List.of();
        }
        var found = tx.query("""
            SELECT id, written_at FROM orgs WHERE written_at > ?::timestamptz + ? * interval '1 second'
             ORDER BY written_at DESC LIMIT 100
            """, now, AHEAD_MAX.toSeconds()).list(row -> {
            var org = new Org.Id(row.uuid("id"));
            isAhead(org, row.instant("written_at"), now);
            return org;
        });
        if (found.isEmpty()) {
            latest.compareAndSet(known, now);
        }
        return found;
    }
}
