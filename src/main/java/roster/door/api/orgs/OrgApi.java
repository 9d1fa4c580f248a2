package roster.door.api.orgs;

import static roster.model.Permission.ORG_MANAGEMENT;

import java.util.Optional;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.org.ChildOrgs;
import roster.core.org.Orgs;
import roster.door.api.shared.OrgResources;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.Invalid;
import roster.model.Refused;
import roster.model.Text;

/// `/api/v2/org`: the caller's organisation, and those that it made.
public final class OrgApi {
    private final Database db;
    private final Orgs orgs;
    private final ChildOrgs children;

    public OrgApi(Database db, Orgs orgs, ChildOrgs children) {
        this.db = db;
        this.orgs = orgs;
        this.children = children;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/org", Needs.Simple.KEYS, this::list);
        routes.post("/api/v2/org/disable", ORG_MANAGEMENT, this::disable);
    }

    private Response list(Request request) {
        var own = request.caller().org();
        var all = db.read(tx -> Stream.concat(orgs.find(tx, own).stream(), children.of(tx, own).stream()).toList());
        var named = request.query().first("filter[name]").map(Text::folded);
        var managed = all.stream()
            .filter(org -> named.isEmpty() || Text.folded(org.name()).contains(named.get())).toList();
        return Document.of(new Resource("managed_orgs", own)
            .toOne("current_org", "orgs", own)
            .toMany("managed_orgs", "orgs", managed.stream().map(Org::id).toList()))
            .including(all.stream().filter(org -> org.id().equals(own) || managed.contains(org))
                .map(OrgResources::resource).toList())
            .answer(200);
    }

    private Response disable(Request request) {
        var sent = RequestDocument.resource(request, "customer_org_disable");
        var attributes = sent.optionalObject("attributes");
        var named = attributes.checked("org_uuid", attributes.optionalText("org_uuid"), OrgApi::noUuid);
        sent.done();
        var own = request.caller().org();
        var org = named.flatMap(Id::parse).map(Org.Id::new).orElse(own);
        if (org.equals(own)) {
            db.write(request.caller(), tx -> orgs.setDisabled(tx, true));
        } else {
            disableChild(request.caller(), org);
        }
        return Document.of(new Resource("org_disable", org).with("status", "disabled")).answer(200);
    }

    /// The parent's entry comes first, in a write that admits the caller; the child is disabled in a write of its own. Where
    /// that fails, the request can be sent again.
    private void disableChild(Caller caller, Org.Id child) {
        if (db.write(caller, tx -> children.disabling(tx, child)).isEmpty()) {
            throw new Refused(new Invalid("org_uuid", "Not your own organization."));
        }
        db.write(Caller.parent(child, caller), tx -> orgs.setDisabled(tx, true));
    }

    private static Optional<String> noUuid(String text) {
        return Id.parse(text).isPresent() ? Optional.empty() : Optional.of("Not a valid UUID.");
    }
}
