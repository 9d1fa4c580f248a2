package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.base.http.Needs;
import roster.core.key.KeyKind;
import roster.core.key.KeyLists;
import roster.core.key.ListedKey;
import roster.model.Permission;

/// One of the lists of keys, by kind: where its pages are, what they need, and what its keys are called.
enum KeyTab {
    API(KeyKind.API_KEY, "api", "API key", "Ends in", "Created by"),
    APPLICATION(KeyKind.APPLICATION_KEY, "application", "application key", "Ends in", "Owner"),
    TOKENS(KeyKind.ACCESS_TOKEN, "tokens", "access token", "Public part", "Owner");

    /// The key itself, of API keys only.
    static final String SHOW = "/console/keys/api/{id}/show";

    private final KeyKind kind;
    private final String path;
    private final String noun;
    private final String ends;
    private final String owner;

    KeyTab(KeyKind kind, String word, String noun, String ends, String owner) {
        this.kind = kind;
        this.path = "/console/keys/" + word;
        this.noun = noun;
        this.ends = ends;
        this.owner = owner;
    }

    KeyKind kind() {
        return kind;
    }

    /// Such as `API key`.
    String noun() {
        return noun;
    }

    /// Such as `API keys`.
    String plural() {
        return Words.capital(noun) + "s";
    }

    /// The heading of the column of what tells keys from others.
    String ends() {
        return ends;
    }

    /// The heading of the column of owners.
    String owner() {
        return owner;
    }

    /// What its keys are for.
    String lead() {
        return switch (this) {
            case API -> "An API key names this organisation. A program sends it along with an application key.";
            case APPLICATION -> "With an application key and an API key, a program acts as the key's owner.";
            case TOKENS ->
                "With an access token alone, a program acts as the token's owner, within its scopes and for a time.";
        };
    }

    boolean isApi() {
        return this == API;
    }

    /// Whether its keys have scopes and owners.
    boolean hasScopes() {
        return this != API;
    }

    String list() {
        return path;
    }

    String create() {
        return path + "/new";
    }

    String edit() {
        return path + "/{id}/edit";
    }

    String revoke() {
        return path + "/{id}/revoke";
    }

    Needs reading() {
        return switch (this) {
            case API -> Needs.sessionOf(Permission.API_KEYS_READ);
            case APPLICATION -> Needs.sessionOf(Permission.ORG_APP_KEYS_READ);
            case TOKENS -> Needs.sessionOf(Permission.USER_APP_KEYS, Permission.ORG_APP_KEYS_READ);
        };
    }

    Needs creating() {
        return this == API ? Needs.sessionOf(Permission.API_KEYS_WRITE)
            : Needs.sessionOf(Permission.USER_APP_KEYS, Permission.SERVICE_ACCOUNT_WRITE);
    }

    Needs editing() {
        return this == API ? Needs.sessionOf(Permission.API_KEYS_WRITE) : changing();
    }

    Needs revoking() {
        return this == API ? Needs.sessionOf(Permission.API_KEYS_DELETE) : changing();
    }

    private static Needs changing() {
        return Needs.sessionOf(Permission.USER_APP_KEYS, Permission.ORG_APP_KEYS_WRITE,
            Permission.SERVICE_ACCOUNT_WRITE);
    }

    /// Where a key is edited, if the caller may edit this one.
    Optional<String> edit(Visit visit, ListedKey key, KeyOrigin origin) {
        return act(visit, edit(), key, origin);
    }

    Optional<String> revoke(Visit visit, ListedKey key, KeyOrigin origin) {
        return act(visit, revoke(), key, origin);
    }

    private static Optional<String> act(Visit visit, String template, ListedKey key, KeyOrigin origin) {
        return KeyLists.isChangeable(visit.caller(), key)
            ? visit.link().to(template, key.id()).map(href -> href + origin.query()) : Optional.empty();
    }

    static List<KeyTab> all() {
        return List.of(values());
    }
}
