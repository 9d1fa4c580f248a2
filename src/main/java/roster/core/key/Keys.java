package roster.core.key;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.model.Id;
import roster.model.Org;
import roster.model.Problem.Invalid;
import roster.model.Problem.NotFound;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// What API keys, application keys and access tokens have in common: their names, how a request's secret leads to them, and
/// all of them together, for the operator. Each kind has a class of its own for the rest.
public final class Keys {
    /// The longest name of a key or token, in characters (Unicode code points).
    public static final int NAME_MAX = 255;

    public record Key(UUID value) implements Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// A key just issued: the only moment at which an application key is readable.
    public record Issued(UUID id, String secret) {
        @Override
        public String toString() {
            return "Issued[" + id + "]";
        }
    }

    /// A key or token without its secret.
    ///
    /// @param kind `api_key`, `application_key` or `access_token`
    /// @param hint what tells it from others: the last four characters of a key, the public portion of a token
    /// @param owner of an application key or token
    public record Listed(String kind, UUID id, String name, String hint, Optional<User.Id> owner,
        Optional<String> ownerHandle, Optional<List<String>> scopes, Instant createdAt) {}

    private final ApiKeys apiKeys;
    private final ApplicationKeys applicationKeys;
    private final AccessTokens accessTokens;

    public Keys(ApiKeys apiKeys, ApplicationKeys applicationKeys, AccessTokens accessTokens) {
        this.apiKeys = apiKeys;
        this.applicationKeys = applicationKeys;
        this.accessTokens = accessTokens;
    }

    /// All tokens and keys of an organisation: access tokens, API keys, then application keys, each by name.
    public List<Listed> all(Tx tx, Org.Id org) {
        return Stream.of(accessTokens.all(tx, org), apiKeys.all(tx, org), applicationKeys.all(tx, org))
            .flatMap(List::stream).toList();
    }

    /// Revokes a key or token of any kind: refused from the commit on.
    ///
    /// @throws Refused with [NotFound], also for a token that is revoked already; with [Unfit] for the last API key of the
    ///     organisation
    public void revoke(WriteTx tx, UUID id) {
        var key = new Key(id);
        if (!apiKeys.revoke(tx, key) && !applicationKeys.revoke(tx, key) && !accessTokens.revoke(tx, key)) {
            throw new Refused(new NotFound(id + " not found"));
        }
    }

    /// A name as it is stored.
    ///
    /// @throws Refused with [Invalid] if it is blank, longer than [#NAME_MAX] or cannot be seen
    static String named(String name) {
        if (Text.isLonger(name.strip(), NAME_MAX)) {
            throw new Refused(new Invalid("name", "Longer than maximum length %d.".formatted(NAME_MAX)));
        }
        var clean = Text.name(name);
        if (clean.isEmpty()) {
            throw new Refused(new Invalid("name", "Shorter than minimum length 1."));
        }
        if (!Text.isVisible(clean)) {
            throw new Refused(new Invalid("name", Text.INVISIBLE));
        }
        return clean;
    }

    /// @throws Refused with [Unfit] if there are as many keys as there may be
    static void mustBeBelow(long issued, int most) {
        if (issued >= most) {
            throw new Refused(new Unfit("Maximum number of keys reached"));
        }
    }

    /// Stores which organisation and key a secret leads to. Only its digest is kept.
    ///
    /// @throws Refused with [Unfit] if the secret is in use, in any organisation
    static void point(WriteTx tx, String kind, Key key, String secret) {
        var added = tx.update("""
            INSERT INTO key_pointers (digest, kind, org_id, id) VALUES (?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING
            """, Secrets.digest(secret), kind, tx.org(), key);
        if (added == 0) {
            throw new Refused(new Unfit("The key is in use already"));
        }
    }

    /// The part of a key that is shown in lists.
    static String last4(String secret) {
        return secret.substring(secret.length() - 4);
    }
}
