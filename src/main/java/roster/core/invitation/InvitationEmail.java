package roster.core.invitation;

import roster.base.db.Tx;
import roster.base.html.HtmlPage;
import roster.base.net.PublicUrl;
import roster.core.mail.Letter;
import roster.core.mail.LetterSource;
import roster.core.mail.Outbox.Queued;
import roster.core.org.Orgs;
import roster.core.user.Users;
import roster.model.Invitation;

/// The e-mail of an invitation, written when it is sent: the only moment at which its link exists.
public final class InvitationEmail implements LetterSource {
    /// What the HTML part needs.
    public record Shown(InvitationSummary offer, String link) {}

    private final Invitations invitations;
    private final Orgs orgs;
    private final Users users;
    private final PublicUrl publicUrl;

    public InvitationEmail(Invitations invitations, Orgs orgs, Users users, PublicUrl publicUrl) {
        this.invitations = invitations;
        this.orgs = orgs;
        this.users = users;
        this.publicUrl = publicUrl;
    }

    /// Waits while the user or the organisation is disabled: once enabled, the invitation can be accepted again.
    @Override
    public Draft draft(Tx tx, Queued queued) {
        return invitations.standing(tx, queued.org(), new Invitation.Id(queued.subject()))
            .map(standing -> switch (standing.state()) {
                case OPEN -> new Draft.Written(letter(tx, standing.invitation()));
                case USER_DISABLED -> new Draft.NotYet("the user is disabled");
                case ORG_DISABLED -> new Draft.NotYet("the organization is disabled");
                case USED, CANCELLED, OTHER_ADDRESS, EXPIRED -> new Draft.Pointless();
            })
            .orElseGet(Draft.Pointless::new);
    }

    private Letter letter(Tx tx, Invitation invitation) {
        var link = publicUrl.link("/invitations/" + invitations.token(tx, invitation));
        return letter(InvitationSummary.of(tx, invitation, orgs, users), link);
    }

    private static Letter letter(InvitationSummary offer, String link) {
        var text = """
            %s %s.

            To view and accept the invitation, open this link:

            %s

            This invitation is for %s.
            It can be used once and expires on %s.

            If you did not expect this invitation, you can ignore this e-mail.
            Nothing happens until you accept.
            """.formatted(offer.invites(), offer.org(), link, offer.email(), offer.expires());
        return new Letter("Invitation to join " + offer.org(), text,
            HtmlPage.rendered("invitation/invitation.jte", new Shown(offer, link)));
    }
}
