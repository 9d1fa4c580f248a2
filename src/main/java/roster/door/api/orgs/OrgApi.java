package roster.door.api.orgs;

import static roster.model.Permission.ORG_MANAGEMENT;

import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.org.Orgs;
import roster.door.api.shared.OrgResources;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.Invalid;
import roster.model.Refused;
import roster.model.Text;

/// `/api/v2/org`: the caller's organisation. None manages others.
public final class OrgApi {
    private final Database db;
    private final Orgs orgs;

    public OrgApi(Database db, Orgs orgs) {
        this.db = db;
        this.orgs = orgs;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/org", Needs.Simple.KEYS, this::list);
        routes.post("/api/v2/org/disable", ORG_MANAGEMENT, this::disable);
    }

    private Response list(Request request) {
        var own = db.read(tx -> orgs.find(tx, request.caller().org())).orElseThrow();
        var managed = request.query().first("filter[name]").map(Text::folded)
            .filter(wanted -> !Text.folded(own.name()).contains(wanted)).isPresent() ? List.<Org.Id>of()
                : List.of(own.id());
        return Document.of(new Resource("managed_orgs", own.id())
            .toOne("current_org", "orgs", own.id())
            .toMany("managed_orgs", "orgs", managed))
            .including(List.of(OrgResources.resource(own))).answer(200);
    }

    private Response disable(Request request) {
        var sent = RequestDocument.resource(request, "customer_org_disable");
        var attributes = sent.optionalObject("attributes");
        var own = request.caller().org();
        var named = attributes.checked("org_uuid", attributes.optionalText("org_uuid"), OrgApi::noUuid);
        sent.done();
        if (named.flatMap(Id::parse).filter(id -> !id.equals(own.value())).isPresent()) {
            throw new Refused(new Invalid("org_uuid", "Not your own organization."));
        }
        db.write(request.caller(), tx -> orgs.setDisabled(tx, true));
        return Document.of(new Resource("org_disable", own).with("status", "disabled")).answer(200);
    }

    private static Optional<String> noUuid(String text) {
        return Id.parse(text).isPresent() ? Optional.empty() : Optional.of("Not a valid UUID.");
    }
}
