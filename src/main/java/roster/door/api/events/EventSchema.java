package roster.door.api.events;

import static roster.base.json.Json.members;

import java.util.List;
import java.util.Map;
import roster.core.event.EventType;

/// The JSON Schema of events of a type. It only grows: a change of meaning is a new type.
final class EventSchema {
    private static final Map<String, Object> TEXT = Map.of("type", "string");
    private static final Map<String, Object> TEXT_OR_NULL = Map.of("type", List.of("string", "null"));

    private EventSchema() {}

    /// @param address where it is
    static Map<String, Object> of(EventType type, String address) {
        return members("$schema", "https://json-schema.org/draft/2020-12/schema", "$id", address, "title", type.name(),
            "description", type.description(), "type", "object", "required",
            List.of("specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema",
                "sequence",
                "data"),
            "properties",
            members("specversion", Map.of("const", "1.0"), "id", pattern("^evt_[A-Za-z0-9_-]{48}$"), "source",
                pattern("^urn:uuid:[0-9a-f-]{36}$"), "type", Map.of("const", type.name()), "subject",
                pattern("^" + type.kind().type() + "/[0-9a-f-]{36}$"), "time",
                members("type", "string", "format", "date-time"), "datacontenttype",
                Map.of("const", "application/json"),
                "dataschema", members("type", "string", "format", "uri"), "sequence",
                pattern("^[0-9]{19}\\.[0-9]{10}$"),
                "data", data(type)));
    }

    private static Map<String, Object> pattern(String pattern) {
        return members("type", "string", "pattern", pattern);
    }

    private static Map<String, Object> data(EventType type) {
        return members("type", "object", "required", List.of("actor", "request_id", "about", "changes"), "properties",
            members("actor", actor(), "request_id", TEXT, "about", TEXT_OR_NULL, "changes",
                members("type", "object", "additionalProperties",
                    members("type", "object", "required", List.of("before", "after"))),
                "erased", Map.of("const", true), "object", object(type), "object_omitted", Map.of("const", true)));
    }

    private static Map<String, Object> actor() {
        return members("type", "object", "required", List.of("kind", "id", "name"), "properties",
            members("kind", TEXT, "id", TEXT_OR_NULL, "name", TEXT, "api_key", TEXT_OR_NULL, "application_key",
                TEXT_OR_NULL,
                "access_token", TEXT_OR_NULL, "address", TEXT_OR_NULL));
    }

    private static Map<String, Object> object(EventType type) {
        return members("type", List.of("object", "null"), "required", List.of("type", "id"), "properties",
            members("type", Map.of("const", type.kind().type()), "id", TEXT, "attributes", Map.of("type", "object"),
                "relationships", Map.of("type", "object")));
    }
}
