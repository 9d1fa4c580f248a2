package roster.door.scim;

import java.util.List;
import java.util.Map;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.base.scim.ResourceType;
import roster.base.scim.Schema;
import roster.base.scim.Schemas;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// What this server can do, and what its resources are made of. Open to everyone, and never paged: parameters of lists count
/// for nothing.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-4">RFC 7644, 4</a>
final class Discovery {
    private static final String CONFIG = "/ServiceProviderConfig";
    private static final String TYPES = "/ResourceTypes";
    private static final String SCHEMAS = "/Schemas";

    private static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
    private static final String BEARER_TOKENS = "https://www.rfc-editor.org/info/rfc6750";
    private static final String DOCUMENTATION = "/docs";

    private static final ScimError FILTERED = new ScimError(403, "Discovery endpoints cannot be filtered");

    void addTo(ScimRoutes routes) {
        add(routes, CONFIG, call -> call.answer(200, config(call)));
        add(routes, TYPES, call -> list(call, ResourceType.ALL.stream().map(type -> shown(call, type)).toList()));
        add(routes, TYPES + "/{name}", Discovery::type);
        add(routes, SCHEMAS, call -> list(call, Schemas.ALL.stream().map(schema -> shown(call, schema)).toList()));
        add(routes, SCHEMAS + "/{urn}", Discovery::schema);
    }

    /// A filter is refused, since a client could take the whole list for what matches it.
    private static void add(ScimRoutes routes, String path, ScimRoutes.Handler handler) {
        routes.add("GET", path, Needs.Simple.KEYS_IF_SENT,
            call -> call.request().query().names().contains("filter") ? call.answer(FILTERED) : handler.handle(call));
    }

    private static Response list(Call call, List<Map<String, Object>> resources) {
        return call.answer(200,
            Json.members("schemas", List.of(LIST), "totalResults", resources.size(), "startIndex", 1,
                "itemsPerPage", resources.size(), "Resources", resources));
    }

    private static Response type(Call call) {
        var name = call.request().pathText("name");
        return call.answer(200, ResourceType.ALL.stream().filter(type -> type.name().equals(name)).findFirst()
            .map(type -> shown(call, type)).orElseThrow(() -> unknown("ResourceType", name)));
    }

    private static Response schema(Call call) {
        var urn = call.request().pathText("urn");
        return call.answer(200, Schemas.find(urn).map(schema -> shown(call, schema))
            .orElseThrow(() -> unknown("Schema", urn)));
    }

    private static Refused unknown(String kind, String id) {
        return new Refused(new NotFound("%s %s not found".formatted(kind, id)));
    }

    private static Map<String, Object> shown(Call call, ResourceType type) {
        return located(call, type.json(), Schemas.RESOURCE_TYPE, TYPES + "/" + type.name());
    }

    private static Map<String, Object> shown(Call call, Schema schema) {
        return located(call, schema.json(), Schemas.SCHEMA, SCHEMAS + "/" + schema.id());
    }

    private static Map<String, Object> located(Call call, Map<String, Object> resource, Schema of, String path) {
        resource.put("meta", Json.members("resourceType", of.name(), "location", call.location(path)));
        return resource;
    }

    private static Map<String, Object> config(Call call) {
        return located(call, Json.members("schemas", List.of(Schemas.SERVICE_PROVIDER_CONFIG.id()),
            "documentationUri", call.publicUrl().reference(DOCUMENTATION),
            "patch", supported(true),
            "bulk", Json.members("supported", true, "maxOperations", Bounds.OPERATIONS, "maxPayloadSize",
                Bounds.LARGE_BODY),
            "filter", Json.members("supported", true, "maxResults", Bounds.PAGE),
            "changePassword", supported(false),
            "sort", supported(true),
            "etag", supported(true),
            "pagination", Json.members("cursor", true, "index", true, "defaultPaginationMethod", "index",
                "defaultPageSize", Bounds.USUAL_PAGE, "maxPageSize", Bounds.PAGE),
            "authenticationSchemes", List.of(Json.members("type", "oauthbearertoken", "name", "Bearer token",
                "description", "An access token or an application key, sent as Authorization: Bearer",
                "specUri", BEARER_TOKENS, "primary", true))),
            Schemas.SERVICE_PROVIDER_CONFIG, CONFIG);
    }

    private static Map<String, Object> supported(boolean yes) {
        return Json.members("supported", yes);
    }
}
