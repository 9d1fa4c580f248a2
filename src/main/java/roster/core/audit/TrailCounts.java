package roster.core.audit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.core.audit.AuditEvents.Place;
import roster.model.Org;

/// How many entries there are of a time, as of the moment of a transaction. What was counted last is kept on the node, and only
/// what has changed since is counted again: what came, and what lies between the ends of the two times. Counting a million
/// takes PostgreSQL 80 ms by an index alone, and 600 before it has vacuumed them.
public final class TrailCounts {
    private static final int KEPT = 10_000;

    /// What came since is read from the table, at ten times what counting by the index takes.
    private static final int COME_MAX = 10_000;

    /// Entries from a place to one of the ends that are counted in some milliseconds.
    private static final int COUNTED_MAX = 10_000;

    private final Cache<Kind, Known> known = Caffeine.newBuilder().maximumSize(KEPT).build();

    /// Times of one length, as those of the last seven days, which move on.
    private record Kind(Org.Id org, long hours) {}

    TrailCounts() {}

    /// The last entry there was. Another history has another stamp.
    private record Last(long version, int entry, long stamp) {}

    private record Known(Instant from, Instant to, long n, Last last) {
        private boolean overlaps(Instant begin, Instant end) {
            return !begin.isAfter(to) && !from.isAfter(end);
        }
    }

    /// @param from,to both included
    long of(Tx tx, Org.Id org, Instant from, Instant to) {
        var kind = new Kind(org, Duration.between(from, to).toHours());
        var last = tx.query(
            "SELECT version, entry, stamp FROM audit_entries WHERE org_id = ? ORDER BY version DESC, entry DESC LIMIT 1",
            org).optional(TrailCounts::last);
        if (last.isEmpty()) {
            return 0;
        }
        var before = Optional.ofNullable(known.getIfPresent(kind)).filter(one -> one.overlaps(from, to));
        var n = before.flatMap(one -> since(tx, org, one, from, to)).orElseGet(() -> all(tx, org, from, to));
        known.put(kind, new Known(from, to, n, last.get()));
        return n;
    }

    /// How many of a time there are behind a place. Pages are near one of the ends of the trail, but for those to which people
    /// turned very often: so the shorter side is counted.
    ///
    /// @param all how many of the time there are
    static long newer(Tx tx, Org.Id org, Instant from, Instant to, Place place, long all) {
        var newer =
            atMost(tx, "(at, version, entry) > (?, ?, ?) AND at <= ? ORDER BY at, version, entry", org, place, to);
        if (newer <= COUNTED_MAX) {
            return newer;
        }
        var older =
            atMost(tx, "(at, version, entry) <= (?, ?, ?) AND at >= ? ORDER BY at DESC, version DESC, entry DESC",
                org, place, from);
        return older <= COUNTED_MAX ? all - older : tx.query(
            "SELECT count(*) AS n FROM audit_entries WHERE org_id = ? AND (at, version, entry) > (?, ?, ?) AND at <= ?",
            org, place.at(), place.version(), place.entry(), to).one(row -> row.number("n"));
    }

    /// Up to one more than [#COUNTED_MAX].
    private static long atMost(Tx tx, String side, Org.Id org, Place place, Instant end) {
        return tx.inOrder(() -> tx.query("SELECT count(*) AS n FROM (SELECT at FROM audit_entries WHERE org_id = ? AND "
            + side + " LIMIT ?) e", org, place.at(), place.version(), place.entry(), end, COUNTED_MAX + 1)
            .one(row -> row.number("n")));
    }

    private static Last last(Row row) {
        return new Last(row.number("version"), row.integer("entry"), row.number("stamp"));
    }

    private static long all(Tx tx, Org.Id org, Instant from, Instant to) {
        return tx
            .query("SELECT count(*) AS n FROM audit_entries WHERE org_id = ? AND at >= ? AND at <= ?", org, from, to)
            .one(row -> row.number("n"));
    }

    /// @return none if what was counted is not part of what is seen: then the history is another one, or an earlier one; and if
    ///     so much has come since that counting all takes no longer
    private static Optional<Long> since(Tx tx, Org.Id org, Known before, Instant from, Instant to) {
        var last = before.last();
        var same = tx.query("SELECT 1 FROM audit_entries WHERE org_id = ? AND version = ? AND entry = ? AND stamp = ?",
            org, last.version(), last.entry(), last.stamp()).any();
        if (!same) {
            return Optional.empty();
        }
        var begins = from.isAfter(before.from());
        var ends = to.isAfter(before.to());
        return tx.inOrder(() -> tx.query("""
            WITH come AS (
                SELECT at FROM audit_entries
                 WHERE org_id = ? AND (version, entry) > (?, ?) ORDER BY version, entry LIMIT ?)
            SELECT (SELECT count(*)
                      FROM (SELECT version, entry FROM audit_entries
                             WHERE org_id = ? AND at >= ? AND at < ? ORDER BY at, version, entry OFFSET 0) e
                     WHERE (e.version, e.entry) <= (?, ?)) AS at_begin,
                   (SELECT count(*)
                      FROM (SELECT version, entry FROM audit_entries
                             WHERE org_id = ? AND at > ? AND at <= ? ORDER BY at, version, entry OFFSET 0) e
                     WHERE (e.version, e.entry) <= (?, ?)) AS at_end,
                   (SELECT count(*) FROM come WHERE come.at >= ? AND come.at <= ?) AS come,
                   (SELECT count(*) FROM come) AS all_come
            """, org, last.version(), last.entry(), COME_MAX + 1,
            org, begins ? before.from() : from, begins ? from : before.from(), last.version(), last.entry(),
            org, ends ? before.to() : to, ends ? to : before.to(), last.version(), last.entry(), from, to)
            .one(row -> row.number("all_come") > COME_MAX ? Optional.empty()
                : Optional.of(before.n() + (begins ? -1 : 1) * row.number("at_begin")
                    + (ends ? 1 : -1) * row.number("at_end") + row.number("come"))));
    }
}
