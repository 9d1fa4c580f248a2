package roster.core.audit;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import roster.base.db.Tx;
import roster.model.Org;

/// The part of the audit trail that tells how settings of an organisation came to be as they are.
public final class TrailOfSettings {
    private TrailOfSettings() {}

    /// The latest entries about some subjects, these first.
    public static List<TrailEntry> latest(Tx tx, Org.Id org, Collection<UUID> subjects, int most) {
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e" + TrailEntry.USERS + """
             WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ANY (?::uuid[])
             ORDER BY e.version DESC, e.entry DESC
             LIMIT ?
            """, org, List.copyOf(subjects), most).list(TrailEntry::of);
    }

    /// What one write changed of some subjects, in its order; nothing if it did not.
    public static List<TrailEntry> of(Tx tx, Org.Id org, Collection<UUID> subjects, long version) {
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e" + TrailEntry.USERS + """
             WHERE e.org_id = ? AND e.version = ? AND COALESCE(e.about, e.subject_id) = ANY (?::uuid[])
             ORDER BY e.entry
            """, org, version, List.copyOf(subjects)).list(TrailEntry::of);
    }
}
