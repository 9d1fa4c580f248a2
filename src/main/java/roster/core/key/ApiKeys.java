package roster.core.key;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.ByKeys;
import roster.base.db.Listing;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.Where;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.key.Keys.Issued;
import roster.model.Id;
import roster.model.Org;
import roster.model.Page;
import roster.model.Paging;
import roster.model.Problem.Conflict;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// The API keys of an organisation: their rules, and the SQL of the `api_keys` table. Of each we keep a digest, and the
/// secret encrypted, as the contract lets administrators read it again.
public final class ApiKeys {
    /// How many an organisation may have.
    public static final int PER_ORG_MAX = 200;

    private static final String KIND = "api_key";
    private static final String USUAL_CATEGORY = "default";
    private static final int SECRET_BYTES = 16;

    /// @param createdBy,modifiedBy none for the command line and the bootstrap
    /// @param recentUse as `lastUsedAt`, but none if it is more than 90 days ago
    /// @param usedLately in the last 24 hours
    public record ApiKey(Keys.Key id, String name, String last4, String category, boolean remoteConfigRead,
        Instant createdAt, Instant modifiedAt, Optional<User.Id> createdBy, Optional<User.Id> modifiedBy,
        Optional<Instant> lastUsedAt, Optional<Instant> recentUse, boolean usedLately) {
        /// What audit entries record about it.
        public Map<String, Object> facts() {
            return ApiKeys.facts(name, last4, category, remoteConfigRead, createdAt);
        }
    }

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
        k.modified_by, k.last_used_at,
        CASE WHEN k.last_used_at > roster_now() - interval '90 days' THEN k.last_used_at END AS recent_use,
        COALESCE(k.last_used_at > roster_now() - interval '24 hours', false) AS lately""";

    private final AuditLog audit;
    private final Secrets secrets;

    public ApiKeys(AuditLog audit, Secrets secrets) {
        this.audit = audit;
        this.secrets = secrets;
    }

    /// A new secret in the contract's form: 32 lower-case hex characters.
    public static String newSecret(WriteTx tx) {
        return tx.randomness().hex(SECRET_BYTES);
    }

    /// Whether a preset secret has the form of an API key.
    public static boolean isSecret(String text) {
        return text.matches("[0-9a-f]{32}");
    }

    /// Issues a key with a new secret.
    ///
    /// @throws Refused with [Invalid] for a bad name, [Conflict] for one in use, [Unfit] beyond [#PER_ORG_MAX]
    public Issued issue(WriteTx tx, String name) {
        return issue(tx, named(name), newSecret(tx), new Keys.Key(tx.newId()));
    }

    /// Issues a key with a new secret under an id that was made before.
    ///
    /// @throws Refused as [#issue(WriteTx, String)] does
    public Issued issue(WriteTx tx, String name, Keys.Key id) {
        return issue(tx, named(name), newSecret(tx), id);
    }

    private static Edit named(String name) {
        return new Edit(name, Optional.empty(), Optional.empty());
    }

    /// Issues a key with a preset secret: the first key of an installation may have one.
    ///
    /// @param secret as [#isSecret] has it
    /// @throws Refused as [#issue(WriteTx, String)] does, and with [Unfit] for a secret in use
    public Issued issue(WriteTx tx, String name, String secret) {
        return issue(tx, named(name), secret, new Keys.Key(tx.newId()));
    }

    private Issued issue(WriteTx tx, Edit wish, String secret, Keys.Key key) {
        var clean = Keys.named(wish.name());
        var category = wish.category().orElse(USUAL_CATEGORY);
        var remoteConfigRead = wish.remoteConfigRead().orElse(true);
        nameMustBeFree(tx, clean, Optional.empty());
        Keys.mustBeBelow(tx.query("SELECT count(*) AS n FROM api_keys WHERE org_id = ?", tx.org())
            .one(row -> row.number("n")), PER_ORG_MAX);
        var by = tx.caller().user();
        Keys.point(tx, KIND, key, secret);
        tx.update("""
            INSERT INTO api_keys (org_id, id, name, last4, digest, sealed, category, remote_config_read_enabled, created_at,
                                  modified_at, created_by, modified_by, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), key, clean, Keys.last4(secret), Secrets.digest(secret),
            secrets.seal(tx.org().value(), key.value(), secret), category, remoteConfigRead, tx.now(), tx.now(), by, by,
            tx.version());
        audit.record(tx, "api_key.issued", new Subject(KIND, key, clean),
            Change.created(facts(clean, Keys.last4(secret), category, remoteConfigRead, tx.now())));
        return new Issued(key.value(), secret);
    }

    private static Map<String, Object> facts(String name, String last4, String category, boolean remoteConfigRead,
        Instant createdAt) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", name);
        facts.put("last4", last4);
        facts.put("category", category);
        facts.put("remote_config_read_enabled", remoteConfigRead);
        facts.put("created_at", createdAt.toString());
        return facts;
    }

    /// Issues a key with the attributes that administrators may set.
    ///
    /// @throws Refused as [#issue(WriteTx, String)] does
    public Opened issue(WriteTx tx, Edit wish) {
        return open(tx, tx.org(), issue(tx, wish, newSecret(tx), new Keys.Key(tx.newId())).id().toString());
    }

    /// Letter case does not tell names apart. An organisation has few keys, so folding all of their names is cheap.
    ///
    /// @param but the key that has the name already and may keep it
    private static void nameMustBeFree(WriteTx tx, String name, Optional<Keys.Key> but) {
        var where = Where.of("org_id = ?", tx.org()).andIf(but, "id <> ?");
        if (tx.query("SELECT name FROM api_keys" + where.sql(), where.values().toArray()).list(row -> row.text("name"))
            .stream().map(Text::folded).anyMatch(Text.folded(name)::equals)) {
            throw new Refused(new Conflict("An API key with the same name already exists"));
        }
    }

    public Page<ApiKey> list(Tx tx, Org.Id org, Filter filter, Sort sort, boolean descending, Paging paging) {
        var where = Where.of("k.org_id = ?", org);
        KeyList.named(where, filter.text());
        filter.created().addTo(where, "k.created_at");
        filter.modified().addTo(where, "k.modified_at");
        where.andIf(filter.category(), "k.category = ?")
            .andIf(filter.remoteConfigRead(), "k.remote_config_read_enabled = ?");
        return KeyList.page(tx, new Listing(COLUMNS, "FROM api_keys k", where), sort.column, descending, paging,
            ApiKeys::key);
    }

    /// These keys; ids that are none of the organisation's are skipped.
    public List<ApiKey> all(Tx tx, Org.Id org, Collection<UUID> ids) {
        return tx.query("SELECT " + COLUMNS + ByKeys.from("api_keys", "id", "k"), List.copyOf(ids), org)
            .list(ApiKeys::key);
    }

    /// Shows a key to a caller, which leaves an audit entry each time.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound]
    public Opened show(WriteTx tx, String id) {
        var opened = open(tx, tx.org(), id);
        shown(tx, opened.key());
        return opened;
    }

    private void shown(WriteTx tx, ApiKey key) {
        audit.record(tx, "api_key.accessed", new Subject(KIND, key.id(), key.name()), Change.NONE);
    }

    private Opened open(Tx tx, Org.Id org, String id) {
        return Id.parse(id).flatMap(uuid -> tx.query("SELECT " + COLUMNS + """
            , k.sealed FROM api_keys k WHERE k.org_id = ? AND k.id = ?
            """, org, uuid)
            .optional(row -> new Opened(key(row), secrets.open(org.value(), uuid, row.bytes("sealed")))))
            .orElseThrow(ApiKeys::unknown);
    }

    /// @param id as it was sent
    /// @throws Refused with [NotFound], and as [#issue(WriteTx, String)] does for the name
    public Opened update(WriteTx tx, String id, Edit edit) {
        var old = open(tx, tx.org(), id).key();
        var name = Keys.named(edit.name());
        var now = facts(name, old.last4(), edit.category().orElse(old.category()),
            edit.remoteConfigRead().orElse(old.remoteConfigRead()), old.createdAt());
        if (!now.equals(old.facts())) {
            nameMustBeFree(tx, name, Optional.of(old.id()));
            tx.update("""
                UPDATE api_keys SET name = ?, category = ?, remote_config_read_enabled = ?, modified_at = ?,
                                    modified_by = ?, version = ?
                 WHERE org_id = ? AND id = ?
                """, name, now.get("category"), now.get("remote_config_read_enabled"), tx.now(), tx.caller().user(),
                tx.version(), tx.org(), old.id());
            audit.record(tx, "api_key.updated", new Subject(KIND, old.id(), name), Change.between(old.facts(), now));
        } else {
            shown(tx, old); // the answer has the secret all the same
        }
        return open(tx, tx.org(), id);
    }

    /// Revokes a key: refused from the commit on.
    ///
    /// @param id as it was sent
    /// @throws Refused with [NotFound], and with [Unfit] for the last one of the organisation
    public void revoke(WriteTx tx, String id) {
        if (Id.parse(id).filter(uuid -> revoke(tx, new Keys.Key(uuid))).isEmpty()) {
            throw unknown();
        }
    }

    /// @return whether there is such a key
    /// @throws Refused with [Unfit] for the last one of the organisation
    boolean revoke(WriteTx tx, Keys.Key key) {
        var found = tx.query("SELECT " + COLUMNS + " FROM api_keys k WHERE k.org_id = ? AND k.id = ?", tx.org(), key)
            .optional(ApiKeys::key);
        found.ifPresent(old -> {
            tx.update("DELETE FROM api_keys WHERE org_id = ? AND id = ?", tx.org(), key);
            if (!tx.query("SELECT 1 FROM api_keys WHERE org_id = ? LIMIT 1", tx.org()).any()) {
                throw new Refused(new Unfit("The last API key of an organization cannot be deleted"));
            }
            tx.gone(KIND, key);
            audit.record(tx, "api_key.revoked", new Subject(KIND, key, old.name()), Change.deleted(old.facts()));
        });
        return found.isPresent();
    }

    /// All of an organisation, by name.
    List<Keys.Listed> all(Tx tx, Org.Id org) {
        return tx.query("SELECT id, name, last4, created_at FROM api_keys WHERE org_id = ? ORDER BY name, id", org)
            .list(row -> new Keys.Listed(KIND, row.uuid("id"), row.text("name"), row.text("last4"), Optional.empty(),
                Optional.empty(), Optional.empty(), row.instant("created_at")));
    }

    private static Refused unknown() {
        return new Refused(new NotFound("API key not found"));
    }

    private static ApiKey key(Row row) {
        return new ApiKey(new Keys.Key(row.uuid("id")), row.text("name"), row.text("last4"), row.text("category"),
            row.bool("remote_config_read_enabled"), row.instant("created_at"), row.instant("modified_at"),
            row.optionalUuid("created_by").map(User.Id::new), row.optionalUuid("modified_by").map(User.Id::new),
            row.optionalInstant("last_used_at"), row.optionalInstant("recent_use"), row.bool("lately"));
    }
}
