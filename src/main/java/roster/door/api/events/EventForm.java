package roster.door.api.events;

import static roster.base.json.Json.members;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import roster.base.json.Json;
import roster.base.net.PublicUrl;
import roster.core.event.Event;
import roster.core.event.ObjectAsOf.Told;
import roster.core.event.ObjectKind;

/// Events as JSON: CloudEvents 1.0.2, the same at every door.
final class EventForm {
    /// The longest object in an event, in bytes of its JSON.
    static final int OBJECT_BYTES_MAX = 64 << 10;

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final PublicUrl publicUrl;
    private final ObjectForm objects;

    EventForm(PublicUrl publicUrl, ObjectForm objects) {
        this.publicUrl = publicUrl;
        this.objects = objects;
    }

    /// @param told what it is about; none: that is left out
    Map<String, Object> of(Event event, Optional<Told> told) {
        return members("specversion", "1.0", "id", event.id().toString(), "source",
            "urn:uuid:" + event.id().org().value(),
            "type", event.type(), "subject", subject(event), "time", TIME.format(event.at()), "datacontenttype",
            "application/json", "dataschema", schema(event.type()), "sequence", event.id().sequence(), "data",
            data(event, told));
    }

    /// Where the schema of a type is.
    String schema(String type) {
        return publicUrl.link(EventTypeApi.schemaPath(type));
    }

    private static String subject(Event event) {
        return event.kind().map(ObjectKind::type).orElse("other") + "/" + event.subjectId();
    }

    private Map<String, Object> data(Event event, Optional<Told> told) {
        var data =
            members("actor", actor(event.actor()), "request_id", event.requestId(), "about", about(event), "changes",
                changes(event));
        if (event.erased()) {
            data.put("erased", true);
        }
        told.ifPresent(one -> {
            var object = one.facts().flatMap(facts -> objects.of(event, facts)).map(Json::bytes);
            if (one.omitted() || object.filter(bytes -> bytes.length > OBJECT_BYTES_MAX).isPresent()) {
                data.put("object_omitted", true);
            } else {
                data.put("object", object.map(Json::parse));
            }
        });
        return data;
    }

    private static Map<String, Object> actor(Event.Actor actor) {
        return members("kind", actor.kind(), "id", actor.id(), "name", actor.name(), "api_key", actor.apiKey(),
            "application_key", actor.applicationKey(), "access_token", actor.accessToken(), "address", actor.address());
    }

    private static Object about(Event event) {
        return event.about().or(() -> event.kind().filter(ObjectKind.USER::equals).map(_ -> event.subjectId()));
    }

    private static Map<String, Object> changes(Event event) {
        var names = new LinkedHashSet<String>();
        event.before().properties().forEach(one -> names.add(one.getKey()));
        event.after().properties().forEach(one -> names.add(one.getKey()));
        var changes = new LinkedHashMap<String, Object>();
        names.stream().filter(name -> !event.before().path(name).equals(event.after().path(name)))
            .forEach(name -> changes.put(name, members("before", event.before().get(name), "after",
                event.after().get(name))));
        return changes;
    }
}
