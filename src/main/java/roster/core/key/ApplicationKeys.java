package roster.core.key;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.core.user.UserLife;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// The application keys of an organisation, each of which acts for its owner: access.md 4 of the contract. Their secrets
/// are shown once, when they are issued.
public final class ApplicationKeys implements UserLife {
    /// @param scopes none: everything the owner may do
    public record ApplicationKey(Keys.Key id, String name, String last4, User.Id owner, Optional<List<String>> scopes,
        Instant createdAt, Optional<Instant> lastUsedAt) {
        private Map<String, Object> facts() {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("name", name);
            facts.put("scopes", scopes.orElse(null));
            return facts;
        }
    }

    /// What a list may be sorted by. Ties: by id.
    public enum Sort {
        NAME("lower(k.name)"),
        CREATED_AT("k.created_at"),
        LAST4("k.last4");

        private final String column;

        Sort(String column) {
            this.column = column;
        }
    }

    /// @param text substring of the name, letter case ignored
    /// @param owner only his, if given
    public record Filter(Optional<String> text, KeyList.Span created, Optional<User.Id> owner) {}

    /// What is absent stays.
    ///
    /// @param scopes an empty Optional in it takes the restriction away
    public record Edit(Optional<String> name, Optional<Optional<List<String>>> scopes) {}

    private static final String COLUMNS = "k.id, k.name, k.last4, k.user_id, k.scopes, k.created_at, k.last_used_at";

    private static final String MATCHING = """
         FROM application_keys k
        WHERE k.org_id = ? AND (?::uuid IS NULL OR k.user_id = ?)
          AND (?::text IS NULL OR strpos(lower(k.name), lower(?)) > 0)
          AND (?::timestamptz IS NULL OR k.created_at >= ?) AND (?::timestamptz IS NULL OR k.created_at <= ?)
        """;

    private final AuditLog audit;
    private final Keys keys;
    private final Grants grants;

    public ApplicationKeys(AuditLog audit, Keys keys, Grants grants) {
        this.audit = audit;
        this.keys = keys;
        this.grants = grants;
    }

    public Page<ApplicationKey> list(Tx tx, Org.Id org, Filter filter, Sort sort, boolean descending, Paging paging) {
        var wanted = List.<Object>of(org, filter.owner(), filter.owner(), filter.text(), filter.text(),
            filter.created().start(), filter.created().start(), filter.created().end(), filter.created().end());
        return KeyList.page(tx, COLUMNS, MATCHING, wanted, sort.column, descending, paging, ApplicationKeys::key);
    }

    /// @param id as it was sent
    /// @param owner whose it must be, if anybody's
    /// @throws Refused with [NotFound]
    public ApplicationKey named(Tx tx, Org.Id org, String id, Optional<User.Id> owner) {
        return Id.parse(id).flatMap(uuid -> tx.query("SELECT " + COLUMNS + """
             FROM application_keys k WHERE k.org_id = ? AND k.id = ? AND (?::uuid IS NULL OR k.user_id = ?)
            """, org, uuid, owner, owner).optional(ApplicationKeys::key))
            .orElseThrow(() -> new Refused(new NotFound("Application key not found")));
    }

    /// @param id,owner as for [#named]
    /// @throws Refused with [NotFound], and as [Keys#issueApplicationKey] does for name and scopes
    public ApplicationKey update(WriteTx tx, String id, Optional<User.Id> owner, Edit edit) {
        var old = named(tx, tx.org(), id, owner);
        var scopes = edit.scopes().orElse(old.scopes());
        if (!scopes.equals(old.scopes())) {
            grants.mustBeGivable(tx, scopes);
            if (widens(old.scopes(), scopes) && !tx.caller().user().equals(Optional.of(old.owner()))) {
                grants.mustHoldAllOf(tx, old.owner());
            }
        }
        var now = new ApplicationKey(old.id(), edit.name().map(Keys::named).orElse(old.name()), old.last4(),
            old.owner(), scopes, old.createdAt(), old.lastUsedAt());
        if (!now.equals(old)) {
            tx.update("UPDATE application_keys SET name = ?, scopes = ?, version = ? WHERE org_id = ? AND id = ?",
                now.name(), now.scopes(), tx.version(), tx.org(), old.id());
            audit.record(tx, "application_key.updated",
                new Subject("application_key", old.id(), now.name()).about(old.owner()),
                Change.between(old.facts(), now.facts()));
        }
        return now;
    }

    private static boolean widens(Optional<List<String>> old, Optional<List<String>> scopes) {
        return old.isPresent() && (scopes.isEmpty() || !old.get().containsAll(scopes.get()));
    }

    /// Ends a key: refused from the commit on.
    ///
    /// @param id,owner as for [#named]
    /// @throws Refused with [NotFound]
    public void delete(WriteTx tx, String id, Optional<User.Id> owner) {
        keys.revoke(tx, named(tx, tx.org(), id, owner).id().value());
    }

    /// Ends all keys of the user. They do not come back when the user is enabled again.
    @Override
    public Map<String, Object> disabled(WriteTx tx, User user) {
        var ended = tx.query("DELETE FROM application_keys WHERE org_id = ? AND user_id = ? RETURNING id", tx.org(),
            user.id()).list(row -> row.uuid("id"));
        ended.forEach(id -> tx.gone("application_key", id));
        return ended.isEmpty() ? Map.of() : Map.of("application_keys", ended);
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user, List<String> addresses) {
        return disabled(tx, user);
    }

    private static ApplicationKey key(Row row) {
        return new ApplicationKey(new Keys.Key(row.uuid("id")), row.text("name"), row.text("last4"),
            new User.Id(row.uuid("user_id")), row.optionalTexts("scopes"), row.instant("created_at"),
            row.optionalInstant("last_used_at"));
    }
}
