package roster.core.invitation;

import java.util.Optional;
import roster.base.db.Tx;
import roster.base.html.HtmlPage;
import roster.core.mail.Letter;
import roster.core.mail.LetterSource;
import roster.core.mail.Outbox.Queued;
import roster.core.org.Orgs;
import roster.core.user.Users;
import roster.model.Invitation;
import roster.model.User;

/// The e-mail that tells an inviter that a user asks for a new invitation. It has no link: the inviter signs in and acts
/// as themselves.
public final class ReinviteEmail implements LetterSource {
    /// What the HTML part needs.
    ///
    /// @param email the address that the old invitation went to
    /// @param now the user's address, if it has changed since
    /// @param sent when the old one was made, for people
    public record Shown(String org, String email, Optional<String> now, String sent, String user) {}

    private final Invitations invitations;
    private final ReinviteRequests requests;
    private final Orgs orgs;
    private final Users users;

    public ReinviteEmail(Invitations invitations, ReinviteRequests requests, Orgs orgs, Users users) {
        this.invitations = invitations;
        this.requests = requests;
        this.orgs = orgs;
        this.users = users;
    }

    /// Pointless if a new invitation was sent meanwhile, the user can no longer be invited, or the inviter has another
    /// address now: it is not known who reads the old one.
    @Override
    public Draft draft(Tx tx, Queued queued) {
        return invitations.standing(tx, queued.org(), new Invitation.Id(queued.subject()))
            .filter(standing -> requests.inviter(tx, standing.invitation())
                .filter(inviter -> inviter.email().equals(queued.recipient())).isPresent())
            .filter(standing -> switch (requests.chance(tx, standing)) {
                case POSSIBLE, ASKED, TOO_MANY -> true;
                case NEWER, NO_INVITER, POINTLESS -> false;
            })
            .<Draft>map(standing -> new Draft.Written(letter(shown(tx, standing.invitation()))))
            .orElseGet(Draft.Pointless::new);
    }

    private Shown shown(Tx tx, Invitation invitation) {
        var org = InvitationSummary.named(orgs.find(tx, invitation.org()).orElseThrow());
        var now = users.find(tx, invitation.org(), invitation.user()).map(User::email)
            .filter(email -> !email.equals(invitation.email()));
        return new Shown(org, invitation.email(), now, InvitationSummary.time(invitation.createdAt()),
            invitation.user().toString());
    }

    private static Letter letter(Shown shown) {
        var text = """
            %s asks for a new invitation to join
            %s.

            The invitation you sent on
            %s
            can no longer be accepted.%s

            If they should still join, send another invitation to user
            %s.

            If not, you can ignore this e-mail.
            """.formatted(shown.email(), shown.org(), shown.sent(),
            shown.now().map("\n\nThe user's address is now %s."::formatted).orElse(""), shown.user());
        return new Letter(shown.email() + " asks for a new invitation to " + shown.org(), text,
            HtmlPage.rendered("invitation/request.jte", shown));
    }
}
