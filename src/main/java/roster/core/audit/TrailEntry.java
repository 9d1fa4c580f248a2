package roster.core.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import roster.base.db.Row;
import roster.base.json.Json;
import roster.model.Email;
import tools.jackson.databind.JsonNode;

/// An entry of the audit trail, as pages show it: with the users it names as they are called now.
///
/// @param version,entry its place: that of the write, and that in the write
/// @param subject what it is about, and as it was called then
/// @param concerned the user it tells of, if it tells of one
/// @param actor the user who acted; none for the command line, for visitors and for Roster itself
/// @param actorName as it was recorded
/// @param key what the key or token is called by which it was done, as far as it still exists
/// @param before,after the facts that changed: JSON objects, empty for nothing
public record TrailEntry(long version, int entry, Instant at, String action, String subjectKind, UUID subject,
    String subjectName, Optional<Named> concerned, Optional<Named> actor, String actorName, Way way,
    Optional<String> key, Optional<String> address, String requestId, JsonNode before, JsonNode after) {
    /// A user.
    ///
    /// @param name else their address; empty: they were anonymised
    /// @param service whether it is a service account
    public record Named(UUID id, Optional<String> name, String email, boolean service) {}

    /// How a change came about.
    public enum Way {
        CONSOLE("v.session_id IS NOT NULL"),
        API("v.session_id IS NULL AND NOT v.scim AND (v.access_token_id IS NOT NULL OR v.api_key_id IS NOT NULL"
            + " OR v.application_key_id IS NOT NULL)"),
        /// By a directory.
        SCIM("v.scim"), COMMAND_LINE(of("'CLI'")), JOIN_PAGE(of("'INVITEE'")), SIGN_IN_PAGE(of("'VISITOR'")),
        /// What a user left to a job, which goes on after their session has ended.
        JOB(of("'USER', 'SERVICE_ACCOUNT'")),
        /// By itself, as at its first start.
        ROSTER(of("'BOOTSTRAP'")),
        /// Beside Roster, by SQL.
        DATABASE(of("'SQL'"));

        /// SQL on `audit_events v` that holds for entries of this way.
        final String condition;

        Way(String condition) {
            this.condition = condition;
        }

        private static String of(String kinds) {
            return "v.session_id IS NULL AND v.access_token_id IS NULL AND v.api_key_id IS NULL"
                + " AND v.application_key_id IS NULL AND v.actor_kind IN (" + kinds + ")";
        }
    }

    /// The place of the entry: that of the write, and that in the write.
    public TrailOfUser.Place place() {
        return new TrailOfUser.Place(version, entry);
    }

    /// The columns that [#of] reads, and the tables they are of. Each entry has one row.
    static final String COLUMNS = """
        e.version, e.entry, e.at, e.action, e.subject_kind, e.subject_id, e.subject_name, e.actor_kind, e.actor_name,
        e.api_key_id, e.application_key_id, e.access_token_id, e.session_id, e.scim, e.address, e.request_id,
        e.before::text AS before, e.after::text AS after, COALESCE(t.name, k.name) AS key_name,
        c.id AS c_id, c.name AS c_name, c.email AS c_email, c.service_account AS c_service,
        a.id AS a_id, a.name AS a_name, a.email AS a_email, a.service_account AS a_service""";

    static final String USERS = """
         LEFT JOIN users c ON c.org_id = e.org_id AND c.id = COALESCE(e.about, e.subject_id)
         LEFT JOIN users a ON a.org_id = e.org_id AND a.id = e.actor_id
         LEFT JOIN access_tokens t ON t.org_id = e.org_id AND t.id = e.access_token_id
         LEFT JOIN application_keys k ON k.org_id = e.org_id AND k.id = e.application_key_id
        """;

    static TrailEntry of(Row row) {
        return new TrailEntry(row.number("version"), row.integer("entry"), row.instant("at"), row.text("action"),
            row.text("subject_kind"), row.uuid("subject_id"), row.text("subject_name"), named(row, "c"),
            named(row, "a"), row.text("actor_name"), way(row), row.optionalText("key_name"),
            row.optionalText("address"), row.text("request_id"),
            facts(row, "before"), facts(row, "after"));
    }

    private static Optional<Named> named(Row row, String alias) {
        return row.optionalUuid(alias + "_id").map(id -> {
            var email = row.text(alias + "_email");
            var name = Email.isAnonymous(email) ? Optional.<String>empty()
                : row.optionalText(alias + "_name").filter(text -> !text.isBlank()).or(() -> Optional.of(email));
            return new Named(id, name, email, row.bool(alias + "_service"));
        });
    }

    private static Way way(Row row) {
        if (row.optionalUuid("session_id").isPresent()) {
            return Way.CONSOLE;
        }
        if (row.bool("scim")) {
            return Way.SCIM;
        }
        if (Stream.of("access_token_id", "api_key_id", "application_key_id")
            .anyMatch(key -> row.optionalUuid(key).isPresent())) {
            return Way.API;
        }
        return switch (row.text("actor_kind")) {
            case "SQL" -> Way.DATABASE;
            case "CLI" -> Way.COMMAND_LINE;
            case "INVITEE" -> Way.JOIN_PAGE;
            case "VISITOR" -> Way.SIGN_IN_PAGE;
            case "USER", "SERVICE_ACCOUNT" -> Way.JOB;
            default -> Way.ROSTER;
        };
    }

    private static JsonNode facts(Row row, String column) {
        return Json.parse(row.optionalText(column).orElse("{}").getBytes(StandardCharsets.UTF_8));
    }

    /// Whether a user did it who had not signed in yet, so that it names no actor: the one it tells of.
    public boolean isOfVisitor() {
        return actor.isEmpty() && (way == Way.JOIN_PAGE || way == Way.SIGN_IN_PAGE);
    }
}
