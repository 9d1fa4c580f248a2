package roster.door.api.orgs;

import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.org.DomainAllowlists;
import roster.model.Permission;

/// `/api/v2/domain_allowlist` of the caller's organisation.
public final class DomainAllowlistApi {
    private static final String PATH = "/api/v2/domain_allowlist";

    private final Database db;
    private final DomainAllowlists allowlists;

    public DomainAllowlistApi(Database db, DomainAllowlists allowlists) {
        this.db = db;
        this.allowlists = allowlists;
    }

    public void addTo(Routes routes) {
        var any = Needs.oneOf(Permission.ORG_MANAGEMENT, new Permission("monitors_write"),
            new Permission("generate_dashboard_reports"), new Permission("generate_log_reports"),
            new Permission("manage_log_reports"));
        routes.get(PATH, any, this::read);
        routes.fresh().patch(PATH, any, this::update);
    }

    private Response read(Request request) {
        return answer(db.read(tx -> allowlists.find(tx, request.caller().org())));
    }

    private Response update(Request request) {
        var sent = RequestDocument.resource(request, "domain_allowlist");
        var attributes = sent.optionalObject("attributes");
        var enabled = attributes.flagIfSent("enabled");
        var domains = attributes.checked("domains", attributes.textsIfSent("domains"), DomainAllowlists::domainsFault);
        sent.done();
        return answer(db.write(request.caller(), tx -> allowlists.update(tx, enabled, domains)));
    }

    private static Response answer(DomainAllowlists.Allowlist allowlist) {
        return Document.of(new Resource("domain_allowlist").with("enabled", allowlist.enabled())
            .with("domains", allowlist.domains())).answer(200);
    }
}
