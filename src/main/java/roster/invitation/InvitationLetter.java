package roster.invitation;

import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import roster.db.Tx;
import roster.http.Page;
import roster.mail.Letter;
import roster.mail.LetterSource;
import roster.model.Invitation;
import roster.model.Invitation.State;
import roster.model.Org;
import roster.org.Orgs;
import roster.user.Users;

/// The letter of an invitation, written when it is sent: the only moment at which its link exists.
public final class InvitationLetter implements LetterSource {
    /// What the HTML part needs.
    public record Shown(Offer offer, String link) {}

    private final Invitations invitations;
    private final Orgs orgs;
    private final Users users;
    private final Supplier<URI> publicUrl;

    /// @param publicUrl what the link begins with; a path in it is kept
    public InvitationLetter(Invitations invitations, Orgs orgs, Users users, Supplier<URI> publicUrl) {
        this.invitations = invitations;
        this.orgs = orgs;
        this.users = users;
        this.publicUrl = publicUrl;
    }

    /// Nothing if the invitation can no longer be accepted.
    @Override
    public Optional<Letter> letter(Tx tx, Org.Id org, UUID subject) {
        return invitations.standing(tx, org, new Invitation.Id(subject))
            .filter(standing -> standing.state() == State.OPEN)
            .map(standing -> {
                var link = InvitationPages.link(publicUrl.get(), invitations.token(tx, standing.invitation()));
                return letter(Offer.of(tx, standing.invitation(), orgs, users), link);
            });
    }

    private static Letter letter(Offer offer, String link) {
        var text = """
            %s has invited you to join %s.

            To accept, open this link and press the button:

            %s

            The invitation is for %s. It works once, until
            %s.

            If you did not expect it, ignore this letter: nothing happens
            until you accept.
            """.formatted(offer.inviter(), offer.org(), link, offer.email(), offer.expires());
        return new Letter("Invitation to join " + offer.org(), text,
            Page.rendered("invitation/letter.jte", new Shown(offer, link)));
    }
}
