package roster.door.api.users;

import static roster.model.Permission.AUDIT_LOGS_READ;

import java.util.LinkedHashMap;
import java.util.Map;
import roster.base.db.Database;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Times;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.Resource;
import roster.core.user.History;
import roster.model.Problem.BadParameter;
import roster.model.Refused;

/// `/api/v2/roster/users/…`, not in the contract: a user as they were at a past moment, and why they hold a permission.
public final class HistoryApi {
    private static final String PATH = "/api/v2/roster/users/{user_id}";

    private final Database db;
    private final History history;

    public HistoryApi(Database db, History history) {
        this.db = db;
        this.history = history;
    }

    public void addTo(Routes routes) {
        routes.get(PATH, AUDIT_LOGS_READ, this::asOf);
        routes.get(PATH + "/permissions/{permission}", AUDIT_LOGS_READ, this::explain);
    }

    private Response asOf(Request request) {
        var moment = request.query().first("as_of").flatMap(Times::parse)
            .orElseThrow(() -> new Refused(new BadParameter("as_of")));
        var then = db.read(tx -> history.asOf(tx, request.caller().org(), request.pathText("user_id"), moment));
        var shown = new Resource("users", then.id());
        then.facts().forEach(shown::with);
        shown.with("as_of", moment).with("changed", cause(then.last()));
        shown.toManyIds("roles", "roles", then.roles().stream().toList());
        return Document.of(shown).answer(200);
    }

    private Response explain(Request request) {
        var reasons = db.read(tx -> history.explain(tx, request.caller().org(), request.pathText("user_id"),
            request.pathText("permission")));
        return Document.of(new Resource("permission_reasons", reasons.user().id())
            .with("permission", reasons.permission().name())
            .with("held", reasons.held())
            .with("user_status", reasons.user().status().text())
            .with("everyone", reasons.everyone())
            .with("roles", reasons.roles().stream().map(HistoryApi::reason).toList())).answer(200);
    }

    private static Map<String, Object> reason(History.Reason reason) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("id", reason.role().id());
        shown.put("name", reason.role().name());
        shown.put("managed", reason.role().managed().isPresent());
        shown.put("member_since", reason.membership().map(HistoryApi::cause));
        shown.put("granted", reason.grant().map(HistoryApi::cause));
        return shown;
    }

    private static Map<String, Object> cause(History.Cause cause) {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("at", cause.at());
        shown.put("by", cause.byName());
        shown.put("by_id", cause.by());
        shown.put("request_id", cause.requestId());
        return shown;
    }
}
