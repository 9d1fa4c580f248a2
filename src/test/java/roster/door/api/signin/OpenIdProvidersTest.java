package roster.door.api.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.LoginMethod;
import roster.support.Answer;
import roster.support.OpenId;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// How OpenID providers are configured: `/api/v2/roster/identity_providers`.
@Timeout(120)
class OpenIdProvidersTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PATH = OpenId.PATH;

    static final List<Recipe> RECIPES = List.of(
        new Recipe("POST " + PATH, org -> new Call(PATH, OpenId.body(OpenId.okta()))),
        new Recipe("GET " + PATH + "/{provider_id}",
            org -> new Call(PATH + "/" + OpenId.configured(org, OpenId.okta()))),
        new Recipe("PATCH " + PATH + "/{provider_id}", org -> new Call(PATH + "/" + OpenId.configured(org,
            OpenId.okta()), OpenId.body(Map.of("name", "Another")))),
        new Recipe("POST " + PATH + "/{provider_id}/check",
            org -> new Call(PATH + "/" + OpenId.configured(org, OpenId.okta()) + "/check")),
        new Recipe("GET /api/v2/roster/users/{user_id}/identities", org -> new Call(identities(org))),
        new Recipe("GET /api/v2/roster/users/{user_id}/identities/{identity_id}",
            org -> new Call(identities(org) + "/" + linked(org))),
        new Recipe("DELETE /api/v2/roster/users/{user_id}/identities/{identity_id}",
            org -> new Call(identities(org) + "/" + linked(org))),
        new Recipe("DELETE " + PATH + "/{provider_id}",
            org -> new Call(PATH + "/" + OpenId.configured(org, OpenId.okta()))));

    private static String identities(TestOrg org) {
        return "/api/v2/roster/users/%s/identities".formatted(org.founder().user().id());
    }

    private static String linked(TestOrg org) {
        OpenId.admitted(org, org.founder().user(), OpenId.configured(org, OpenId.okta()), "ada",
            Optional.of("automatic"));
        return org.roster().sqlValue("SELECT id FROM identities WHERE org_id = ?", org.id().value()).toString();
    }

    @Test
    void identities_are_listed_and_unlinked_by_those_who_manage_access() {
        var org = roster.newOrg("acme");
        var id = linked(org);
        var shown = org.founder().get(identities(org));
        assertThat(shown.at("/data/0/id").asString()).isEqualTo(id);
        assertThat(shown.at("/data/0/attributes/subject").asString()).isEqualTo("ada");
        assertThat(org.founder().delete(identities(org) + "/" + id).status()).isEqualTo(204);
        assertThat(org.founder().delete(identities(org) + "/" + id).status()).isEqualTo(404);
        assertThat(roster.sqlValue("SELECT ended_why FROM sessions WHERE org_id = ? AND identity_id IS NOT NULL",
            org.id().value())).isEqualTo("identity_unlinked");
    }

    private static Answer created(roster.support.TestUser caller, Map<String, Object> attributes) {
        return caller.post(PATH, OpenId.body(attributes));
    }

    @Test
    void what_is_configured_is_shown_without_its_secret() {
        var org = roster.newOrg("acme");
        var admin = org.founder();

        var answer = created(admin, OpenId.okta());

        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        assertThat(answer.at("/data/type").asString()).isEqualTo("roster_identity_providers");
        var shown = answer.at("/data/attributes");
        assertThat(shown.at("/authentication_method").asString()).isEqualTo("oidc");
        assertThat(shown.at("/addresses").asString()).as("Okta says not to rely on its claim").isEqualTo("letter");
        assertThat(shown.at("/link").asString()).isEqualTo("confirm");
        assertThat(shown.at("/create_users").asBoolean()).isFalse();
        assertThat(shown.at("/second_factor").asString()).isEqualTo("roster");
        assertThat(shown.at("/default_role").isNull()).isTrue();
        assertThat(shown.at("/domains").get(0).asString()).isEqualTo("acme.test");
        assertThat(shown.at("/secret_set_at").asString()).isNotEmpty();
        assertThat(answer.text()).doesNotContain(OpenId.SECRET);
        var path = PATH + "/" + answer.at("/data/id").asString();
        assertThat(admin.get(path).at("/data")).isEqualTo(answer.at("/data"));
        assertThat(admin.get(PATH).at("/data").get(0)).isEqualTo(answer.at("/data"));
        assertThat(roster.sql("""
            SELECT oidc_providers::text FROM oidc_providers WHERE org_id = ?
            UNION ALL
            SELECT audit_entries::text FROM audit_entries WHERE org_id = ?""", org.id().value(), org.id().value())
            .toString()).contains("okta").doesNotContain(OpenId.SECRET);
    }

    @Test
    void it_is_listed_among_the_ways_to_sign_in_and_can_be_disabled() {
        var org = roster.newOrg("acme");
        var id = OpenId.configured(org, OpenId.okta());

        var all = org.founder().get("/api/v2/identity_providers");
        assertThat(all.each("/data", "/attributes/authentication_method")).containsExactly("standard", "google_oidc",
            "saml", "oidc");
        assertThat(all.at("/data/3/id").asString()).isEqualTo(id);
        assertThat(all.at("/data/3/attributes/enabled").asBoolean()).isTrue();
        assertThat(org.founder().patch("/api/v2/identity_providers/" + id, """
            {"data":{"type":"identity_providers","id":"%s","attributes":{"enabled":false}}}""".formatted(id))
            .at("/data/attributes/enabled").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "name | ''", "name | 'x<y'", "profile | 'auth0'", "issuer | 'http://idp.example'",
        "issuer | 'https://idp.example/?a=b'", "issuer | 'https://u:p@idp.example'", "issuer | 'javascript:alert(1)'",
        "issuer | 'https://idp.example/#x'", "client_id | ''", "client_id | 'a b'", "client_secret | ''",
        "client_auth | 'none'", "addresses | 'always'", "link | 'never'", "second_factor | 'none'",
        "second_factor | 'provider'", "name | 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"})
    void bad_values_are_refused_by_name(String field, String value) {
        var org = roster.newOrg("acme");
        var version = org.version();
        var answer = created(org.founder(), OpenId.with(OpenId.okta(), field, value));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains(field);
        assertThat(org.version()).isEqualTo(version);
    }

    @Test
    void lists_are_bounded_and_checked() {
        var admin = roster.newOrg("acme").founder();
        for (var wrong : List.of(Map.entry("scopes", List.of("offline_access")),
            Map.entry("scopes", List.of("a b")), Map.entry("domains", List.of("not a domain")),
            Map.entry("domains",
                java.util.stream.IntStream.range(0, 51).mapToObj(i -> "d%d.test".formatted(i)).toList()),
            Map.entry("second_factor_values", List.of("")))) {
            assertThat(created(admin, OpenId.with(OpenId.okta(), wrong.getKey(), wrong.getValue())).status())
                .as(wrong.getKey()).isEqualTo(400);
        }
    }

    @Test
    void all_faults_are_told_together() {
        var answer = created(roster.newOrg("acme").founder(), Map.of("profile", "generic"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("name", "issuer", "client_id", "client_secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"common", "organizations", "consumers", "acme"})
    void an_entra_issuer_is_of_one_tenant(String tenant) {
        var admin = roster.newOrg("acme").founder();
        var attributes = OpenId.with(OpenId.with(OpenId.okta(), "profile", "entra"), "issuer",
            "https://login.microsoftonline.com/%s/v2.0".formatted(tenant));
        assertThat(created(admin, attributes).status()).isEqualTo(400);
        assertThat(created(admin, OpenId.with(attributes, "issuer",
            "https://login.microsoftonline.com/%s/v2.0".formatted(UUID.randomUUID()))).status()).isEqualTo(201);
    }

    @Test
    void Google_is_one_and_its_issuer_fixed() {
        var org = roster.newOrg("acme");
        var google = Map.<String, Object>of("name", "Google", "profile", "google", "client_id", "a", "client_secret",
            "b");
        assertThat(created(org.founder(), OpenId.with(google, "issuer", "https://evil.example")).status())
            .isEqualTo(400);
        var made = created(org.founder(), google);
        assertThat(made.at("/data/attributes/issuer").asString()).isEqualTo("https://accounts.google.com");
        assertThat(made.at("/data/id").asString()).isEqualTo(LoginMethod.GOOGLE_OIDC.id(org.id()).value().toString());
        assertThat(created(org.founder(), google).status()).isEqualTo(409);
        assertThat(org.founder().get("/api/v2/identity_providers").each("/data", "/attributes/authentication_method"))
            .containsExactly("standard", "google_oidc", "saml");
        assertThat(org.founder().delete(PATH + "/" + made.at("/data/id").asString()).status()).isEqualTo(204);
        assertThat(created(org.founder(), google).status()).isEqualTo(201);
    }

    @Test
    void five_others_at_most_and_none_twice() {
        var admin = roster.newOrg("acme").founder();
        for (int i = 0; i < 5; i++) {
            assertThat(created(admin, OpenId.with(OpenId.okta(), "client_id", "c" + i)).status()).isEqualTo(201);
        }
        assertThat(created(admin, OpenId.with(OpenId.okta(), "client_id", "c0")).status()).isEqualTo(409);
        assertThat(created(admin, OpenId.with(OpenId.okta(), "client_id", "c6")).status()).isEqualTo(400);
    }

    @Test
    void the_issuer_never_changes_and_the_secret_stays_unless_sent() {
        var org = roster.newOrg("acme");
        var path = PATH + "/" + OpenId.configured(org, OpenId.okta());
        var before = org.founder().get(path).at("/data/attributes/secret_set_at");

        assertThat(org.founder().patch(path, OpenId.body(Map.of("issuer", "https://other.example"))).status())
            .isEqualTo(400);
        assertThat(org.founder().patch(path, OpenId.body(Map.of("profile", "keycloak"))).status()).isEqualTo(400);
        var renamed = org.founder().patch(path, OpenId.body(Map.of("name", "Other")));
        assertThat(renamed.at("/data/attributes/name").asString()).isEqualTo("Other");
        assertThat(renamed.at("/data/attributes/secret_set_at")).isEqualTo(before);
        assertThat(org.founder().patch(path, OpenId.body(Map.of("client_secret", "another")))
            .at("/data/attributes/secret_set_at")).isNotEqualTo(before);
        var version = org.version();
        assertThat(org.founder().patch(path, OpenId.body(Map.of("name", "Other"))).status()).isEqualTo(200);
        assertThat(org.version()).isEqualTo(version);
    }

    /// Whoever configures a provider can become anyone here.
    @Test
    void L11_org_management_alone_configures_no_provider() {
        var org = roster.newOrg("acme");
        var id = OpenId.configured(org, OpenId.okta());
        for (var held : List.of(List.of("org_management"), List.of("user_access_manage"))) {
            var role = org.newRole("half " + held, held);
            var half = org.newUserWith("half-%s@acme.test".formatted(held.getFirst()),
                List.of(role.value().toString()));
            for (var answer : List.of(created(half, OpenId.okta()), half.get(PATH), half.get(PATH + "/" + id),
                half.patch(PATH + "/" + id, OpenId.body(Map.of("name", "Mine"))), half.delete(PATH + "/" + id))) {
                assertThat(answer.status()).isEqualTo(403);
            }
        }
        var both = org.newUserWith("both@acme.test", List.of(org.newRole("both", List.of("org_management",
            "user_access_manage")).value().toString()));
        assertThat(both.get(PATH + "/" + id).status()).isEqualTo(200);
    }

    @Test
    void a_removed_provider_cannot_be_an_override_and_the_last_method_cannot_be_removed() {
        var org = roster.newOrg("acme");
        var admin = org.founder();
        var id = OpenId.configured(org, OpenId.okta());
        for (var method : List.of(LoginMethod.STANDARD, LoginMethod.GOOGLE_OIDC)) {
            var other = method.id(org.id()).value();
            assertThat(admin.patch("/api/v2/identity_providers/" + other, """
                {"data":{"type":"identity_providers","id":"%s","attributes":{"enabled":false}}}""".formatted(other))
                .status()).isEqualTo(200);
        }
        assertThat(admin.delete(PATH + "/" + id).status()).isEqualTo(400);
        var second = OpenId.configured(org, OpenId.with(OpenId.okta(), "client_id", "second"));
        assertThat(admin.delete(PATH + "/" + id).status()).isEqualTo(204);
        assertThat(admin.get(PATH + "/" + id).status()).isEqualTo(404);
        var bob = org.newUser("bob@acme.test").user().id();
        var override = "/api/v2/users/%s/relationships/identity_providers".formatted(bob);
        assertThat(admin.patch(override, reference(id)).status()).isEqualTo(400);
        assertThat(admin.patch(override, reference(UUID.randomUUID().toString())).status()).isEqualTo(404);
        assertThat(admin.patch(override, reference(second)).status()).isEqualTo(204);
        assertThat(admin.get("/api/v2/users/" + bob).at("/data/attributes/allowed_login_methods").toString())
            .isEqualTo("[\"oidc\"]");
        assertThat(admin.get("/api/v2/users/%s/identity_providers".formatted(bob)).at("/data/0/id").asString())
            .isEqualTo(second);
    }

    private static String reference(String id) {
        return "{\"data\":[{\"type\":\"identity_providers\",\"id\":\"%s\"}]}".formatted(id);
    }

    @Test
    void a_default_role_is_one_that_exists_and_ends_with_it() {
        var org = roster.newOrg("acme");
        assertThat(created(org.founder(), OpenId.with(OpenId.okta(), "default_role", UUID.randomUUID().toString()))
            .status()).isEqualTo(400);
        var role = org.newRole("guests", List.of()).value();
        var path = PATH + "/" + OpenId.configured(org, OpenId.with(OpenId.okta(), "default_role", role.toString()));
        assertThat(org.founder().get(path).at("/data/attributes/default_role").asString()).isEqualTo(role.toString());
        assertThat(org.founder().delete("/api/v2/roles/" + role).status()).isEqualTo(204);
        assertThat(org.founder().get(path).at("/data/attributes/default_role").isNull()).isTrue();
    }
}
