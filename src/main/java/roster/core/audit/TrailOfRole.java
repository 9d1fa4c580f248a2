package roster.core.audit;

import java.util.List;
import roster.base.db.Tx;
import roster.model.Org;
import roster.model.Role;

/// The part of the audit trail that tells how a role came to be as it is. Who got it is told of them.
public final class TrailOfRole {
    private TrailOfRole() {}

    /// The latest entries, these first.
    public static List<TrailEntry> list(Tx tx, Org.Id org, Role.Id role, int most) {
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e" + TrailEntry.USERS + """
             WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ?
             ORDER BY e.version DESC, e.entry DESC
             LIMIT ?
            """, org, role, most).list(TrailEntry::of);
    }
}
