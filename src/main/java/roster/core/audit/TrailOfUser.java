package roster.core.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.model.Id;
import roster.model.Org;

/// The part of the audit trail that tells of a user, or of what they did.
public final class TrailOfUser {
    /// Entries are counted up to this number: one more says that there are more.
    public static final int COUNTED_MAX = 1000;

    private TrailOfUser() {}

    /// A position among entries.
    public record Place(long version, int entry) {}

    /// The latest entries first.
    ///
    /// @param before only older ones than the entry at this place
    /// @param most one more is returned if there are more
    public static List<TrailEntry> list(Tx tx, Org.Id org, Id user, Optional<Place> before, int most) {
        var about = Where.of("e.org_id = ? AND COALESCE(e.about, e.subject_id) = ?", org, user);
        var by = Where.of("e.org_id = ? AND e.actor_id = ? AND COALESCE(e.about, e.subject_id) <> ?", org, user, user);
        before.ifPresent(place -> List.of(about, by).forEach(
            where -> where.and("(e.version, e.entry) < (?, ?)", place.version(), place.entry())));
        var newest = " ORDER BY e.version DESC, e.entry DESC LIMIT " + (most + 1);
        var values = new ArrayList<Object>(about.values());
        values.addAll(by.values());
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM ((SELECT e.* FROM audit_entries e" + about.sql()
            + newest + ") UNION ALL (SELECT e.* FROM audit_entries e" + by.sql() + newest + ")) e" + TrailEntry.USERS
            + newest, values.toArray()).list(TrailEntry::of);
    }

    /// How many there are, up to [#COUNTED_MAX] and one more.
    public static long count(Tx tx, Org.Id org, Id user) {
        var most = COUNTED_MAX + 1;
        return tx.query("""
            SELECT count(*) AS n
              FROM ((SELECT 1 FROM audit_entries e WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ? LIMIT ?)
                    UNION ALL
                    (SELECT 1 FROM audit_entries e
                      WHERE e.org_id = ? AND e.actor_id = ? AND COALESCE(e.about, e.subject_id) <> ? LIMIT ?)) e
            """, org, user, most, org, user, user, most).one(row -> Math.min(most, row.number("n")));
    }

    /// The latest entry of a kind that is about a user.
    ///
    /// @param action its kind, as `sign_in.succeeded`
    public static Optional<TrailEntry> latest(Tx tx, Org.Id org, Id user, String action) {
        return latest(tx, Where.of("e.org_id = ? AND COALESCE(e.about, e.subject_id) = ? AND e.action = ?", org, user,
            action));
    }

    /// The latest entry that changed what a user is: neither a sign-in, nor about keys and invitations.
    public static Optional<TrailEntry> latestChange(Tx tx, Org.Id org, Id user) {
        return latest(tx, Where.of("""
            e.org_id = ? AND COALESCE(e.about, e.subject_id) = ?
            AND (e.action LIKE 'user.%' OR e.action IN ('role.member_added', 'role.member_removed'))""", org, user));
    }

    private static Optional<TrailEntry> latest(Tx tx, Where where) {
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e" + TrailEntry.USERS + where.sql()
            + " ORDER BY e.version DESC, e.entry DESC LIMIT 1", where.values().toArray()).optional(TrailEntry::of);
    }

    /// When the trail of an organisation begins.
    public static Instant begin(Tx tx, Org.Id org) {
        return tx.query("SELECT min(at) AS at FROM audit_entries WHERE org_id = ?", org).one(row -> row.instant("at"));
    }
}
