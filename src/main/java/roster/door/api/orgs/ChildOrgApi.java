package roster.door.api.orgs;

import static roster.model.Permission.ORG_MANAGEMENT;

import java.util.Map;
import java.util.Optional;
import roster.base.db.WriteTx;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Json;
import roster.base.jsonapi.RequestDocument;
import roster.core.founding.ChildFounding;
import roster.core.founding.Founding;
import roster.core.founding.Founding.Founded;
import roster.core.org.ChildOrgs;
import roster.door.api.shared.Idempotency;
import roster.door.api.shared.UserResources;
import roster.model.User;

/// `POST /api/v1/org`: an organisation for a customer of the caller's.
public final class ChildOrgApi {
    private final Idempotency idempotency;
    private final ChildFounding founding;
    private final OldOrgApi orgs;

    public ChildOrgApi(Idempotency idempotency, ChildFounding founding, OldOrgApi orgs) {
        this.idempotency = idempotency;
        this.founding = founding;
        this.orgs = orgs;
    }

    public void addTo(Routes routes) {
        routes.fresh().post("/api/v1/org", ORG_MANAGEMENT, this::create);
    }

    private Response create(Request request) {
        var sent = RequestDocument.whole(request);
        var name = sent.text("name");
        if (!name.isEmpty()) { // else it is told missing already
            sent.checked("name", Optional.of(name), ChildOrgs::nameFault);
        }
        sent.done();
        return idempotency.onceWithSecret(request, tx -> shown(tx, founding.found(tx, name)),
            body -> Response.json(200, Json.bytes(body)));
    }

    private Map<String, Object> shown(WriteTx tx, Founded founded) {
        var admin = founded.admin();
        var created = OldOrgApi.time(founded.org().createdAt());
        return Json.members("org", orgs.shown(tx, founded.org()),
            "api_key", Json.members("name", Founding.API_KEY, "created", created, "created_by", admin.handle(),
                "key", founded.apiKey().secret()),
            "application_key", Json.members("name", Founding.APPLICATION_KEY, "owner", admin.handle(), "hash",
                founded.applicationKey().secret(), "revoked", false, "org_id", founded.org().id()),
            "user", user(admin));
    }

    /// A user as the older calls have them.
    private static Map<String, Object> user(User admin) {
        return Json.members("handle", admin.handle(), "email", admin.email(), "name", admin.name(), "title",
            admin.title(), "disabled", admin.disabled(), "verified", admin.verified(), "is_admin", true, "access_role",
            "adm", "role", null, "icon", UserResources.icon(admin.email()));
    }
}
