package roster.door.api.invitations;

import static roster.model.Permission.USER_ACCESS_INVITE;

import java.util.Optional;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.invitation.Invitations;
import roster.core.mail.Deliveries;
import roster.core.mail.Delivery;
import roster.model.Invitation;

/// `/api/v2/roster/invitations/…`: the delivery of invitation e-mails. An addition of Roster to the contract.
public final class DeliveryApi {
    private static final String TYPE = "invitation_deliveries";

    private final Database db;
    private final Invitations invitations;
    private final Deliveries deliveries;

    public DeliveryApi(Database db, Invitations invitations, Deliveries deliveries) {
        this.db = db;
        this.invitations = invitations;
        this.deliveries = deliveries;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/roster/invitations/{invitation_id}/delivery", USER_ACCESS_INVITE, this::read);
        routes.post("/api/v2/roster/invitations/{invitation_id}/bounce", USER_ACCESS_INVITE, this::bounce);
    }

    private Response read(Request request) {
        var org = request.caller().org();
        return db.read(tx -> {
            var invitation = invitations.named(tx, org, request.pathText("invitation_id")).invitation();
            return Document.of(resource(invitation, deliveries.of(tx, org, Invitations.LETTER, invitation.id())));
        }).answer(200);
    }

    private Response bounce(Request request) {
        var sent = RequestDocument.resource(request, TYPE);
        var reason = sent.object("attributes").text("reason");
        sent.done();
        var named = request.pathText("invitation_id");
        return db.write(request.caller(), tx -> {
            var delivery = deliveries.bounced(tx, Invitations.LETTER, named, reason);
            return Document.of(resource(delivery.subject(), Optional.of(delivery))).answer(200);
        });
    }

    private static Resource resource(Invitation invitation, Optional<Delivery> delivery) {
        return resource(invitation.id().value(), delivery);
    }

    /// `none`: the user was Active, and no e-mail was sent.
    private static Resource resource(UUID invitation, Optional<Delivery> delivery) {
        return new Resource(TYPE, invitation)
            .with("state", delivery.map(found -> found.state().text()).orElse("none"))
            .with("reason", delivery.flatMap(Delivery::why))
            .with("recipient", delivery.map(Delivery::recipient))
            .with("attempts", delivery.map(Delivery::attempts).orElse(0))
            .with("letter_id", delivery.map(found -> found.letter().toString()))
            .with("queued_at", delivery.map(Delivery::queuedAt))
            .with("next_attempt_at", delivery.flatMap(Delivery::nextAttemptAt))
            .with("sent_at", delivery.flatMap(Delivery::sentAt));
    }
}
