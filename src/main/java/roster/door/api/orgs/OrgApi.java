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
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.org.ChildOrgs;
import roster.core.org.Orgs;
import roster.door.api.shared.OrgResources;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;

/// `/api/v2/org`: the caller's organisation, and those that it made.
public final class OrgApi {
    /// The most organisations of a page, and how many it has unless told otherwise.
    private static final int PAGE_MAX = 1000;

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
        routes.fresh().post("/api/v2/org/disable", ORG_MANAGEMENT, this::disable);
    }

    private record Listed(Org own, Page<Org> managed) {}

    private Response list(Request request) {
        var id = request.caller().org();
        var paging = PageParameters.paging(request.query(), PAGE_MAX, PAGE_MAX);
        var listed = db.read(tx -> new Listed(orgs.find(tx, id).orElseThrow(),
            children.managedBy(tx, id, request.query().first("filter[name]"), paging)));
        var managed = listed.managed().items();
        return Document.of(new Resource("managed_orgs", id)
            .toOne("current_org", "orgs", id)
            .toMany("managed_orgs", "orgs", managed.stream().map(Org::id).toList()))
            .including(Stream.concat(Stream.of(listed.own()), managed.stream().filter(org -> !org.id().equals(id)))
                .map(OrgResources::resource).toList())
            .count("total_count", listed.managed().total())
            .count("total_filtered_count", listed.managed().filtered())
            .count("max_page_size", PAGE_MAX)
            .answer(200);
    }

    private Response disable(Request request) {
        var sent = RequestDocument.resource(request, "customer_org_disable");
        var attributes = sent.optionalObject("attributes");
        var named = attributes.checked("org_uuid", attributes.textIfSent("org_uuid"), OrgApi::noUuid);
        sent.done();
        var org = named.flatMap(Id::parse).map(Org.Id::new).orElse(request.caller().org());
        children.disable(request.caller(), org);
        return Document.of(new Resource("org_disable", org).with("status", "disabled")).answer(200);
    }

    private static Optional<String> noUuid(String text) {
        return Id.parse(text).isPresent() ? Optional.empty() : Optional.of("Not a valid UUID.");
    }
}
