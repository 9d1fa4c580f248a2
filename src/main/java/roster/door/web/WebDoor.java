package roster.door.web;

import java.util.Optional;
import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.base.net.PublicUrl;
import roster.core.Kernel;
import roster.core.invitation.InvitationFeature;
import roster.core.mail.MailFeature;
import roster.core.org.OrgFeature;
import roster.core.session.SessionFeature;
import roster.core.user.UserFeature;

/// Pages for people.
public final class WebDoor implements Feature {
    private final PublicUrl publicUrl;
    private final InvitationPages invitations;
    private final Optional<Mailbox> mailbox;

    /// @param mailboxToken of the page that shows e-mails on a local trial; none: there is no such page
    public WebDoor(Kernel kernel, InvitationFeature invitation, MailFeature mail, OrgFeature org, UserFeature user,
        SessionFeature session, Optional<String> mailboxToken) {
        publicUrl = kernel.publicUrl();
        invitations = new InvitationPages(kernel.db(), invitation.invitations, invitation.reinviteRequests,
            session.passwords, org.orgs, user.users, publicUrl);
        mailbox = mailboxToken.map(token -> new Mailbox(kernel.db(), mail.outbox, invitation.emails(), token));
    }

    @Override
    public void addTo(Routes routes) {
        invitations.addTo(routes);
        new Docs(publicUrl).addTo(routes);
        mailbox.ifPresent(box -> box.addTo(routes));
    }

    /// The path of the mailbox, token included; none where e-mails are sent, or the public URL is set.
    public Optional<String> mailboxPath() {
        return mailbox.map(Mailbox::path);
    }
}
