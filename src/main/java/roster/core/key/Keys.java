package roster.core.key;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.core.access.Grants;
import roster.core.audit.AuditLog;
import roster.core.audit.AuditLog.Subject;
import roster.core.audit.Change;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.Conflict;
import roster.model.Problem.Forbidden;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// API keys, which stand for an organisation, and application keys, which stand for a user. Of both we keep a digest;
/// an API key also sealed, as the contract lets an administrator read it again.
public final class Keys {
    /// The longest name of a key, in characters.
    public static final int NAME_MAX = 255;

    /// How many API keys an organisation may have, and application keys a user.
    public static final int API_KEYS_MAX = 200;
    public static final int APPLICATION_KEYS_MAX = 1000;

    private static final int API_KEY_BYTES = 16;
    private static final int APPLICATION_KEY_BYTES = 20;

    public record Key(UUID value) implements Id {}

    /// A key just issued: the only moment at which an application key is readable.
    public record Issued(UUID id, String secret) {
        @Override
        public String toString() {
            return "Issued[" + id + "]";
        }
    }

    /// A key without its secret.
    ///
    /// @param kind `api_key`, `application_key` or `access_token`
    /// @param hint what tells it from others: the last four characters of a key, the public portion of a token
    /// @param owner of an application key or token
    public record Listed(String kind, UUID id, String name, String hint, Optional<User.Id> owner,
        Optional<String> ownerHandle, Optional<List<String>> scopes, Instant createdAt) {}

    private final AuditLog audit;
    private final Secrets secrets;
    private final Grants grants;

    public Keys(AuditLog audit, Secrets secrets, Grants grants) {
        this.audit = audit;
        this.secrets = secrets;
        this.grants = grants;
    }

    /// A new secret in the contract's form: 32 lower-case hex characters.
    public static String newApiKey() {
        return Secrets.random(API_KEY_BYTES);
    }

    /// A new secret in the contract's form: 40 lower-case hex characters.
    public static String newApplicationKey() {
        return Secrets.random(APPLICATION_KEY_BYTES);
    }

    /// Whether a preset secret has the form of an API key.
    public static boolean isApiKey(String secret) {
        return secret.matches("[0-9a-f]{32}");
    }

    /// Whether a preset secret has the form of an application key.
    public static boolean isApplicationKey(String secret) {
        return secret.matches("[0-9a-f]{40}");
    }

    /// @throws Refused with [Invalid] for a bad name, [Conflict] for one in use, [Unfit] beyond [#API_KEYS_MAX]
    public Issued issueApiKey(WriteTx tx, String name) {
        return keepApiKey(tx, name, newApiKey());
    }

    /// Takes an API key that somebody else made up: the first key of an installation may be preset.
    ///
    /// @throws Refused as [#issueApiKey] does, and with [Unfit] for a secret that is in use
    public Issued keepApiKey(WriteTx tx, String name, String secret) {
        var clean = named(name);
        nameMustBeFree(tx, clean, Optional.empty());
        var issued = tx.query("SELECT count(*) AS n FROM api_keys WHERE org_id = ?", tx.org())
            .one(row -> row.number("n"));
        mustBeBelow(issued, API_KEYS_MAX);
        var key = new Key(Id.next());
        var by = tx.caller().user();
        point(tx, "api_key", key, secret);
        tx.update("""
            INSERT INTO api_keys (org_id, id, name, last4, digest, sealed, created_at, modified_at, created_by, modified_by,
                                  version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), key, clean, last4(secret), Secrets.digest(secret),
            secrets.seal(tx.org().value(), key.value(), secret), tx.now(), tx.now(), by, by, tx.version());
        audit.record(tx, "api_key.issued", new Subject("api_key", key, clean),
            Change.created(Map.of("name", clean, "last4", last4(secret))));
        return new Issued(key.value(), secret);
    }

    /// @param but the key that has the name already and may keep it
    void nameMustBeFree(WriteTx tx, String name, Optional<Key> but) {
        if (tx.query("SELECT 1 FROM api_keys WHERE org_id = ? AND name = ? AND (?::uuid IS NULL OR id <> ?)", tx.org(),
            name, but, but).any()) {
            throw new Refused(new Conflict("An API key with the same name already exists"));
        }
    }

    static void mustBeBelow(long issued, int most) {
        if (issued >= most) {
            throw new Refused(new Unfit("Maximum number of keys reached"));
        }
    }

    /// Issues an application key to the caller himself.
    ///
    /// @throws Refused as [#issueApplicationKey] does
    public Issued issueOwnApplicationKey(WriteTx tx, String name, Optional<List<String>> scopes) {
        var id = tx.caller().user().orElseThrow(() -> new Refused(new NotFound("Application key not found")));
        return keepApplicationKey(tx, id, name, scopes, newApplicationKey());
    }

    /// Issues an application key to a service account, for whoever looks after it.
    ///
    /// @throws Refused as [#issueApplicationKey] does, and with [Forbidden] if the account may do more than the caller
    public Issued issueServiceAccountKey(WriteTx tx, User account, String name, Optional<List<String>> scopes) {
        grants.mustHoldAllOf(tx, account.id());
        return issueApplicationKey(tx, account, name, scopes);
    }

    /// Issues an application key to a user of the organisation.
    ///
    /// @param scopes names of permissions; none given: everything the owner may do
    public Issued issueApplicationKey(WriteTx tx, User owner, String name, Optional<List<String>> scopes) {
        return keepApplicationKey(tx, owner, name, scopes, newApplicationKey());
    }

    /// Takes an application key that somebody else made up.
    ///
    /// @throws Refused with [Invalid] for a bad name, [Unfit] for a disabled owner, an unknown scope or a secret in use,
    ///     [Forbidden] for a scope that the caller does not hold himself
    public Issued keepApplicationKey(WriteTx tx, User owner, String name, Optional<List<String>> scopes,
        String secret) {
        if (owner.disabled()) { // it would begin to work on the day he is enabled again
            named(name);
            throw new Refused(new Unfit("User %s is disabled".formatted(owner.handle())));
        }
        return keepApplicationKey(tx, owner.id(), name, scopes, secret);
    }

    private Issued keepApplicationKey(WriteTx tx, User.Id owner, String name,
        Optional<List<String>> scopes, String secret) {
        var clean = named(name);
        grants.mustBeGivable(tx, scopes);
        var issued = tx.query("SELECT count(*) AS n FROM application_keys WHERE org_id = ? AND user_id = ?", tx.org(),
            owner).one(row -> row.number("n"));
        mustBeBelow(issued, APPLICATION_KEYS_MAX);
        var key = new Key(Id.next());
        point(tx, "application_key", key, secret);
        tx.update("""
            INSERT INTO application_keys (org_id, id, user_id, name, last4, digest, scopes, created_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), key, owner, clean, last4(secret), Secrets.digest(secret), scopes, tx.now(),
            tx.version());
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", clean);
        facts.put("last4", last4(secret));
        facts.put("owner", owner.toString());
        facts.put("scopes", scopes.orElse(null));
        audit.record(tx, "application_key.issued", new Subject("application_key", key, clean).about(owner),
            Change.created(facts));
        return new Issued(key.value(), secret);
    }

    /// @throws Refused with [Invalid] if it is blank or too long
    static String named(String name) {
        var clean = Text.clean(name.strip());
        if (clean.isEmpty()) {
            throw new Refused(new Invalid("name", "Shorter than minimum length 1."));
        }
        if (Text.length(clean) > NAME_MAX) {
            throw new Refused(new Invalid("name", "Longer than maximum length %d.".formatted(NAME_MAX)));
        }
        return clean;
    }

    static void point(WriteTx tx, String kind, Key key, String secret) {
        var added = tx.update("""
            INSERT INTO key_pointers (digest, kind, org_id, id) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING
            """, Secrets.digest(secret), kind, tx.org(), key);
        if (added == 0) {
            throw new Refused(new Unfit("The key is in use already"));
        }
    }

    private static String last4(String secret) {
        return secret.substring(secret.length() - 4);
    }

    /// All tokens and keys of an organisation: access tokens, API keys, then application keys, each by name.
    public List<Listed> all(Tx tx, Org.Id org) {
        return tx.query("""
            SELECT 'api_key' AS kind, id, name, last4 AS hint, NULL::uuid AS user_id, NULL AS handle, NULL::text[] AS scopes,
                   created_at
              FROM api_keys WHERE org_id = ?
            UNION ALL
            SELECT 'application_key', k.id, k.name, k.last4, k.user_id, u.handle, k.scopes, k.created_at
              FROM application_keys k JOIN users u ON u.org_id = k.org_id AND u.id = k.user_id
             WHERE k.org_id = ?
            UNION ALL
            SELECT 'access_token', t.id, t.name, t.public_portion, t.user_id, u.handle, t.scopes, t.created_at
              FROM access_tokens t JOIN users u ON u.org_id = t.org_id AND u.id = t.user_id
             WHERE t.org_id = ? AND t.revoked_at IS NULL
             ORDER BY 1, 3, 2
            """, org, org, org)
            .list(row -> new Listed(row.text("kind"), row.uuid("id"), row.text("name"), row.text("hint"),
                row.optionalUuid("user_id").map(User.Id::new), row.optionalText("handle"), row.optionalTexts("scopes"),
                row.instant("created_at")));
    }

    /// Ends a key or token of any kind: refused from the commit on.
    ///
    /// @throws Refused with [NotFound]; with [Unfit] for the last API key of the organisation
    public void revoke(WriteTx tx, UUID id) {
        var key = all(tx, tx.org()).stream().filter(listed -> listed.id().equals(id)).findFirst()
            .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
        switch (key.kind()) {
            case "api_key" -> {
                tx.update("DELETE FROM api_keys WHERE org_id = ? AND id = ?", tx.org(), id);
                if (!tx.query("SELECT 1 FROM api_keys WHERE org_id = ? LIMIT 1", tx.org()).any()) {
                    throw new Refused(new Unfit("The last API key of an organization cannot be deleted"));
                }
                tx.gone(key.kind(), id);
            }
            case "application_key" -> {
                tx.update("DELETE FROM application_keys WHERE org_id = ? AND id = ?", tx.org(), id);
                tx.gone(key.kind(), id);
            }
            default -> tx.update("UPDATE access_tokens SET revoked_at = ?, version = ? WHERE org_id = ? AND id = ?",
                tx.now(), tx.version(), tx.org(), id); // it stays, as revoking it again is no error
        }
        var subject = new Subject(key.kind(), new Key(id), key.name());
        audit.record(tx, key.kind() + ".revoked", key.owner().map(subject::about).orElse(subject),
            Change.deleted(Map.of("name", key.name(), key.kind().equals("access_token") ? "public_portion" : "last4",
                key.hint())));
    }
}
