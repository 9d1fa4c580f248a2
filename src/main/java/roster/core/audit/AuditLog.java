package roster.core.audit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.base.db.AccessChange;
import roster.base.db.Insert;
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

    /// Actions that change no keys or permissions: callers admitted before them need no second check.
    private static final Set<String> ACCESS_STAYS = Set.of("user.created", "user.updated", "api_key.accessed",
        "sign_in.succeeded", "sign_in.failed", "sign_in.refused", "sign_in_link.made", "sign_in_link.addresses_sent",
        "password.changed", "password.reset", "password.reset_sent", "recovery_codes.made", "recovery_codes.used",
        "second_factor.renamed", "user_list.exported", "audit_trail.exported", "user.profile_changed",
        "scim.roles_skipped", "scim.roles_stale", "scim.invitation_skipped", "scim.members_skipped");

    /// Actions that change at most the keys and permissions of the user that is the subject.
    private static final Set<String> ACCESS_OF_SUBJECT = Set.of("user.disabled", "user.enabled", "user.deprovisioned",
        "user.restored", "second_factor.added", "second_factor.removed", "second_factor.reset");

    /// Actions that change at most the keys and permissions of the user whom the subject is about. All others may have
    /// changed those of anyone.
    private static final Set<String> ACCESS_OF_ABOUT = Set.of("role.member_added", "role.member_removed",
        "application_key.issued", "application_key.updated", "application_key.revoked", "access_token.issued",
        "access_token.updated", "access_token.revoked", "session.ended");

    /// A change that is to become an entry.
    private record Happened(String action, Subject subject, Change change) {}

    private final Seals seals;
    private final Insert<Happened> insert = Insert.of("""
        INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                   about, actor_kind, actor_id, actor_name, api_key_id, application_key_id,
                                   access_token_id, session_id, request_id, scim, address, before, after, salt,
                                   seal)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, ?)
        """, this::row);

    public AuditLog(Seals seals) {
        this.seals = seals;
    }

    /// Records an entry, which marks the write as one that changed something.
    ///
    /// @param action `user.created`, `role.member_added`, …: a noun and what happened to it
    public void record(WriteTx tx, String action, Subject subject, Change change) {
        sealEntriesMadeBySql(tx);
        tx.insert(insert, new Happened(action, subject, change));
    }

    /// Something that was created or deleted, and all facts about it.
    public record Snapshot(Subject subject, Map<String, Object> facts) {}

    /// The same as [#record] with [Change#created] for each, in one statement.
    public void recordCreated(WriteTx tx, String action, List<Snapshot> created) {
        recordAll(tx, action,
            created.stream().map(one -> new SubjectChange(one.subject(), Change.created(one.facts()))).toList());
    }

    /// The same with [Change#deleted].
    public void recordDeleted(WriteTx tx, String action, List<Snapshot> deleted) {
        recordAll(tx, action,
            deleted.stream().map(one -> new SubjectChange(one.subject(), Change.deleted(one.facts()))).toList());
    }

    /// Something that changed, and how.
    public record SubjectChange(Subject subject, Change change) {}

    /// The same as [#record] for each, in one statement.
    public void recordAll(WriteTx tx, String action, List<SubjectChange> changed) {
        if (!changed.isEmpty()) {
            sealEntriesMadeBySql(tx); // now, as there can be no other statement while rows are copied
            tx.insertAll(insert,
                changed.stream().map(one -> new Happened(action, one.subject(), one.change())).toList());
        }
    }

    /// The values of an entry, which becomes the end of the trail.
    private List<Object> row(WriteTx tx, Happened happened) {
        var action = happened.action();
        var subject = happened.subject();
        var before = json(happened.change().before());
        var after = json(happened.change().after());
        var caller = tx.caller();
        var entry = new Entry(tx.org().value(), tx.version(), tx.nextEntry(access(action, subject)), tx.now(),
            tx.stamp(), action, subject.kind(), subject.id().value(), subject.about().map(Id::value),
            caller.kind().name(), caller.user().map(Id::value), caller.apiKey(), caller.applicationKey(),
            caller.accessToken(), caller.session(), caller.requestId(), caller.scim(),
            Entry.details(caller.name(), caller.address(), subject.name(), happened.change()));
        var salt = tx.randomness().bytes(Seals.SALT_BYTES);
        var seal = sealed(tx, entry, salt);
        return List.of(tx.org(), entry.version(), entry.entry(), entry.at(), entry.stamp(), action, subject.kind(),
            subject.id(), subject.name(), entry.about(), entry.actorKind(), entry.actor(), caller.name(),
            caller.apiKey(), caller.applicationKey(), caller.accessToken(), caller.session(), caller.requestId(),
            caller.scim(), caller.address(),
            before, after, salt, seal);
    }

    private static AccessChange access(String action, Subject subject) {
        if (ACCESS_STAYS.contains(action)) {
            return AccessChange.NONE;
        }
        return ACCESS_OF_SUBJECT.contains(action) ? AccessChange.of(subject.id().value())
            : subject.about().filter(user -> ACCESS_OF_ABOUT.contains(action))
                .map(user -> AccessChange.of(user.value()))
                .orElse(AccessChange.EVERYONE);
    }

    private byte[] sealed(WriteTx tx, Entry entry, byte[] salt) {
        var end = tx.trailEnd();
        var previous = end.seal().length == 0 ? Seals.beginning(end.version()) : end.seal();
        var seal = seals.seal(previous, entry, Seals.digests(salt, entry.details()));
        tx.trailEndsWith(new TrailEnd(entry.version(), entry.entry(), seal));
        return seal;
    }

    /// Hand edits end with `roster_touch`, which cannot seal the entry it makes. The next write does.
    private void sealEntriesMadeBySql(WriteTx tx) {
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
            tx.later(
                "UPDATE audit_entries SET salt = ?, seal = ?, erased = NULL WHERE org_id = ? AND version = ? AND entry = ?",
                salt,
                sealed(tx, one, salt), tx.org(), one.version(), one.entry());
        }
    }

    private static Optional<String> json(Map<String, Object> facts) {
        return facts.isEmpty() ? Optional.empty() : Optional.of(new String(Json.bytes(facts), StandardCharsets.UTF_8));
    }
}
