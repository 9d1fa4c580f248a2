package roster.core.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.json.Json;
import roster.model.Org;
import tools.jackson.databind.JsonNode;

/// The trail as people read it: write by write, with the names that those concerned have now.
public final class Happenings {
    /// How many entries of a write are read: the rest is counted.
    private static final int ENTRIES = 20;

    /// What comes too often to be a change.
    private static final List<String> NO_CHANGES = List.of("sign_in.succeeded", "sign_in.failed", "sign_in.refused",
        "session.ended", "sign_in_link.addresses_sent", "recovery_codes.used", "api_key.accessed");

    private Happenings() {}

    /// Who is concerned, as they are called now.
    ///
    /// @param email that of an anonymised user if they were anonymised
    public record Person(UUID id, String email, Optional<String> name, boolean serviceAccount) {}

    /// One entry.
    ///
    /// @param person the user whom it is about, if they are still there
    public record Deed(String action, String subjectKind, UUID subject, String subjectName, Optional<Person> person,
        Map<String, JsonNode> before, Map<String, JsonNode> after) {}

    /// One write.
    ///
    /// @param actorName as recorded, where the actor is no user
    /// @param actor the user who did it
    /// @param credential `session`, `key`, `token`; empty: none
    /// @param deeds the first ones
    /// @param counts of all entries, by action
    public record Happening(long version, Instant at, String requestId, String actorKind, String actorName,
        Optional<Person> actor, String credential, List<Deed> deeds, Map<String, Long> counts) {}

    /// A row of a write.
    private record Entry(long version, Happening head, Deed deed) {}

    /// The latest writes that changed something, the latest first.
    ///
    /// @param most how many
    public static List<Happening> latest(Tx tx, Org.Id org, int most) {
        var versions = tx.query("""
            SELECT version FROM audit_entries
             WHERE org_id = ? AND action <> ALL (?) GROUP BY version ORDER BY version DESC LIMIT ?
            """, org, NO_CHANGES, most).list(row -> row.number("version"));
        if (versions.isEmpty()) {
            return List.of();
        }
        var counts = counts(tx, org, versions);
        var all = new LinkedHashMap<Long, Happening>();
        tx.query("""
            SELECT e.version, e.at, e.action, e.subject_kind, e.subject_id, e.subject_name, e.actor_kind, e.actor_name,
                   e.request_id, e.before::text AS before, e.after::text AS after,
                   CASE WHEN e.session_id IS NOT NULL THEN 'session' WHEN e.access_token_id IS NOT NULL THEN 'token'
                        WHEN e.application_key_id IS NOT NULL THEN 'key' ELSE '' END AS credential,
                   a.id AS actor_id, a.email AS actor_email, a.name AS actor_shown, a.service_account AS actor_machine,
                   p.id AS person_id, p.email AS person_email, p.name AS person_shown,
                   p.service_account AS person_machine
              FROM audit_entries e
              LEFT JOIN users a ON a.org_id = e.org_id AND a.id = e.actor_id
              LEFT JOIN users p ON p.org_id = e.org_id
               AND p.id = COALESCE(e.about, CASE WHEN e.subject_kind = 'user' THEN e.subject_id END)
             WHERE e.org_id = ? AND e.version = ANY (?::bigint[]) AND e.entry <= ?
             ORDER BY e.version DESC, e.entry
            """, org, versions, ENTRIES).list(row -> entry(row, counts)).forEach(entry -> all
            .computeIfAbsent(entry.version(), _ -> entry.head()).deeds().add(entry.deed()));
        return List.copyOf(all.values());
    }

    private static Map<Long, Map<String, Long>> counts(Tx tx, Org.Id org, List<Long> versions) {
        var counts = new LinkedHashMap<Long, Map<String, Long>>();
        tx.query("""
            SELECT version, action, count(*) AS n FROM audit_entries
             WHERE org_id = ? AND version = ANY (?::bigint[]) GROUP BY 1, 2
            """, org, versions).list(row -> {
            counts.computeIfAbsent(row.number("version"), _ -> new LinkedHashMap<>()).put(row.text("action"),
                row.number("n"));
            return true;
        });
        return counts;
    }

    private static Entry entry(Row row, Map<Long, Map<String, Long>> counts) {
        var version = row.number("version");
        return new Entry(version, new Happening(version, row.instant("at"), row.text("request_id"),
            row.text("actor_kind"), row.text("actor_name"), person(row, "actor"), row.text("credential"),
            new ArrayList<>(), counts.get(version)),
            new Deed(row.text("action"), row.text("subject_kind"), row.uuid("subject_id"), row.text("subject_name"),
                person(row, "person"), facts(row.optionalText("before")), facts(row.optionalText("after"))));
    }

    private static Optional<Person> person(Row row, String which) {
        return row.optionalUuid(which + "_id").map(id -> new Person(id, row.text(which + "_email"),
            row.optionalText(which + "_shown").filter(name -> !name.isBlank()), row.bool(which + "_machine")));
    }

    private static Map<String, JsonNode> facts(Optional<String> json) {
        var facts = new LinkedHashMap<String, JsonNode>();
        json.ifPresent(text -> Json.parse(text.getBytes(StandardCharsets.UTF_8)).properties()
            .forEach(one -> facts.put(one.getKey(), one.getValue())));
        return facts;
    }
}
