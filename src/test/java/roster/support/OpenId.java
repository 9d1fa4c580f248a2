package roster.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.json.Json;
import roster.base.source.Ids;
import roster.core.session.Proof;
import roster.core.session.Session.Client;
import roster.core.session.SignIn.Admission;
import roster.model.Caller;
import roster.model.LoginMethod;
import roster.model.User;

/// OpenID providers of organisations in tests.
public final class OpenId {
    public static final String PATH = "/api/v2/roster/identity_providers";
    public static final String SECRET = "a-secret-of-the-client-7f3a";

    private OpenId() {}

    /// A provider that nobody calls.
    public static Map<String, Object> okta() {
        return Map.of("name", "Okta", "profile", "okta", "issuer", "https://acme.okta.example", "client_id", "roster",
            "client_secret", SECRET, "domains", List.of("ACME.test"));
    }

    public static Map<String, Object> with(Map<String, Object> attributes, String name, Object value) {
        var all = new LinkedHashMap<>(attributes);
        all.put(name, value);
        return all;
    }

    public static String body(Map<String, Object> attributes) {
        return new String(Json.bytes(Map.of("data", Map.of("type", "roster_identity_providers", "attributes",
            attributes))), StandardCharsets.UTF_8);
    }

    /// Configures one, as the administrator that the organisation was founded with.
    ///
    /// @return its id
    public static String configured(TestOrg org, Map<String, Object> attributes) {
        var answer = org.founder().post(PATH, body(attributes));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer.id();
    }

    /// Lets a client in by an identity, as after a provider's token was checked.
    ///
    /// @param link how the identity becomes the user's; none: it is theirs already
    public static Admission admitted(TestOrg org, User user, String provider, String subject, Optional<String> link) {
        return Await.write(org.roster().db(),
            Caller.visitor(org.id(), new Ids().next().toString(), Optional.of("127.0.0.1")),
            tx -> org.roster().program().session.signIn.admit(tx,
                new Proof.Provider(user.id(), LoginMethod.OIDC, new Proof.Identity(UUID.fromString(provider),
                    "https://acme.okta.example", subject, Optional.empty(), Optional.empty(), Optional.empty(),
                    Optional.empty()), link,
                    false),
                new Client(Optional.empty(), List.of(), Optional.empty())));
    }
}
