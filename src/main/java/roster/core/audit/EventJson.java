package roster.core.audit;

import static roster.base.json.Json.members;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import roster.base.json.Json;
import roster.core.audit.AuditEvents.Event;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// Events of the audit trail as JSON objects, as the API and exports have them.
public final class EventJson {
    private static final DateTimeFormatter MILLIS =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private EventJson() {}

    public static Map<String, Object> of(Org.Id org, Event event) {
        var attributes = new LinkedHashMap<String, Object>();
        attributes.put("message", event.message());
        attributes.put("tags", List.of("source:audit"));
        attributes.put("timestamp", MILLIS.format(event.place().at()));
        attributes.put("attributes", told(org, event));
        return members("type", "audit", "id", "%d-%d".formatted(event.place().version(), event.place().entry()),
            "attributes", attributes);
    }

    private static Map<String, Object> told(Org.Id org, Event event) {
        var told = members("evt", members("name", event.name(), "actor", members("type", event.actorType())), "action",
            event.verb(), "asset", asset(event));
        var usr = members("id", event.actorId(), "email", event.actorEmail());
        event.actor().ifPresent(id -> usr.put("uuid", id));
        told.put("usr", usr);
        told.put("org", members("uuid", org));
        event.authMethod().ifPresent(method -> told.put("auth_method", method));
        event.address().ifPresent(ip -> told.put("network", members("client", members("ip", ip))));
        told.put("request_id", event.requestId());
        told.put("status", event.status());
        told.put("timestamp", event.place().at());
        return told;
    }

    private static Map<String, Object> asset(Event event) {
        var asset = members("type", event.assetType(), "id", event.assetId(), "name", event.assetName());
        event.before().ifPresent(json -> asset.put("prev_value", json(json)));
        event.after().ifPresent(json -> asset.put("new_value", json(json)));
        return asset;
    }

    private static JsonNode json(String text) {
        return Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
