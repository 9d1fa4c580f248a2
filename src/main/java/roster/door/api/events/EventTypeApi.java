package roster.door.api.events;

import static roster.base.json.Json.members;
import static roster.model.Permission.AUDIT_LOGS_READ;

import java.util.Map;
import roster.base.http.Needs;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.json.Json;
import roster.core.event.EventType;
import roster.core.event.EventTypes;
import roster.model.Problem.NoSuchPath;
import roster.model.Refused;

/// The catalogue of types, and the JSON Schema of each.
final class EventTypeApi {
    private static final String PATH = "/api/v2/roster/event_types";
    private static final String SCHEMAS = "/event-schemas";
    private static final String VERSION = "1.json";

    private final EventForm form;

    EventTypeApi(EventForm form) {
        this.form = form;
    }

    void addTo(Routes routes) {
        routes.get(PATH, AUDIT_LOGS_READ, this::list);
        routes.get(SCHEMAS + "/{event_type}/{schema_version}", Needs.Simple.NOTHING, this::schema);
    }

    static String schemaPath(String type) {
        return SCHEMAS + "/" + type + "/" + VERSION;
    }

    private Response schema(Request request) {
        var type = EventTypes.named(request.pathText("event_type"))
            .filter(_ -> request.pathText("schema_version").equals(VERSION))
            .orElseThrow(() -> new Refused(new NoSuchPath()));
        return Response.ok("application/schema+json", Json.bytes(EventSchema.of(type, form.schema(type.name()))));
    }

    private Response list(Request request) {
        return Response.json(200, Json.bytes(Map.of("data", EventTypes.listed().stream().map(this::shown).toList())));
    }

    private Map<String, Object> shown(EventType type) {
        return members("type", "event_types", "id", type.name(), "attributes",
            members("description", type.description(),
                "subject", type.kind().type(), "dataschema", form.schema(type.name()), "schema",
                EventSchema.of(type, form.schema(type.name())), "example", EventExamples.of(type, form)));
    }
}
