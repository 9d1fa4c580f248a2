package roster.door.api.keys;

import static roster.model.Permission.API_KEYS_DELETE;
import static roster.model.Permission.API_KEYS_READ;
import static roster.model.Permission.API_KEYS_WRITE;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.http.Query;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Json;
import roster.base.jsonapi.Document;
import roster.base.jsonapi.PageParameters;
import roster.base.jsonapi.RequestDocument;
import roster.base.jsonapi.RequestObject;
import roster.base.jsonapi.Resource;
import roster.base.jsonapi.Sorting;
import roster.core.key.ApiKeys;
import roster.core.key.ApiKeys.ApiKey;
import roster.model.Org;
import roster.model.Problem.BadParameter;
import roster.model.Problem.Mismatch;
import roster.model.Refused;
import roster.model.User;

/// `/api/v2/api_keys`: the API keys of the caller's organisation, with their secrets where the contract shows them.
public final class ApiKeyApi {
    private static final int PAGE_MAX = 100;
    /// In the words of the live API.
    private static final String LAST_USED =
        "Timestamp of when this key was last used in the past ninety (90) days, null if no recent usage";

    private static final List<String> INCLUDABLE = List.of("created_by", "modified_by");

    private final Database db;
    private final ApiKeys keys;
    private final KeyOwners owners;

    public ApiKeyApi(Database db, ApiKeys keys, KeyOwners owners) {
        this.db = db;
        this.keys = keys;
        this.owners = owners;
    }

    public void addTo(Routes routes) {
        routes.get("/api/v2/api_keys", API_KEYS_READ, this::list);
        routes.fresh().post("/api/v2/api_keys", API_KEYS_WRITE, this::create);
        routes.fresh().get("/api/v2/api_keys/{api_key_id}", API_KEYS_READ, this::read);
        routes.patch("/api/v2/api_keys/{api_key_id}", API_KEYS_WRITE, this::update);
        routes.delete("/api/v2/api_keys/{api_key_id}", API_KEYS_DELETE, this::delete);
    }

    private Response list(Request request) {
        var query = request.query();
        var org = request.caller().org();
        var paging = PageParameters.paging(query, PAGE_MAX);
        var sort = Sorting.of(query, ApiKeys.Sort.values(), "name");
        var filter = new ApiKeys.Filter(query.first("filter"), KeyParameters.span(query, "created_at"),
            KeyParameters.span(query, "modified_at"), query.first("filter[category]"), flag(query));
        var include = KeyParameters.include(query, INCLUDABLE);
        return db.read(tx -> {
            var page = keys.list(tx, org, filter, sort.by(), sort.descending(), paging);
            return Document.of(page.items().stream().map(ApiKeyApi::resource).toList())
                .including(people(tx, org, page.items(), include))
                .count("total_filtered_count", page.filtered()).meta("max_allowed", ApiKeys.PER_ORG_MAX);
        }).answer(200);
    }

    private static Optional<Boolean> flag(Query query) {
        var name = "filter[remote_config_read_enabled]";
        return query.first(name).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refused(new BadParameter(name));
        });
    }

    private List<Resource> people(Tx tx, Org.Id org, List<ApiKey> some, List<String> include) {
        var ids = new LinkedHashSet<User.Id>();
        for (var key : some) {
            if (include.contains("created_by")) {
                key.createdBy().ifPresent(ids::add);
            }
            if (include.contains("modified_by")) {
                key.modifiedBy().ifPresent(ids::add);
            }
        }
        return owners.resources(tx, org, ids);
    }

    private Response create(Request request) {
        var sent = RequestDocument.resource(request, "api_keys");
        var wish = edit(sent);
        sent.done();
        return Document.of(opened(db.write(request.caller(), tx -> keys.issue(tx, wish)))).answer(201);
    }

    private static ApiKeys.Edit edit(RequestObject sent) {
        var attributes = sent.object("attributes");
        return new ApiKeys.Edit(attributes.text("name"), attributes.optionalText("category"),
            attributes.flagIfSent("remote_config_read_enabled"));
    }

    private Response read(Request request) {
        var org = request.caller().org();
        var include = KeyParameters.include(request.query(), INCLUDABLE);
        return db.write(request.caller(), tx -> {
            var key = keys.show(tx, request.pathText("api_key_id"));
            return Document.of(opened(key)).including(people(tx, org, List.of(key.key()), include));
        }).answer(200);
    }

    private Response update(Request request) {
        var id = request.pathText("api_key_id");
        var sent = RequestDocument.resource(request, "api_keys");
        var sentId = sent.text("id");
        var edit = edit(sent);
        sent.done();
        RequestDocument.mustAgree(sentId, id, Mismatch.IDS);
        return Document.of(opened(db.write(request.caller(), tx -> keys.update(tx, id, edit)))).answer(200);
    }

    private Response delete(Request request) {
        db.write(request.caller(), tx -> {
            keys.revoke(tx, request.pathText("api_key_id"));
            return null;
        });
        return Response.noContent();
    }

    private static Resource opened(ApiKeys.Opened opened) {
        return resource(opened.key()).with("key", opened.secret());
    }

    private static Resource resource(ApiKey key) {
        var resource = new Resource("api_keys", key.id())
            .with("created_at", key.createdAt())
            .with("last4", key.last4())
            .with("modified_at", key.modifiedAt())
            .with("remote_config_read_enabled", key.remoteConfigRead())
            .with("category", key.category())
            .with("name", key.name())
            .with("date_last_used", key.lastUsedAt())
            .with("used_in_last_24_hours", key.usedLately())
            .with("last_used_date", Json.members("timestamp", key.recentUse(), "description", LAST_USED));
        by(resource, "created_by", key.createdBy());
        by(resource, "modified_by", key.modifiedBy());
        return resource.toNone("leak_information");
    }

    private static void by(Resource resource, String relationship, Optional<User.Id> user) {
        user.ifPresentOrElse(id -> resource.toOne(relationship, "users", id), () -> resource.toNone(relationship));
    }
}
