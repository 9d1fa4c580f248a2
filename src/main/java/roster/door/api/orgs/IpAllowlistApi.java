package roster.door.api.orgs;

import static roster.model.Permission.ORG_MANAGEMENT;

import java.util.Map;
import roster.base.db.Database;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.RequestObject;
import roster.base.jsonapi.Resource;
import roster.core.org.IpAllowlists;
import roster.model.Org;

/// `/api/v2/ip_allowlist` of the caller's organisation.
public final class IpAllowlistApi {
    private static final String PATH = "/api/v2/ip_allowlist";

    private final Database db;
    private final IpAllowlists allowlists;

    public IpAllowlistApi(Database db, IpAllowlists allowlists) {
        this.db = db;
        this.allowlists = allowlists;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, ORG_MANAGEMENT, this::read);
        routes.fresh().patch(PATH, ORG_MANAGEMENT, this::update);
    }

    private Response read(Request request) {
        var org = request.caller().org();
        return answer(org, db.read(tx -> allowlists.find(tx, org)));
    }

    private Response update(Request request) {
        var sent = RequestDocument.resource(request, "ip_allowlist");
        var attributes = sent.optionalObject("attributes");
        var enabled = attributes.flagIfSent("enabled");
        var wishes = attributes.objectsIfSent("entries").map(list -> list.stream().map(IpAllowlistApi::wish).toList());
        sent.done();
        return answer(request.caller().org(),
            db.write(request.caller(), tx -> allowlists.update(tx, enabled, wishes)));
    }

    private static IpAllowlists.Wish wish(RequestObject entry) {
        var attributes = entry.object("data").object("attributes");
        return new IpAllowlists.Wish(attributes.text("cidr_block"),
            attributes.checked("note", attributes.optionalText("note"), IpAllowlists::noteFault));
    }

    private static Response answer(Org.Id org, IpAllowlists.Allowlist allowlist) {
        return Document.of(new Resource("ip_allowlist", org)
            .with("enabled", allowlist.enabled())
            .with("entries", allowlist.entries().stream().map(entry -> Map.of("data",
                new Resource("ip_allowlist_entry", entry.id())
                    .with("note", entry.note())
                    .with("created_at", entry.createdAt())
                    .with("modified_at", entry.modifiedAt())
                    .with("cidr_block", entry.block().toString())))
                .toList()))
            .answer(200);
    }
}
