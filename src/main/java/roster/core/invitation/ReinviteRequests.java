package roster.core.invitation;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.mail.Outbox;
import roster.core.user.Users;
import roster.model.Invitation;
import roster.model.User;
import roster.model.User.Status;

/// Requests for a new invitation, when one can no longer be accepted: the rules, and the SQL of the `invitation_requests`
/// table. The inviter is sent an e-mail, once for each link.
public final class ReinviteRequests {
    /// The kind of e-mails about such requests in the outbox.
    public static final String LETTER = "invitation_request";

    /// How many such e-mails one inviter gets in an hour.
    public static final int AN_HOUR_MAX = 20;

    /// How long Roster tries to send such an e-mail.
    private static final Duration LIFE = Duration.ofHours(48);

    /// Whether a new invitation can be asked for.
    public enum Chance {
        /// The inviter can be asked.
        POSSIBLE,
        /// The inviter was asked already, by this link.
        ASKED,
        /// The user has another invitation, which is open.
        NEWER,
        /// It came from the command line, or its inviter is no longer an Active person.
        NO_INVITER,
        /// The inviter was asked [#AN_HOUR_MAX] times in the last hour.
        TOO_MANY,
        /// It is open, or a new one could not be accepted either.
        POINTLESS
    }

    private final AuditLog audit;
    private final Invitations invitations;
    private final Users users;
    private final Outbox outbox;

    public ReinviteRequests(AuditLog audit, Invitations invitations, Users users, Outbox outbox) {
        this.audit = audit;
        this.invitations = invitations;
        this.users = users;
        this.outbox = outbox;
    }

    public Chance chance(Tx tx, Invitations.Standing standing) {
        return chanceLater(tx, standing).get();
    }

    /// The same, whose first question is asked with the statement that follows.
    public Supplier<Chance> chanceLater(Tx tx, Invitations.Standing standing) {
        var inviter = inviterLater(tx, standing.invitation());
        return () -> chance(tx, standing, inviter);
    }

    private Chance chance(Tx tx, Invitations.Standing standing, Supplier<Optional<User>> asked) {
        var invitation = standing.invitation();
        var lapsed = switch (standing.state()) {
            case EXPIRED, CANCELLED, OTHER_ADDRESS -> true;
            case OPEN, USED, USER_DISABLED, ORG_DISABLED -> false;
        };
        if (lapsed && newerIsOpen(tx, invitation)) {
            return Chance.NEWER;
        }
        var inviter = asked.get();
        if (inviter.isEmpty()) {
            return Chance.NO_INVITER;
        }
        if (!lapsed) {
            return Chance.POINTLESS;
        }
        var already = tx.query("""
            SELECT 1 FROM invitation_requests WHERE org_id = ? AND invitation_id = ? AND generation = ?
            """, invitation.org(), invitation.id(), invitation.generation()).any();
        if (already) {
            return Chance.ASKED;
        }
        long lately = tx.query("""
            SELECT count(*) AS n FROM invitation_requests
             WHERE org_id = ? AND inviter_id = ? AND asked_at > roster_now() - interval '1 hour'
               AND asked_at <= roster_now()
            """, invitation.org(), inviter.get().id()).one(row -> row.number("n"));
        return lately < AN_HOUR_MAX ? Chance.POSSIBLE : Chance.TOO_MANY;
    }

    /// Asks for a new invitation in place of the one of a link, if that is possible: the inviter is sent an e-mail.
    ///
    /// @return what was found: `POSSIBLE` if the inviter is asked now; else nothing has changed
    public Chance ask(WriteTx tx, String token) {
        var found = invitations.withToken(tx, token).filter(standing -> standing.invitation().org().equals(tx.org()));
        if (found.isEmpty()) {
            return Chance.NEWER; // sent again meanwhile, under another link
        }
        var chance = chance(tx, found.get());
        if (chance == Chance.POSSIBLE) {
            var invitation = found.get().invitation();
            ask(tx, invitation, inviter(tx, invitation).orElseThrow());
        }
        return chance;
    }

    private void ask(WriteTx tx, Invitation invitation, User inviter) {
        tx.update("""
            INSERT INTO invitation_requests (org_id, invitation_id, generation, inviter_id, asked_at, version)
            VALUES (?, ?, ?, ?, ?, ?)
            """, tx.org(), invitation.id(), invitation.generation(), inviter.id(), tx.now(), tx.version());
        outbox.enqueue(tx, LETTER,
            new Outbox.New(invitation.id(), inviter.id(), inviter.email(), tx.now().plus(LIFE)));
        audit.record(tx, "invitation.requested", Invitations.subject(invitation),
            new Change(Map.of(), Map.of("asked", inviter.id().toString())));
    }

    /// Who sent an invitation, if they are still an Active person.
    Optional<User> inviter(Tx tx, Invitation invitation) {
        return inviterLater(tx, invitation).get();
    }

    private Supplier<Optional<User>> inviterLater(Tx tx, Invitation invitation) {
        var found = invitation.inviter().map(id -> users.findLater(tx, invitation.org(), id));
        return () -> found.flatMap(Supplier::get)
            .filter(user -> user.status() == Status.ACTIVE && !user.serviceAccount());
    }

    private boolean newerIsOpen(Tx tx, Invitation invitation) {
        return tx.query("""
            SELECT 1 FROM invitations i JOIN users u ON u.org_id = i.org_id AND u.id = i.user_id
             WHERE i.org_id = ? AND i.user_id = ? AND i.id <> ? AND i.email = u.email
               AND i.accepted_at IS NULL AND i.cancelled_at IS NULL AND i.expires_at > roster_now()
             LIMIT 1
            """, invitation.org(), invitation.user(), invitation.id()).any();
    }
}
