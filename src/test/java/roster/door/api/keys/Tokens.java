package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import roster.model.Role;
import roster.support.Answer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Access tokens, as tests issue and send them.
final class Tokens {
    static final String OWN = "/api/v2/personal_access_tokens";
    static final String NEXT_YEAR = Instant.now().plus(365, ChronoUnit.DAYS).toString();

    /// Attributes of a valid token, personal or of a service account.
    static final String WISH = attributes("a token", "user_access_read", NEXT_YEAR);

    private Tokens() {}

    /// @param type `personal` or `service`
    /// @param id empty for none
    static String body(String type, String id, String attributes) {
        return """
            {"data":{"type":"%s_access_tokens",%s"attributes":%s}}""".formatted(type,
            id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), attributes);
    }

    static String attributes(String name, String scope, String expiresAt) {
        return "{\"name\":\"%s\",\"scopes\":[\"%s\"],\"expires_at\":\"%s\"}".formatted(name, scope, expiresAt);
    }

    static Answer own(TestUser caller, String scope) {
        return caller.post(OWN, body("personal", "", attributes("a token", scope, NEXT_YEAR)));
    }

    /// Issues a token.
    ///
    /// @param path of the list it is added to
    /// @return its path
    static String issued(TestUser caller, String path, String type) {
        return path + "/" + caller.post(path, body(type, "", WISH)).id();
    }

    static String secret(Answer created) {
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        return created.text("/data/attributes/key");
    }

    static Answer with(TestRoster roster, String token, String path) {
        return TestUser.withToken(roster, token, "GET", path, null);
    }

    /// A new service account; returns its id.
    static String robot(TestOrg org, Role.Id... roles) {
        return org.newServiceAccount("robot@acme.test", List.of(roles).stream().map(Role.Id::toString).toList()).id()
            .toString();
    }

    static String tokensOf(String account) {
        return "/api/v2/service_accounts/%s/access_tokens".formatted(account);
    }
}
