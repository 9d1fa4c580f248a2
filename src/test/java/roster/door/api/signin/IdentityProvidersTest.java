package roster.door.api.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.LoginMethod;
import roster.support.Answer;
import roster.support.Metadata;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Identity providers, and the users who are bound to them.
class IdentityProvidersTest {
    private static final String PATH = "/api/v2/identity_providers";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("PATCH /api/v2/identity_providers/{idp_id}", org -> {
            Metadata.upload(org.founder());
            var saml = id(org, LoginMethod.SAML);
            return new Call(PATH + "/" + saml, """
                {"data":{"type":"identity_providers","id":"%s","attributes":{"enabled":true}}}""".formatted(saml));
        }),
        new Recipe("GET /api/v2/identity_providers/{idp_id}/users",
            org -> new Call(PATH + "/" + id(org, LoginMethod.SAML) + "/users")),
        new Recipe("GET /api/v2/users/{user_id}/identity_providers",
            org -> new Call("/api/v2/users/%s/identity_providers".formatted(org.newPending("bob@acme.test").id()))),
        new Recipe("PATCH /api/v2/users/{user_id}/relationships/identity_providers",
            org -> new Call(relationship(org.newPending("bob@acme.test").id()),
                "{\"data\":[{\"type\":\"identity_providers\",\"id\":\"%s\"}]}"
                    .formatted(id(org, LoginMethod.STANDARD)))));

    private static String id(TestOrg org, LoginMethod method) {
        return method.id(org.id()).value().toString();
    }

    private static Answer enable(TestUser caller, LoginMethod method, boolean enabled) {
        var id = id(caller.org(), method);
        return caller.patch(PATH + "/" + id,
            "{\"data\":{\"type\":\"identity_providers\",\"id\":\"%s\",\"attributes\":{\"enabled\":%s}}}".formatted(id,
                enabled));
    }

    private static Answer bind(TestUser caller, Object user, LoginMethod... methods) {
        return caller.patch(relationship(user), Arrays.stream(methods)
            .map(method -> "{\"type\":\"identity_providers\",\"id\":\"%s\"}".formatted(id(caller.org(), method)))
            .collect(Collectors.joining(",", "{\"data\":[", "]}")));
    }

    private static String relationship(Object user) {
        return "/api/v2/users/" + user + "/relationships/identity_providers";
    }

    private static List<String> methods(TestUser caller, Object user) {
        return caller.get("/api/v2/users/" + user + "/identity_providers").each("/data",
            "/attributes/authentication_method");
    }

    @Test
    void an_organisation_begins_with_three_of_which_two_are_enabled() {
        var org = roster.newOrg("acme");

        var answer = org.newUser("bob@acme.test").get(PATH);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.each("/data", "/attributes/authentication_method")).containsExactly("standard", "google_oidc",
            "saml");
        assertThat(answer.at("/data/0/attributes/enabled").asBoolean()).isTrue();
        assertThat(answer.at("/data/1/attributes/enabled").asBoolean()).isTrue();
        assertThat(answer.at("/data/2/attributes/enabled").asBoolean()).isFalse();
        assertThat(answer.each("/data", "/id")).doesNotHaveDuplicates()
            .doesNotContainAnyElementsOf(roster.newOrg("acme").founder().get(PATH).each("/data", "/id"));
    }

    @Test
    void saml_is_enabled_only_once_the_metadata_are_uploaded() {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        var early = enable(ada, LoginMethod.SAML, true);

        assertThat(early.status()).isEqualTo(400);
        assertThat(early.errors()).containsExactly(
            "SAML cannot be enabled before the identity provider's metadata are uploaded");
        assertThat(ada.org().version()).isEqualTo(before);
        assertThat(enable(ada, LoginMethod.SAML, false).status()).isEqualTo(200);
        Metadata.upload(ada);
        var enabled = enable(ada, LoginMethod.SAML, true);
        assertThat(enabled.status()).isEqualTo(200);
        assertThat(enabled.at("/data/attributes/enabled").asBoolean()).isTrue();
    }

    /// Release 0.1.0 let it be enabled before.
    @Test
    void enabling_saml_again_changes_nothing_also_if_it_was_enabled_without_metadata() {
        var ada = roster.newOrg("acme").founder();
        Metadata.upload(ada);
        enable(ada, LoginMethod.SAML, true);
        roster.sql("DELETE FROM saml_configurations WHERE org_id = ?", ada.org().id().value());
        var before = ada.org().version();

        var again = enable(ada, LoginMethod.SAML, true);

        assertThat(again.status()).as(again.toString()).isEqualTo(200);
        assertThat(again.at("/data/attributes/enabled").asBoolean()).isTrue();
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void one_is_enabled_and_disabled_and_the_last_stays() {
        var ada = roster.newOrg("acme").founder();
        Metadata.upload(ada);

        assertThat(enable(ada, LoginMethod.SAML, true).at("/data/attributes/enabled").asBoolean()).isTrue();
        assertThat(enable(ada, LoginMethod.STANDARD, false).status()).isEqualTo(200);
        assertThat(enable(ada, LoginMethod.GOOGLE_OIDC, false).status()).isEqualTo(200);
        var last = enable(ada, LoginMethod.SAML, false);
        assertThat(last.status()).isEqualTo(400);
        assertThat(last.errors()).containsExactly("The last enabled identity provider cannot be disabled");
        assertThat(ada.get(PATH).at("/data/2/attributes/enabled").asBoolean()).isTrue();
        assertThat(roster.sql("""
            SELECT subject_kind, subject_name, before::text, after::text FROM audit_entries
             WHERE org_id = ? AND action = 'identity_provider.updated' ORDER BY version LIMIT 1
            """, ada.org().id().value())).containsExactly(List.of("identity_provider", "saml", "{\"enabled\": false}",
            "{\"enabled\": true}"));
    }

    @Test
    void these_settings_are_not_among_those_that_are_set_by_name() {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.get("/api/v2/org_configs").each("/data", "/attributes/name")).doesNotContain("login_saml");
        assertThat(ada.get("/api/v2/org_configs/login_saml").status()).isEqualTo(404);
    }

    @Test
    void bodies_are_looked_at_before_ids_and_ids_before_the_provider() {
        var ada = roster.newOrg("acme").founder();
        var unknown = UUID.randomUUID();
        var body = "{\"data\":{\"type\":\"identity_providers\",\"id\":\"%s\",\"attributes\":%s}}";

        assertThat(ada.patch(PATH + "/" + unknown, body.formatted(UUID.randomUUID(), "{}")).errors())
            .containsExactly("API input validation failed: {'enabled': ['Missing data for required field.']}");
        assertThat(ada.patch(PATH + "/" + unknown, body.formatted(UUID.randomUUID(), "{\"enabled\":true}")).status())
            .isEqualTo(422);
        assertThat(ada.patch(PATH + "/" + unknown, body.formatted(unknown, "{\"enabled\":true}")).errors())
            .containsExactly(unknown + " not found");
        assertThat(enable(ada.org().newStandard("bob@acme.test"), LoginMethod.SAML, true).status()).isEqualTo(403);
    }

    @Test
    void a_user_is_bound_and_let_go_again() {
        var org = roster.newOrg("acme");
        var bob = org.newPending("bob@acme.test").id();
        assertThat(methods(org.founder(), bob)).isEmpty();

        assertThat(bind(org.founder(), bob, LoginMethod.GOOGLE_OIDC, LoginMethod.STANDARD).status()).isEqualTo(204);

        assertThat(methods(org.founder(), bob)).containsExactly("standard", "google_oidc");
        assertThat(bind(org.founder(), bob, LoginMethod.GOOGLE_OIDC).status()).isEqualTo(204);
        assertThat(methods(org.founder(), bob)).containsExactly("google_oidc");
        assertThat(bind(org.founder(), bob).status()).isEqualTo(204);
        assertThat(methods(org.founder(), bob)).isEmpty();
    }

    @Test
    void a_user_shows_their_methods_wherever_they_are_shown() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = org.newPending("bob@acme.test").id();
        var before = ada.get("/api/v2/users/" + bob);
        var role = org.newRole("ops", List.of("dashboards_read"));
        ada.post("/api/v2/roles/%s/users".formatted(role),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(bob));

        bind(ada, bob, LoginMethod.STANDARD);

        var after = ada.get("/api/v2/users/" + bob);
        assertThat(after.texts("/data/attributes/allowed_login_methods")).containsExactly("standard");
        assertThat(after.text("/data/attributes/modified_at")).isGreaterThan(before.text(
            "/data/attributes/modified_at"));
        assertThat(after.header("ETag")).isNotEqualTo(before.header("ETag"));
        assertThat(ada.get("/api/v2/users?filter=bob").texts("/data/0/attributes/allowed_login_methods"))
            .containsExactly("standard");
        assertThat(ada.get("/api/v2/roles/%s/users".formatted(role)).texts("/data/0/attributes/allowed_login_methods"))
            .containsExactly("standard");
        var renamed = ada.patch("/api/v2/users/" + bob,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{\"name\":\"Bob\"}}}".formatted(bob));
        assertThat(renamed.texts("/data/attributes/allowed_login_methods")).containsExactly("standard");
        assertThat(ada.get("/api/v2/users/" + bob).texts("/data/attributes/allowed_login_methods"))
            .containsExactly("standard");
        try (var node = roster.anotherNode(Map.of())) { // that reads them from the table, all at once
            assertThat(ada.sendTo(node.address(), "GET", "/api/v2/users/" + bob, null, Map.of())
                .texts("/data/attributes/allowed_login_methods")).containsExactly("standard");
        }
    }

    @Test
    void a_user_may_be_bound_to_what_is_off_by_default_but_not_to_saml_before_its_metadata() {
        var org = roster.newOrg("acme");
        var bob = org.newPending("bob@acme.test").id();
        enable(org.founder(), LoginMethod.STANDARD, false);

        assertThat(bind(org.founder(), bob, LoginMethod.STANDARD).status()).isEqualTo(204);
        assertThat(methods(org.founder(), bob)).containsExactly("standard");
        assertThat(bind(org.founder(), bob, LoginMethod.SAML).status()).isEqualTo(400);
        Metadata.upload(org.founder());
        assertThat(bind(org.founder(), bob, LoginMethod.SAML).status()).isEqualTo(204);
        assertThat(methods(org.founder(), bob)).containsExactly("saml");
    }

    @Test
    void users_cannot_be_bound_to_what_has_no_metadata_or_is_unknown() {
        var org = roster.newOrg("acme");
        var bob = org.newPending("bob@acme.test").id();
        var before = org.version();

        var disabled = bind(org.founder(), bob, LoginMethod.STANDARD, LoginMethod.SAML);
        assertThat(disabled.status()).isEqualTo(400);
        assertThat(disabled.errors())
            .containsExactly("Identity provider %s has no metadata".formatted(id(org, LoginMethod.SAML)));
        var foreign = id(roster.newOrg("acme"), LoginMethod.STANDARD);
        var unknown = org.founder().patch(relationship(bob),
            "{\"data\":[{\"type\":\"identity_providers\",\"id\":\"%s\"}]}".formatted(foreign));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.errors()).containsExactly(foreign + " not found");
        assertThat(org.version()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\":{}}", "{\"data\":null}", "{}", "{\"data\":[7]}", "{\"data\":[{\"id\":\"x\"}]}",
        "{\"data\":[{\"type\":\"users\",\"id\":\"x\"}]}", "{\"data\":[{\"type\":\"identity_providers\"}]}"})
    void what_is_no_list_of_references_is_refused(String body) {
        var org = roster.newOrg("acme");

        assertThat(org.founder().patch(relationship(UUID.randomUUID()), body).status()).isEqualTo(400);
    }

    @Test
    void unknown_users_are_not_found_and_binding_needs_a_permission() {
        var org = roster.newOrg("acme");
        var unknown = UUID.randomUUID();

        assertThat(org.founder().get("/api/v2/users/" + unknown + "/identity_providers").errors())
            .containsExactly("user not found");
        assertThat(bind(org.founder(), unknown).errors()).containsExactly(unknown + " not found");
        assertThat(bind(org.newStandard("bob@acme.test"), org.founder().id()).status()).isEqualTo(403);
    }

    @Test
    void a_change_is_audited_and_the_same_again_is_none() {
        var org = roster.newOrg("acme");
        var bob = org.newPending("bob@acme.test").id();
        bind(org.founder(), bob, LoginMethod.STANDARD);
        var before = org.version();

        assertThat(bind(org.founder(), bob, LoginMethod.STANDARD).status()).isEqualTo(204);

        assertThat(org.version()).isEqualTo(before);
        assertThat(roster.sql("""
            SELECT subject_kind, subject_id, before::text, after::text FROM audit_entries
             WHERE org_id = ? AND action = 'identity_provider.override_updated'
            """, org.id().value())).containsExactly(List.of("identity_provider", bob.value(),
            "{\"allowed_login_methods\": []}", "{\"allowed_login_methods\": [\"standard\"]}"));
    }

    @Test
    void the_users_who_are_bound_are_listed_by_address() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        for (var name : List.of("cy", "bob", "abe")) {
            bind(ada, org.newPending(name + "@acme.test").id(), LoginMethod.GOOGLE_OIDC);
        }
        bind(ada, org.newPending("dan@acme.test").id(), LoginMethod.STANDARD);
        org.newPending("free@acme.test");
        var list = PATH + "/" + id(org, LoginMethod.GOOGLE_OIDC) + "/users";

        var all = ada.get(list);
        assertThat(all.each("/data", "/attributes/email")).containsExactly("abe@acme.test", "bob@acme.test",
            "cy@acme.test");
        assertThat(all.at("/meta/page/total_count").asLong()).isEqualTo(3);
        assertThat(ada.get(list + "?sort=-email&page%5Bsize%5D=2").each("/data", "/attributes/email"))
            .containsExactly("cy@acme.test", "bob@acme.test");
        assertThat(ada.get(list + "?page%5Bsize%5D=2&page%5Bnumber%5D=1").each("/data", "/attributes/email"))
            .containsExactly("cy@acme.test");
        var filtered = ada.get(list + "?filter=BOB&filter%5Bstatus%5D=Pending");
        assertThat(filtered.each("/data", "/attributes/email")).containsExactly("bob@acme.test");
        assertThat(filtered.at("/meta/page/total_count").asLong()).isEqualTo(3);
        assertThat(filtered.at("/meta/page/total_filtered_count").asLong()).isEqualTo(1);
        assertThat(ada.get(list + "?sort=name").status()).isEqualTo(200);
        assertThat(ada.get(list + "?sort=title").status()).isEqualTo(400);
        assertThat(ada.get(list + "?page%5Bsize%5D=101").status()).isEqualTo(400);
        assertThat(ada.get(PATH + "/" + UUID.randomUUID() + "/users").status()).isEqualTo(404);
    }
}
