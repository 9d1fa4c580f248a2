package roster.audit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.db.WriteTx;
import roster.jsonapi.Json;
import roster.model.Id;

/// The trail of changes: the SQL of `audit_entries`. Entries are added and never changed.
public final class AuditLog {
    /// What a change was about.
    ///
    /// @param name what people call it, as of the change
    public record Subject(String kind, Id id, String name) {}

    /// What leaves everybody who has keys with the permissions that he had. Whoever was let in before it needs no second
    /// look; all other actions may have changed what somebody may do.
    private static final Set<String> ACCESS_STAYS = Set.of("user.created", "user.updated");

    /// Adds an entry to the write, and with it marks the write as one that changed something.
    ///
    /// @param action `user.created`, `role.member_added`, …: a noun and what happened to it
    public void record(WriteTx tx, String action, Subject subject, Change change) {
        var caller = tx.caller();
        tx.later("""
            INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                       actor_kind, actor_id, actor_name, api_key_id, application_key_id, request_id,
                                       address, before, after)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb)
            """,
            tx.org(), tx.version(), tx.nextEntry(ACCESS_STAYS.contains(action)), tx.now(), tx.stamp(), action,
            subject.kind(), subject.id(),
            subject.name(), caller.kind().name(), caller.user(), caller.name(), caller.apiKey(),
            caller.applicationKey(), caller.requestId(), caller.address(), json(change.before()), json(change.after()));
    }

    /// A thing that was made, and what is told of it.
    public record Made(Subject subject, Map<String, Object> facts) {}

    /// The same as a [#record] of [Change#created] for each, all at once.
    public void recordCreated(WriteTx tx, String action, List<Made> made) {
        var caller = tx.caller();
        tx.copy("""
            COPY audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                actor_kind, actor_id, actor_name, api_key_id, application_key_id, request_id, address,
                                after) FROM STDIN
            """, made, one -> List.of(tx.org(), tx.version(), tx.nextEntry(ACCESS_STAYS.contains(action)), tx.now(),
            tx.stamp(), action, one.subject().kind(), one.subject().id(), one.subject().name(), caller.kind().name(),
            caller.user(),
            caller.name(), caller.apiKey(), caller.applicationKey(), caller.requestId(), caller.address(),
            json(one.facts())));
    }

    private static Optional<String> json(Map<String, Object> facts) {
        return facts.isEmpty() ? Optional.empty() : Optional.of(new String(Json.bytes(facts), StandardCharsets.UTF_8));
    }
}
