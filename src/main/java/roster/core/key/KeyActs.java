package roster.core.key;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.key.Keys.Issued;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.Forbidden;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.Text;
import roster.model.User;

/// What is done with keys of any kind, each once and only as the caller saw them: made, changed, revoked.
public final class KeyActs {
    private final KeyLists lists;
    private final ApiKeys apiKeys;
    private final ApplicationKeys applicationKeys;
    private final AccessTokens accessTokens;

    KeyActs(KeyLists lists, ApiKeys apiKeys, ApplicationKeys applicationKeys, AccessTokens accessTokens) {
        this.lists = lists;
        this.apiKeys = apiKeys;
        this.applicationKeys = applicationKeys;
        this.accessTokens = accessTokens;
    }

    /// A key that is to be made, under an id that was made before: making it again finds it made.
    ///
    /// @param since the version of the organisation when the id was made
    public record Draft(KeyKind kind, Keys.Key id, long since) {}

    /// @param scopes none: everything the owner may do; API keys have none
    /// @param expiresAt of tokens only
    public record Wish(String name, Optional<List<String>> scopes, Optional<Instant> expiresAt) {}

    /// What came of a draft.
    public sealed interface Made {
        record Now(Issued issued) implements Made {}

        /// @param at when it was made
        record Before(Instant at) implements Made {}
    }

    /// Makes a key.
    ///
    /// @param owner the caller, or a service account; of API keys, it does not matter
    /// @throws Refused with [Forbidden] for an owner for whom the caller makes no keys, and as the issuing of each kind is
    public Made make(WriteTx tx, Draft draft, User owner, Wish wish) {
        var before = madeAt(tx, tx.org(), draft, owner.id());
        return before.isPresent() ? new Made.Before(before.get()) : new Made.Now(issued(tx, draft, owner, wish));
    }

    private Issued issued(WriteTx tx, Draft draft, User owner, Wish wish) {
        if (draft.kind() == KeyKind.API_KEY) {
            return apiKeys.issue(tx, wish.name(), draft.id());
        }
        if (!KeyReach.making(tx.caller()).covers(owner)) {
            throw new Refused(new Forbidden(owner.serviceAccount() ? Permission.SERVICE_ACCOUNT_WRITE
                : Permission.USER_APP_KEYS));
        }
        var own = tx.caller().user().filter(owner.id()::equals).isPresent();
        var id = Optional.of(draft.id());
        if (draft.kind() == KeyKind.APPLICATION_KEY) {
            var asked = new ApplicationKeys.Wish(wish.name(), wish.scopes(), id);
            return own ? applicationKeys.issueOwn(tx, asked) : applicationKeys.issueFor(tx, owner, asked);
        }
        var asked = new AccessTokens.Wish(wish.name(), wish.scopes().orElse(List.of()), wish.expiresAt(), id);
        var issued = own ? accessTokens.issueOwn(tx, asked) : accessTokens.issueFor(tx, owner, asked);
        return new Issued(issued.token().id().value(), issued.secret());
    }

    /// When the key of a draft was made, whether it is still there or not; none if it was not made.
    private static Optional<Instant> madeAt(Tx tx, Org.Id org, Draft draft, User.Id owner) {
        return tx.query(switch (draft.kind()) {
            case API_KEY -> "SELECT created_at FROM api_keys WHERE org_id = ? AND id = ?";
            case APPLICATION_KEY -> "SELECT created_at FROM application_keys WHERE org_id = ? AND id = ?";
            case ACCESS_TOKEN -> "SELECT created_at FROM access_tokens WHERE org_id = ? AND id = ?";
        }, org, draft.id()).optional(row -> row.instant("created_at")).or(() -> tx.query("""
            SELECT at FROM audit_entries
             WHERE org_id = ? AND COALESCE(about, subject_id) = ? AND version > ? AND subject_id = ? AND action = ?
            """, org, draft.kind() == KeyKind.API_KEY ? draft.id() : owner, draft.since(), draft.id(),
            draft.kind().word() + ".issued").optional(row -> row.instant("at")));
    }

    /// The secret of an API key, which an example needs beside an application key. Leaves an audit entry.
    ///
    /// @param id as it was sent
    /// @throws Refused with [Forbidden], and as [ApiKeys#show] does
    public String example(WriteTx tx, String id) {
        if (!tx.caller().holds(Permission.API_KEYS_READ)) {
            throw new Refused(new Forbidden(Permission.API_KEYS_READ));
        }
        return apiKeys.show(tx, id).secret();
    }

    /// API keys that an example may use, by id, the one used last first.
    public Map<String, String> examples(Tx tx, Caller caller) {
        if (!caller.holds(Permission.API_KEYS_READ)) {
            return Map.of();
        }
        var found = new LinkedHashMap<String, String>();
        tx.query(
            "SELECT id, name FROM api_keys WHERE org_id = ? ORDER BY last_used_at DESC NULLS LAST, name, id LIMIT ?",
            caller.org(), ApiKeys.PER_ORG_MAX).list(row -> found.put(row.uuid("id").toString(), row.text("name")));
        return found;
    }

    /// Changes the name and the scopes of a key.
    ///
    /// @param id,tag as they were sent; see [ListedKey#tag]
    /// @param wish its end stays as it is
    /// @return whether something was changed
    /// @throws Refused as [KeyLists#changeable] does, with [Stale] if the key was changed since, and as the changes of each
    ///     kind are
    public boolean change(WriteTx tx, KeyKind kind, String id, String tag, Wish wish) {
        var key = lists.changeable(tx, tx.caller(), kind, id);
        if (!key.tag().equals(tag)) {
            throw new Refused(new Stale());
        }
        var sameScopes =
            kind == KeyKind.API_KEY || wish.scopes().map(Set::copyOf).equals(key.scopes().map(Set::copyOf));
        if (Keys.named(wish.name()).equals(key.name()) && sameScopes) {
            return false;
        }
        var name = Optional.of(wish.name());
        var owner = key.owner().map(ListedKey.Owner::id);
        switch (kind) {
            case API_KEY -> apiKeys.update(tx, id, new ApiKeys.Edit(wish.name(), Optional.empty(), Optional.empty()));
            case APPLICATION_KEY -> applicationKeys.update(tx, id, owner,
                new ApplicationKeys.Edit(name, sameScopes ? Optional.empty() : Optional.of(wish.scopes())));
            case ACCESS_TOKEN -> accessTokens.update(tx, id, owner,
                new AccessTokens.Edit(name, sameScopes ? Optional.empty()
                    : Optional.of(wish.scopes().orElse(List.of()))));
        }
        return true;
    }

    /// Revokes a key: refused from the commit on.
    ///
    /// @param id as it was sent
    /// @param typed the name of the key, which must be typed if it was used in the last 24 hours; anything else otherwise
    /// @return whether it was revoked; false: its name must be typed
    /// @throws Refused as [KeyLists#changeable] does, and with [roster.model.Problem.Unfit] for the last API key
    public boolean revoke(WriteTx tx, KeyKind kind, String id, String typed) {
        var key = lists.changeable(tx, tx.caller(), kind, id);
        if (mustBeTyped(key) && !Text.name(typed).equals(key.name())) {
            return false;
        }
        switch (kind) {
            case API_KEY -> apiKeys.revoke(tx, id);
            case APPLICATION_KEY -> applicationKeys.revoke(tx, id, Optional.empty());
            case ACCESS_TOKEN -> accessTokens.revoke(tx, id, Optional.empty());
        }
        return true;
    }

    /// Whether the name of a key must be typed before it is revoked: programs still use it.
    public static boolean mustBeTyped(ListedKey key) {
        return key.usedLately();
    }
}
