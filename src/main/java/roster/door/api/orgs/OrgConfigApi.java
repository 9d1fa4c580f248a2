package roster.door.api.orgs;

import static roster.model.Permission.ORG_MANAGEMENT;

import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.Resource;
import roster.core.org.OrgConfig;
import roster.core.org.OrgConfigs;
import roster.model.Org;

/// `/api/v2/org_configs`: the settings of the caller's organisation.
public final class OrgConfigApi {
    private final Database db;
    private final OrgConfigs configs;

    public OrgConfigApi(Database db, OrgConfigs configs) {
        this.db = db;
        this.configs = configs;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/org_configs", Needs.Simple.KEYS, this::list);
        routes.get("/api/v2/org_configs/{org_config_name}", Needs.Simple.KEYS, this::read);
        routes.fresh().patch("/api/v2/org_configs/{org_config_name}", ORG_MANAGEMENT, this::update);
        routes.fresh().put("/api/v2/login/org_configs/max_session_duration", ORG_MANAGEMENT, this::limitSessions);
    }

    private Response list(Request request) {
        var org = request.caller().org();
        var all = db.read(tx -> configs.all(tx, org));
        return Document.of(all.stream().map(config -> resource(org, config)).toList()).answer(200);
    }

    private Response read(Request request) {
        var config = OrgConfigs.named(request.pathText("org_config_name"));
        var org = request.caller().org();
        return Document.of(resource(org, db.read(tx -> configs.find(tx, org, config)))).answer(200);
    }

    private Response update(Request request) {
        var sent = RequestDocument.resource(request, "org_configs");
        var value = sent.object("attributes").any("value");
        sent.done();
        var set = db.write(request.caller(),
            tx -> configs.set(tx, request.pathText("org_config_name"), value.orElseThrow()));
        return Document.of(resource(request.caller().org(), set)).answer(200);
    }

    private Response limitSessions(Request request) {
        var sent = RequestDocument.resource(request, "max_session_duration");
        var seconds = sent.object("attributes").whole("max_session_duration", 1);
        sent.done();
        db.write(request.caller(), tx -> configs.set(tx, OrgConfig.MAX_SESSION_DURATION, seconds));
        return Response.noContent();
    }

    private static Resource resource(Org.Id org, OrgConfigs.Standing set) {
        return new Resource("org_configs", set.config().id(org))
            .with("name", set.config().text())
            .with("description", set.config().description())
            .with("value_type", set.config().type().text())
            .with("value", set.value())
            .with("modified_at", set.modifiedAt());
    }
}
