package roster.door.api.keys;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Json;

/// The calls by which clients check their keys. The Gate has checked the keys before, so the
/// answer is always yes.
public final class ValidateApi {
    public void addTo(Routes routes) {
        routes.get("/api/v1/validate", Needs.Simple.API_KEY, request -> json(Map.of("valid", true)));
        routes.get("/api/v2/validate", Needs.Simple.API_KEY, ValidateApi::validate);
        routes.get("/api/v2/validate_keys", Needs.Simple.KEYS, request -> json(Map.of("status", "ok")));
    }

    private static Response validate(Request request) {
        var attributes = new LinkedHashMap<String, Object>();
        attributes.put("valid", true);
        attributes.put("api_key_id", request.caller().apiKey().orElseThrow());
        attributes.put("api_key_scopes", List.of());
        var data = new LinkedHashMap<String, Object>();
        data.put("type", "validate_v2");
        data.put("id", request.caller().org());
        data.put("attributes", attributes);
        return json(Map.of("data", data));
    }

    private static Response json(Object body) {
        return Response.json(200, Json.bytes(body));
    }
}
