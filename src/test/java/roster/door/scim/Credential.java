package roster.door.scim;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.model.Role;
import roster.support.TestOrg;
import roster.support.TestUser;

/// The forms in which a directory shows what it was given.
enum Credential {
    KEY("Bearer %s"), KEY_OF_ODD_CASE("bEaReR   %s"), KEY_BARE("%s"), KEY_TWICE("Bearer Bearer %s"), TOKEN("Bearer %s"),
    TOKEN_OF_ODD_CASE(
        "bEaReR   %s"),
    TOKEN_BARE("%s"), TOKEN_TWICE("Bearer bearer %s"), SERVICE_TOKEN("Bearer %s"), PAIR("");

    static final String BOTH = "user_access_invite,user_access_manage";

    private final String form;

    Credential(String form) {
        this.form = form;
    }

    private boolean isToken() {
        return name().contains("TOKEN");
    }

    /// A new secret.
    ///
    /// @param owner an administrator; for a service account's token one who makes it
    /// @param scopes permissions, parted by commas; none for all that the owner may do
    Given of(TestUser owner, String scopes) {
        var org = owner.org();
        if (this == SERVICE_TOKEN) {
            var bot = org.newServiceAccount("bot%d@acme.test".formatted(System.nanoTime()),
                List.of(org.managed(Role.Managed.ADMIN).toString()));
            var path = "/api/v2/service_accounts/%s/access_tokens".formatted(bot.id());
            var made = org.founder().post(path, body("service_access_tokens", scopes));
            return new Given(this, org, made.text("/data/attributes/key"), bot.id().toString(),
                path + "/" + made.id());
        }
        if (isToken()) {
            var made = owner.post("/api/v2/personal_access_tokens", body("personal_access_tokens", scopes));
            return new Given(this, org, made.text("/data/attributes/key"), owner.id(),
                "/api/v2/personal_access_tokens/" + made.id());
        }
        var key = org.newApplicationKey(owner.user(),
            scopes.isEmpty() ? Optional.empty() : Optional.of(List.of(scopes.split(","))));
        return new Given(this, org, key, owner.id(), "/api/v2/application_keys/" + id(owner, key));
    }

    private static String body(String type, String scopes) {
        return """
            {"data":{"type":"%s","attributes":{"name":"t%d","scopes":["%s"],"expires_at":"2999-01-01T00:00:00Z"}}}"""
            .formatted(type, System.nanoTime(), (scopes.isEmpty() ? BOTH : scopes).replace(",", "\",\""));
    }

    private static String id(TestUser owner, String key) {
        return owner.org().roster().sqlValue("SELECT id FROM application_keys WHERE org_id = ? AND user_id = ? "
            + "AND digest = sha256(?::bytea)", owner.org().id().value(), owner.user().id().value(),
            key.getBytes(StandardCharsets.US_ASCII)).toString();
    }

    /// What was given to a directory.
    ///
    /// @param ownerId of the user or service account it acts for
    /// @param path in the API, by which it is revoked
    record Given(Credential kind, TestOrg org, String secret, String ownerId, String path) {
        Map<String, String> headers() {
            return with(secret);
        }

        /// The same with another secret.
        Map<String, String> with(String other) {
            return kind == PAIR ? Map.of("DD-API-KEY", org.apiKey(), "DD-APPLICATION-KEY", other)
                : Map.of("Authorization", kind.form.formatted(other));
        }

        /// Of the same form, and unknown.
        String unknown() {
            return secret.substring(0, secret.length() - 1) + (secret.endsWith("0") ? "1" : "0");
        }
    }
}
