package roster.core.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Row;
import roster.base.json.Json;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// An entry of the audit trail, as it is told to programs.
///
/// @param type the action, as one of [EventTypes], or one of a later version of Roster
/// @param kind,subjectId what it is about; no kind if only a later version knows it
/// @param about the user concerned, where that is another than the subject
/// @param before,after the facts that changed: JSON objects, empty for nothing
/// @param erased whether an anonymisation took details away
public record Event(EventId id, String type, Optional<ObjectKind> kind, UUID subjectId, Optional<UUID> about,
    Instant at, Actor actor,
    String requestId, JsonNode before, JsonNode after, boolean erased) {

    /// Who did it.
    ///
    /// @param kind `user`, `service_account`, `cli`, `bootstrap`, `invitee`, `visitor`, `sql`
    /// @param name their handle, or what stands in its place
    public record Actor(String kind, Optional<UUID> id, String name, Optional<UUID> apiKey,
        Optional<UUID> applicationKey, Optional<UUID> accessToken, Optional<String> address) {}

    /// The columns that [#of] reads from `audit_entries e`.
    static final String COLUMNS = """
        e.org_id, e.version, e.entry, e.stamp, e.at, e.action, e.subject_kind, e.subject_id, e.about, e.actor_kind, e.actor_id,
        e.actor_name, e.api_key_id, e.application_key_id, e.access_token_id, e.address, e.request_id,
        e.before::text AS before, e.after::text AS after, e.erased IS NOT NULL AS erased""";

    static Event of(Row row) {
        var type = row.text("action");
        return new Event(id(row), type, EventTypes.named(type).map(EventType::kind)
            .or(() -> ObjectKind.named(row.text("subject_kind"))), row.uuid("subject_id"), row.optionalUuid("about"),
            row.instant("at"), actor(row), row.text("request_id"), facts(row, "before"),
            facts(row, "after"), row.bool("erased"));
    }

    static EventId id(Row row) {
        return new EventId(new Org.Id(row.uuid("org_id")), row.number("version"), row.integer("entry"),
            row.number("stamp"));
    }

    private static Actor actor(Row row) {
        return new Actor(row.text("actor_kind").toLowerCase(Locale.ROOT), row.optionalUuid("actor_id"),
            row.text("actor_name"), row.optionalUuid("api_key_id"), row.optionalUuid("application_key_id"),
            row.optionalUuid("access_token_id"), row.optionalText("address"));
    }

    private static JsonNode facts(Row row, String column) {
        return Json.parse(row.optionalText(column).orElse("{}").getBytes(StandardCharsets.UTF_8));
    }

    /// The same about something else of its kind.
    Event aboutSubject(UUID subject) {
        return new Event(id, type, kind, subject, about, at, actor, requestId, before, after, erased);
    }

    /// The user concerned, or else the subject.
    UUID concerned() {
        return about.orElse(subjectId);
    }
}
