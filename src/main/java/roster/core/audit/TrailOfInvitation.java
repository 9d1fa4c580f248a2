package roster.core.audit;

import java.util.List;
import roster.base.db.Tx;
import roster.model.Invitation;
import roster.model.Org;
import roster.model.User;

/// The part of the audit trail that tells what became of an invitation.
public final class TrailOfInvitation {
    private TrailOfInvitation() {}

    /// The latest entries, these first.
    ///
    /// @param user who is invited, about whom the entries are
    public static List<TrailEntry> list(Tx tx, Org.Id org, User.Id user, Invitation.Id invitation, int most) {
        return tx.query("SELECT " + TrailEntry.COLUMNS + " FROM audit_entries e" + TrailEntry.USERS + """
             WHERE e.org_id = ? AND COALESCE(e.about, e.subject_id) = ? AND e.subject_kind = 'invitation'
               AND e.subject_id = ?
             ORDER BY e.version DESC, e.entry DESC
             LIMIT ?
            """, org, user, invitation, most).list(TrailEntry::of);
    }
}
