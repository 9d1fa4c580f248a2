package roster.core.key;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// The API keys of an organisation, as its administrators look after them: access.md 3 of the contract.
public final class ApiKeys {
    /// @param createdBy,modifiedBy none for the command line and the bootstrap
    /// @param usedLately in the last 24 hours
    public record ApiKey(Keys.Key id, String name, String last4, String category, boolean remoteConfigRead,
        Instant createdAt, Instant modifiedAt, Optional<User.Id> createdBy, Optional<User.Id> modifiedBy,
        Optional<Instant> lastUsedAt, boolean usedLately) {}

    /// A key with its secret, which administrators may read again.
    public record Opened(ApiKey key, String secret) {
        @Override
        public String toString() {
            return "Opened[" + key.id() + "]";
        }
    }

    /// What a list may be sorted by. Ties: by id.
    public enum Sort {
        NAME("lower(k.name)"),
        CREATED_AT("k.created_at"),
        LAST4("k.last4"),
        MODIFIED_AT("k.modified_at");

        private final String column;

        Sort(String column) {
            this.column = column;
        }
    }

    /// @param text substring of the name, letter case ignored
    public record Filter(Optional<String> text, KeyList.Span created, KeyList.Span modified, Optional<String> category,
        Optional<Boolean> remoteConfigRead) {}

    /// What to set; what is absent stays, or is the usual at the creation.
    public record Edit(String name, Optional<String> category, Optional<Boolean> remoteConfigRead) {}

    private static final String COLUMNS =
        """
        k.id, k.name, k.last4, k.category, k.remote_config_read_enabled, k.created_at, k.modified_at, k.created_by,
        k.modified_by, k.last_used_at, COALESCE(k.last_used_at > clock_timestamp() - interval '24 hours', false) AS lately""";

    private static final String MATCHING = """
         FROM api_keys k
        WHERE k.org_id = ? AND (?::text IS NULL OR strpos(lower(k.name), lower(?)) > 0)
          AND (?::timestamptz IS NULL OR k.created_at >= ?) AND (?::timestamptz IS NULL OR k.created_at <= ?)
          AND (?::timestamptz IS NULL OR k.modified_at >= ?) AND (?::timestamptz IS NULL OR k.modified_at <= ?)
          AND (?::text IS NULL OR k.category = ?)
          AND (?::boolean IS NULL OR k.remote_config_read_enabled = ?)
        """;

    private final AuditLog audit;
    private final Secrets secrets;
    private final Keys keys;

    public ApiKeys(AuditLog audit, Secrets secrets, Keys keys) {
        this.audit = audit;
        this.secrets = secrets;
        this.keys = keys;
    }

    public Page<ApiKey> list(Tx tx, Org.Id org, Filter filter, Sort sort, boolean descending, Paging paging) {
        var wanted = List.<Object>of(org, filter.text(), filter.text(), filter.created().start(),
            filter.created().start(), filter.created().end(), filter.created().end(), filter.modified().start(),
            filter.modified().start(), filter.modified().end(), filter.modified().end(), filter.category(),
            filter.category(), filter.remoteConfigRead(), filter.remoteConfigRead());
        return KeyList.page(tx, COLUMNS, MATCHING, wanted, sort.column, descending, paging, ApiKeys::key);
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound]
    public Opened open(Tx tx, Org.Id org, String id) {
        return Id.parse(id).flatMap(uuid -> tx.query("SELECT " + COLUMNS + """
            , k.sealed FROM api_keys k WHERE k.org_id = ? AND k.id = ?
            """, org, uuid)
            .optional(row -> new Opened(key(row), secrets.open(org.value(), uuid, row.bytes("sealed")))))
            .orElseThrow(() -> new Refused(new NotFound("API key not found")));
    }

    /// @throws Refused as [Keys#issueApiKey] does
    public Opened create(WriteTx tx, Edit wish) {
        var id = keys.issueApiKey(tx, wish.name()).id();
        tx.update("""
            UPDATE api_keys SET category = COALESCE(?, category),
                                remote_config_read_enabled = COALESCE(?, remote_config_read_enabled)
             WHERE org_id = ? AND id = ?
            """, wish.category(), wish.remoteConfigRead(), tx.org(), id);
        return open(tx, tx.org(), id.toString());
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound], and as [Keys#issueApiKey] does for the name
    public Opened update(WriteTx tx, String id, Edit edit) {
        var old = open(tx, tx.org(), id).key();
        var name = Keys.named(edit.name());
        var now = Map.<String, Object>of("name", name, "category", edit.category().orElse(old.category()),
            "remote_config_read_enabled", edit.remoteConfigRead().orElse(old.remoteConfigRead()));
        var before = Map.<String, Object>of("name", old.name(), "category", old.category(),
            "remote_config_read_enabled", old.remoteConfigRead());
        if (!now.equals(before)) {
            keys.nameMustBeFree(tx, name, Optional.of(old.id()));
            tx.update("""
                UPDATE api_keys SET name = ?, category = ?, remote_config_read_enabled = ?, modified_at = ?,
                                    modified_by = ?, version = ?
                 WHERE org_id = ? AND id = ?
                """, name, now.get("category"), now.get("remote_config_read_enabled"), tx.now(), tx.caller().user(),
                tx.version(), tx.org(), old.id());
            audit.record(tx, "api_key.updated", new Subject("api_key", old.id(), name), Change.between(before, now));
        }
        return open(tx, tx.org(), id);
    }

    /// Ends a key: refused from the commit on.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], and with Unfit for the last one
    public void delete(WriteTx tx, String id) {
        keys.revoke(tx, open(tx, tx.org(), id).key().id().value());
    }

    private static ApiKey key(Row row) {
        return new ApiKey(new Keys.Key(row.uuid("id")), row.text("name"), row.text("last4"), row.text("category"),
            row.bool("remote_config_read_enabled"), row.instant("created_at"), row.instant("modified_at"),
            row.optionalUuid("created_by").map(User.Id::new), row.optionalUuid("modified_by").map(User.Id::new),
            row.optionalInstant("last_used_at"), row.bool("lately"));
    }
}
