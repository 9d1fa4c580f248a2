package roster.core.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.base.db.TrailEnd;
import roster.base.db.WriteTx;
import roster.base.json.Json;
import roster.model.Id;

/// Records changes in `audit_entries`, each entry sealed over the one before it. Entries are never changed, except that
/// [Erasure] removes personal data of users who are anonymised.
public final class AuditLog {
    /// What a change was about.
    ///
    /// @param name its name for people, as of the change
    /// @param about the user concerned, if not the subject itself
    public record Subject(String kind, Id id, String name, Optional<Id> about) {
        public Subject(String kind, Id id, String name) {
            this(kind, id, name, Optional.empty());
        }

        public Subject about(Id user) {
            return new Subject(kind, id, name, Optional.of(user));
        }
    }

    /// Actions that change no keys or permissions: callers admitted before them need no second check. All others may have
    /// changed some.
    private static final Set<String> ACCESS_STAYS = Set.of("user.created", "user.updated");

    private final Seals seals;

    public AuditLog(Seals seals) {
        this.seals = seals;
    }

    /// Records an entry, which marks the write as one that changed something.
    ///
    /// @param action `user.created`, `role.member_added`, …: a noun and what happened to it
    public void record(WriteTx tx, String action, Subject subject, Change change) {
        tx.later("""
            INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                       about, actor_kind, actor_id, actor_name, api_key_id, application_key_id,
                                       access_token_id, request_id, address, before, after, salt, seal)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)
            """, row(tx, action, subject, json(change.before()), json(change.after())).toArray());
    }

    /// Something that was created, and the facts to record.
    public record Made(Subject subject, Map<String, Object> facts) {}

    /// The same as [#record] with [Change#created] for each, in one statement.
    public void recordCreated(WriteTx tx, String action, List<Made> made) {
        tx.copy("""
            COPY audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                about, actor_kind, actor_id, actor_name, api_key_id, application_key_id,
                                access_token_id, request_id, address, before, after, salt, seal) FROM STDIN
            """, made, one -> row(tx, action, one.subject(), Optional.empty(), json(one.facts())));
    }

    /// The values of an entry, in the order of the columns above. Seals it as the new end of the trail.
    private List<Object> row(WriteTx tx, String action, Subject subject, Optional<String> before,
        Optional<String> after) {
        sealWhatWasWrittenBySql(tx);
        var caller = tx.caller();
        var entry = new Entry(tx.org().value(), tx.version(), tx.nextEntry(ACCESS_STAYS.contains(action)), tx.now(),
            tx.stamp(), action, subject.kind(), subject.id().value(), subject.about().map(Id::value),
            caller.kind().name(), caller.user().map(Id::value), caller.apiKey(), caller.applicationKey(),
            caller.accessToken(), caller.requestId(),
            Entry.details(caller.name(), caller.address(), subject.name(), before, after));
        var salt = tx.randomness().bytes(Seals.SALT_BYTES);
        var seal = sealed(tx, entry, salt);
        var row = new ArrayList<Object>();
        row.addAll(List.of(tx.org(), entry.version(), entry.entry(), entry.at(), entry.stamp(), action, subject.kind(),
            subject.id(), subject.name(), entry.about(), entry.actorKind(), entry.actor(), caller.name(),
            caller.apiKey(), caller.applicationKey(), caller.accessToken(), caller.requestId(), caller.address(),
            before, after, salt, seal));
        return row;
    }

    private byte[] sealed(WriteTx tx, Entry entry, byte[] salt) {
        var end = tx.trailEnd();
        var previous = end.seal().length == 0 ? Seals.beginning(end.version()) : end.seal();
        var seal = seals.seal(previous, entry, Seals.digests(salt, entry.details()));
        tx.trailEndsWith(new TrailEnd(entry.version(), entry.entry(), seal));
        return seal;
    }

    /// Seals what `roster_touch` recorded: changes by hand end with it, and SQL cannot seal entries.
    private void sealWhatWasWrittenBySql(WriteTx tx) {
        if (tx.trailEnd().version() >= tx.version() - 1) {
            return; // the usual case: this write's own entry, or that of the one before it, is the last
        }
        var unsealed = tx.query("SELECT " + Entry.COLUMNS + """
             FROM audit_entries e
             WHERE e.org_id = ? AND e.version > ? AND e.version < ? AND e.actor_kind = 'SQL' AND e.seal IS NULL
             ORDER BY e.version, e.entry
            """, tx.org(), tx.trailEnd().version(), tx.version())
            .list(Entry::of);
        for (var one : unsealed) {
            var salt = tx.randomness().bytes(Seals.SALT_BYTES);
            tx.later("UPDATE audit_entries SET salt = ?, seal = ? WHERE org_id = ? AND version = ? AND entry = ?", salt,
                sealed(tx, one, salt), tx.org(), one.version(), one.entry());
        }
    }

    private static Optional<String> json(Map<String, Object> facts) {
        return facts.isEmpty() ? Optional.empty() : Optional.of(new String(Json.bytes(facts), StandardCharsets.UTF_8));
    }
}
