package roster.core.invitation;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import roster.base.db.Insert;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.core.mail.Outbox;
import roster.core.mail.SendingLimits;
import roster.model.Invitation;
import roster.model.Org;

/// The links of invitations, and the e-mails that bring them: the SQL of the `invitation_pointers` table, and the part of
/// the outbox that is about invitations.
///
/// The token in a link is derived when it is needed and found again by its digest; no link is stored.
public final class InvitationLinks {
    private static final int TOKEN_LENGTH = 43;

    private final Secrets secrets;
    private final Outbox outbox;
    private final SendingLimits limits;
    private final Insert<Invitation> insert = Insert.of("""
        INSERT INTO invitation_pointers (digest, org_id, id, generation) VALUES (?, ?, ?, ?)
        """, (tx, invitation) -> List.of(digest(invitation), tx.org(), invitation.id(), invitation.generation()));

    public InvitationLinks(Secrets secrets, Outbox outbox, SendingLimits limits) {
        this.secrets = secrets;
        this.outbox = outbox;
        this.limits = limits;
    }

    /// The sending of an invitation that a link came with.
    record Pointer(Org.Id org, Invitation.Id id, int generation) {}

    /// What a link with this token leads to.
    ///
    /// @return none for a token that never was one
    Optional<Pointer> withToken(Tx tx, String token) {
        return token.length() != TOKEN_LENGTH ? Optional.empty()
            : tx.query("SELECT org_id, id, generation FROM invitation_pointers WHERE digest = ?", Secrets.digest(token))
                .optional(row -> new Pointer(new Org.Id(row.uuid("org_id")), new Invitation.Id(row.uuid("id")),
                    row.integer("generation")));
    }

    /// The token for an invitation's link: the one whose digest is stored, also after another secret key was put first.
    ///
    /// @throws IllegalStateException if the secret key that it was made with is no longer set
    String token(Tx tx, Invitation invitation) {
        return secrets.invitationTokens(invitation.org().value(), invitation.id().value(), invitation.generation())
            .stream()
            .filter(token -> tx.query("SELECT 1 FROM invitation_pointers WHERE digest = ?", Secrets.digest(token))
                .any())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException(
                "invitation %s was made with a secret key that is not set".formatted(invitation.id())));
    }

    /// To be asked before a write that is about to send invitations changes anything.
    ///
    /// @throws roster.model.Refused as [SendingLimits#admit] does
    void admit(WriteTx tx, int invitations) {
        limits.admit(tx, invitations);
    }

    /// Sends an e-mail with the link of the invitation's generation, which works from the commit on. An earlier e-mail
    /// that is still waiting is dropped: it would bring the same link a second time.
    void send(WriteTx tx, Invitation invitation) {
        tx.insert(insert, invitation);
        drop(tx, List.of(invitation.id()), "sent again");
        outbox.enqueue(tx, Invitations.LETTER, letter(invitation));
    }

    /// Does the same for invitations that this write has made, with a constant number of round trips.
    void sendAll(WriteTx tx, Collection<Invitation> invitations) {
        tx.insertAll(insert, invitations);
        outbox.enqueueAll(tx, Invitations.LETTER, invitations.stream().map(InvitationLinks::letter).toList());
    }

    private static Outbox.New letter(Invitation invitation) {
        return new Outbox.New(invitation.id(), invitation.user(), invitation.email(), invitation.expiresAt());
    }

    private byte[] digest(Invitation invitation) {
        return Secrets.digest(secrets.invitationTokens(invitation.org().value(), invitation.id().value(),
            invitation.generation()).getFirst());
    }

    /// Drops e-mails that have not been sent.
    ///
    /// @param why for the operator
    void drop(WriteTx tx, List<Invitation.Id> invitations, String why) {
        outbox.drop(tx, Invitations.LETTER, invitations, why);
    }

    /// Makes e-mails that wait for their next attempt due at once.
    void hasten(WriteTx tx, List<Invitation.Id> invitations) {
        outbox.hasten(tx, Invitations.LETTER, invitations);
    }
}
