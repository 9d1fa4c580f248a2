package roster.door.api.invitations;

import static roster.model.Permission.USER_ACCESS_INVITE;

import java.nio.charset.StandardCharsets;
import roster.base.db.Database;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.invitation.InvitationLifecycle;
import roster.core.invitation.Invitations;
import roster.door.api.shared.Idempotency;
import roster.model.Invitation;

/// `/api/v2/user_invitations`: invites users of the caller's organisation.
public final class InvitationApi {
    /// The most invitations in one request.
    static final int ENTRIES_MAX = 100;

    private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.UTF_8);

    private final Database db;
    private final Invitations invitations;
    private final InvitationLifecycle sentInvitations;
    private final Idempotency idempotency;

    public InvitationApi(Database db, Invitations invitations, InvitationLifecycle sentInvitations,
        Idempotency idempotency) {
        this.db = db;
        this.invitations = invitations;
        this.sentInvitations = sentInvitations;
        this.idempotency = idempotency;
    }

    public void addTo(Routes routes) {
        routes.post("/api/v2/user_invitations", USER_ACCESS_INVITE, this::send);
        routes.get("/api/v2/user_invitations/{user_invitation_uuid}", USER_ACCESS_INVITE, this::read);
        routes.delete("/api/v2/users/{user_id}/invitations", USER_ACCESS_INVITE, this::cancelAll);
    }

    private Response send(Request request) {
        var entries = RequestDocument.resources(request, "user_invitations", ENTRIES_MAX);
        var userIds = entries.stream().map(entry -> entry.reference("user", "users")).toList();
        entries.getFirst().done(); // throws the faults of all
        return idempotency.once(request, tx -> invitations.send(tx, userIds),
            sent -> Document.of(sent.stream().map(InvitationApi::resource).toList()).answer(201));
    }

    private Response read(Request request) {
        var id = request.pathText("user_invitation_uuid");
        return Document.of(resource(db.read(tx -> invitations.named(tx, request.caller().org(), id)).invitation()))
            .answer(200);
    }

    private Response cancelAll(Request request) {
        sentInvitations.cancelAllOf(request.caller(), request.pathText("user_id"));
        return Response.json(200, EMPTY_OBJECT);
    }

    static Resource resource(Invitation invitation) {
        return new Resource("user_invitations", invitation.id())
            .with("uuid", invitation.id())
            .with("login_method", null)
            .with("invite_type", invitation.type().text())
            .with("created_at", invitation.createdAt())
            .with("expires_at", invitation.expiresAt())
            .toOne("user", "users", invitation.user());
    }
}
