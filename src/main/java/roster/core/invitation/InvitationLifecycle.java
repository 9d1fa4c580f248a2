package roster.core.invitation;

import java.util.List;
import java.util.Map;
import roster.base.db.Database;
import roster.base.db.TimeRepair;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.org.OrgConfigs;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Invitation;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Conflict;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// What can be done with an invitation after it was sent: sending it again, and cancelling it.
///
/// A cancelled invitation is shown only in lists and on the page of its link; everywhere else it does not exist.
public final class InvitationLifecycle {
    private static final NotFound USER_NOT_FOUND = new NotFound("user not found");

    /// Invitations that one write cancels: some milliseconds.
    private static final int CANCELLED_AT_ONCE = 500;

    private final Database db;
    private final AuditLog audit;
    private final Users users;
    private final OrgConfigs configs;
    private final Invitations invitations;
    private final InvitationLinks links;

    public InvitationLifecycle(Database db, AuditLog audit, Users users, OrgConfigs configs, Invitations invitations,
        InvitationLinks links) {
        this.db = db;
        this.audit = audit;
        this.users = users;
        this.configs = configs;
        this.invitations = invitations;
        this.links = links;
    }

    /// Sends an invitation again, expired or not: a new e-mail with a new link, valid as long as that of a new invitation.
    /// The links of earlier e-mails stop working.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], also if it was cancelled; with [Conflict] if its user is disabled, has joined, or
    ///     has another address now; with LimitReached after too many invitations
    public Invitation resend(WriteTx tx, String id) {
        var found = invitations.named(tx, tx.org(), id);
        var old = found.invitation();
        switch (found.state()) {
            case OPEN, EXPIRED -> {
            }
            case USED -> throw used(id);
            case USER_DISABLED -> throw conflict("User %s is disabled".formatted(old.user()));
            case OTHER_ADDRESS, CANCELLED ->
                throw conflict("User %s has another address than invitation %s".formatted(old.user(), id));
            case ORG_DISABLED -> throw new Refused(new BadKeys());
        }
        configs.mustLetInvite(tx);
        links.admit(tx, 1);
        var expiresAt = tx.now().plus(invitations.life(tx, tx.org()));
        tx.update("""
            UPDATE invitations SET generation = generation + 1, expires_at = ?, version = ? WHERE org_id = ? AND id = ?
            """, expiresAt, tx.version(), tx.org(), old.id());
        var renewed = invitations.find(tx, tx.org(), old.id()).orElseThrow();
        links.send(tx, renewed);
        audit.record(tx, "invitation.resent", Invitations.subject(renewed),
            Change.between(old.facts(), renewed.facts()));
        return renewed;
    }

    /// Cancels an invitation, also of a disabled user, who could accept it once enabled again.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], also if it was cancelled before; with [Conflict] if its user has joined or it
    ///     has expired
    public void cancel(WriteTx tx, String id) {
        var invitation = invitations.named(tx, tx.org(), id).invitation();
        if (invitation.acceptedAt().isPresent() || user(tx, invitation).verified()) {
            throw used(id);
        }
        if (!invitation.expiresAt().isAfter(tx.now())) {
            throw conflict("Invitation %s has expired".formatted(id));
        }
        tx.update("UPDATE invitations SET cancelled_at = ?, version = ? WHERE org_id = ? AND id = ?", tx.now(),
            tx.version(), tx.org(), invitation.id());
        invitations.cancelled(tx, List.of(invitation));
    }

    /// Cancels all invitations of a user that can still be accepted, or could once they are enabled again. No-op if there
    /// is none.
    ///
    /// Each write cancels some, so that other writes of the organisation get their turns in between. If the node dies
    /// meanwhile, those that are left stay as they were.
    ///
    /// @param userId as it was sent
    /// @throws Refused with [NotFound]; or as any write, with the invitations of earlier writes cancelled
    public void cancelAllOf(Caller caller, String userId) {
        while (db.write(caller, tx -> invitations.cancelOpen(tx, named(tx, userId), CANCELLED_AT_ONCE))
            == CANCELLED_AT_ONCE) {
            // and the next ones
        }
    }

    /// Ends invitations that were sent while the clock of the database was ahead when they would end if they were sent now.
    int repairTimes(WriteTx tx) {
        var end = tx.now().plus(invitations.life(tx, tx.org()));
        var late = tx.query("SELECT " + Invitations.COLUMNS + """
             FROM invitations i
             WHERE i.org_id = ? AND i.expires_at > ? AND i.accepted_at IS NULL AND i.cancelled_at IS NULL
               AND EXISTS (SELECT 1 FROM audit_entries a
                            WHERE a.org_id = i.org_id AND a.version = i.version AND a.at > ?)
             ORDER BY i.id LIMIT ?
            """, tx.org(), end, tx.now(), TimeRepair.AT_ONCE).list(Invitations::invitation);
        for (var invitation : late) {
            tx.later("UPDATE invitations SET expires_at = ?, version = ? WHERE org_id = ? AND id = ?", end,
                tx.version(),
                tx.org(), invitation.id());
            audit.record(tx, "invitation.expiry_repaired", Invitations.subject(invitation),
                new Change(Map.of("expires_at", invitation.expiresAt().toString()),
                    Map.of("expires_at", end.toString())));
        }
        return late.size();
    }

    private User named(WriteTx tx, String userId) {
        return Id.parse(userId).flatMap(id -> users.find(tx, tx.org(), new User.Id(id)))
            .orElseThrow(() -> new Refused(USER_NOT_FOUND));
    }

    private User user(WriteTx tx, Invitation invitation) {
        return users.find(tx, tx.org(), invitation.user()).orElseThrow();
    }

    private static Refused used(String id) {
        return conflict("Invitation %s has been used".formatted(id));
    }

    private static Refused conflict(String text) {
        return new Refused(new Conflict(text));
    }
}
