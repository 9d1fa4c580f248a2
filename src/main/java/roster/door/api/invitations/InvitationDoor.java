package roster.door.api.invitations;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.core.Kernel;
import roster.core.access.AccessFeature;
import roster.core.invitation.InvitationFeature;
import roster.core.mail.MailFeature;
import roster.door.api.shared.Idempotency;

/// Invitations and the delivery of their e-mails.
public final class InvitationDoor implements Feature {
    private final InvitationApi invitations;
    private final InvitationLifecycleApi lifecycle;
    private final DeliveryApi deliveries;

    public InvitationDoor(Kernel kernel, AccessFeature access, InvitationFeature invitation, MailFeature mail) {
        invitations = new InvitationApi(kernel.db(), invitation.invitations, invitation.lifecycle,
            new Idempotency(kernel.db(), access.keptAnswers));
        lifecycle = new InvitationLifecycleApi(kernel.db(), invitation.lifecycle, invitation.list);
        deliveries = new DeliveryApi(kernel.db(), invitation.invitations, mail.deliveries);
    }

    @Override
    public void addTo(Routes routes) {
        invitations.addTo(routes);
        lifecycle.addTo(routes);
        deliveries.addTo(routes);
    }
}
