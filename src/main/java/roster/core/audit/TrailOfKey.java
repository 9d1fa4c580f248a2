package roster.core.audit;

import java.util.Optional;
import roster.base.db.Tx;
import roster.model.Id;
import roster.model.Org;

/// The part of the audit trail that tells of a key or token.
public final class TrailOfKey {
    private TrailOfKey() {}

    /// The latest entry that changed it, or told of its end.
    ///
    /// @param owner none: it has none, as API keys
    public static Optional<TrailEntry> latestChange(Tx tx, Org.Id org, Id key, Optional<? extends Id> owner) {
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e" + TrailEntry.USERS + """
             WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ? AND e.subject_id = ?
               AND e.action NOT LIKE '%.accessed'
             ORDER BY e.version DESC, e.entry DESC LIMIT 1
            """, org, owner.isPresent() ? owner.get() : key, key).optional(TrailEntry::of);
    }
}
