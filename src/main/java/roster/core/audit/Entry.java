package roster.core.audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import roster.base.db.Row;
import roster.base.json.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// The parts of an audit entry that its seal covers.
///
/// @param accessToken,apiKey,applicationKey,session the credentials of the actor
/// @param scim whether a directory did it, over SCIM
/// @param details what may be personal, by place: `actor_name`, `address`, `subject_name`, `before.<member>`,
///     `after.<member>`; members as canonical JSON. The seal holds a salted digest of each, so that one can be erased.
record Entry(UUID org, long version, int entry, Instant at, long stamp, String action, String subjectKind,
    UUID subjectId, Optional<UUID> about, String actorKind, Optional<UUID> actor, Optional<UUID> apiKey,
    Optional<UUID> applicationKey, Optional<UUID> accessToken, Optional<UUID> session, String requestId,
    boolean scim, SortedMap<String, String> details) {

    static final String ACTOR_NAME = "actor_name";
    static final String ADDRESS = "address";
    static final String SUBJECT_NAME = "subject_name";
    static final String BEFORE = "before.";
    static final String AFTER = "after.";

    /// The columns that [#of] reads from `audit_entries e`.
    static final String COLUMNS = """
        e.org_id, e.version, e.entry, e.at, e.stamp, e.action, e.subject_kind, e.subject_id, e.subject_name, e.about,
        e.actor_kind, e.actor_id, e.actor_name, e.api_key_id, e.application_key_id, e.access_token_id, e.session_id,
        e.request_id, e.scim, e.address, e.before::text AS before, e.after::text AS after""";

    static Entry of(Row row) {
        return new Entry(row.uuid("org_id"), row.number("version"), row.integer("entry"), row.instant("at"),
            row.number("stamp"), row.text("action"), row.text("subject_kind"), row.uuid("subject_id"),
            row.optionalUuid("about"), row.text("actor_kind"), row.optionalUuid("actor_id"),
            row.optionalUuid("api_key_id"), row.optionalUuid("application_key_id"),
            row.optionalUuid("access_token_id"), row.optionalUuid("session_id"), row.text("request_id"),
            row.bool("scim"),
            details(row.text("actor_name"), row.optionalText("address"), row.text("subject_name"),
                row.optionalText("before"), row.optionalText("after")));
    }

    /// @param before,after JSON objects
    static SortedMap<String, String> details(String actorName, Optional<String> address, String subjectName,
        Optional<String> before, Optional<String> after) {
        var details = details(actorName, address, subjectName);
        before.ifPresent(json -> addMembers(details, BEFORE, json));
        after.ifPresent(json -> addMembers(details, AFTER, json));
        return details;
    }

    /// The same of a change whose facts become these objects.
    static SortedMap<String, String> details(String actorName, Optional<String> address, String subjectName,
        Change change) {
        var details = details(actorName, address, subjectName);
        change.before().forEach((name, value) -> details.put(BEFORE + name, canonical(value)));
        change.after().forEach((name, value) -> details.put(AFTER + name, canonical(value)));
        return details;
    }

    private static SortedMap<String, String> details(String actorName, Optional<String> address, String subjectName) {
        var details = new TreeMap<String, String>();
        details.put(ACTOR_NAME, actorName);
        address.ifPresent(text -> details.put(ADDRESS, text));
        details.put(SUBJECT_NAME, subjectName);
        return details;
    }

    /// Most facts are texts, of which large writes have many: these are not read back from their JSON.
    private static String canonical(Object fact) {
        return canonical(fact instanceof String text ? StringNode.valueOf(text) : Json.parse(Json.bytes(fact)));
    }

    private static void addMembers(SortedMap<String, String> details, String place, String json) {
        Json.parse(json.getBytes(StandardCharsets.UTF_8)).properties()
            .forEach(member -> details.put(place + member.getKey(), canonical(member.getValue())));
    }

    /// The same text for the same value, however the database writes it: members in order, numbers plain.
    static String canonical(JsonNode value) {
        if (value.isObject()) {
            var members = new TreeMap<String, String>();
            value.properties().forEach(member -> members.put(StringNode.valueOf(member.getKey()).toString(),
                canonical(member.getValue())));
            return members.toString();
        }
        if (value.isArray()) {
            return value.valueStream().map(Entry::canonical).toList().toString();
        }
        return value.isNumber() ? value.decimalValue().stripTrailingZeros().toPlainString() : value.toString();
    }

    /// `17.1`: the write's version, and the entry within it.
    String place() {
        return version + "." + entry;
    }

    /// What the seal covers besides the details, in an unambiguous binary form.
    byte[] frame() {
        var bytes = new ByteArrayOutputStream(256);
        try (var out = new DataOutputStream(bytes)) {
            write(out, org);
            out.writeLong(version);
            out.writeInt(entry);
            out.writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, at));
            out.writeLong(stamp);
            write(out, action);
            write(out, subjectKind);
            write(out, subjectId);
            write(out, about);
            write(out, actorKind);
            write(out, actor);
            write(out, apiKey);
            write(out, applicationKey);
            write(out, accessToken);
            write(out, requestId);
            if (session.isPresent()) { // entries of earlier versions have none, and their seals must hold
                write(out, session);
            }
            if (scim) { // likewise; a session is longer
                out.writeBoolean(true);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Optional<UUID> id) throws IOException {
        out.writeBoolean(id.isPresent());
        if (id.isPresent()) {
            write(out, id.get());
        }
    }

    private static void write(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        var utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }
}
