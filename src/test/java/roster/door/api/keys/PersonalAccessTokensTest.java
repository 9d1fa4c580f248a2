package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.api.keys.Tokens.OWN;
import static roster.door.api.keys.Tokens.WISH;
import static roster.door.api.keys.Tokens.attributes;
import static roster.door.api.keys.Tokens.body;
import static roster.door.api.keys.Tokens.issued;
import static roster.door.api.keys.Tokens.own;
import static roster.door.api.keys.Tokens.robot;
import static roster.door.api.keys.Tokens.tokensOf;
import static roster.door.api.keys.Tokens.with;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `/api/v2/personal_access_tokens`.
class PersonalAccessTokensTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("POST /api/v2/personal_access_tokens", org -> new Call(OWN, body("personal", "", WISH))),
        new Recipe("GET /api/v2/personal_access_tokens/{token_id}",
            org -> new Call(issued(org.founder(), OWN, "personal"))),
        new Recipe("PATCH /api/v2/personal_access_tokens/{token_id}", org -> {
            var path = issued(org.founder(), OWN, "personal");
            var id = path.substring(path.lastIndexOf('/') + 1);
            return new Call(path, body("personal", id, "{\"name\":\"changed\",\"scopes\":[\"user_access_read\"]}"));
        }),
        new Recipe("DELETE /api/v2/personal_access_tokens/{token_id}",
            org -> new Call(issued(org.founder(), OWN, "personal"))));

    @Test
    void a_personal_token_is_shown_once_and_stands_for_both_keys() {
        var org = roster.newOrg("acme");
        var ada = org.founder();

        var created = own(ada, "user_access_read");

        assertThat(created.status()).isEqualTo(201);
        var secret = created.text("/data/attributes/key");
        assertThat(secret).matches("ddpat_[0-9A-Za-z]{22}_[0-9A-Za-z]{36}");
        assertThat(created.text("/data/attributes/public_portion")).isEqualTo(secret.substring(6, 28));
        assertThat(created.at("/data/attributes").has("last_used_at")).isFalse();
        assertThat(created.at("/data/attributes").has("modified_at")).isFalse();
        assertThat(created.text("/data/relationships/owned_by/data/type")).isEqualTo("users");
        assertThat(created.text("/data/relationships/owned_by/data/id")).isEqualTo(ada.id());
        assertThat(with(roster, secret, "/api/v2/users").status()).isEqualTo(200);
        assertThat(with(roster, secret, "/api/v2/current_user").id()).isEqualTo(ada.id());
        for (var headers : List.of(Map.of("DD-APPLICATION-KEY", secret),
            Map.of("DD-APPLICATION-KEY", secret, "DD-API-KEY", org.apiKey()),
            Map.of("authorization", "bearer " + secret))) {
            assertThat(roster.send("GET", "/api/v2/users", null, headers).status()).as(headers.keySet().toString())
                .isEqualTo(200);
        }
        for (var shown : List.of(ada.get(OWN + "/" + created.id()), ada.get(OWN), ada.patch(OWN + "/" + created.id(),
            body("personal", created.id(), "{\"name\":\"other\"}")))) {
            assertThat(shown.status()).isEqualTo(200);
            assertThat(shown.text()).doesNotContain(secret.substring(29)).contains(created.id());
        }
        assertThat(roster.sql("SELECT t::text FROM access_tokens t WHERE org_id = ?", org.id().value()).toString())
            .doesNotContain(secret.substring(29));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"name\":\"x\",\"scopes\":[\"user_access_read\"]}",
        "{\"name\":\"x\",\"scopes\":[\"user_access_read\"],\"expires_at\":\"soon\"}",
        "{\"name\":\"x\",\"scopes\":[\"user_access_read\"],\"expires_at\":\"+12345-01-01T00:00:00Z\"}",
        "{\"name\":\"x\",\"scopes\":[],\"expires_at\":\"2999-01-01T00:00:00Z\"}",
        "{\"name\":\"x\",\"expires_at\":\"2999-01-01T00:00:00Z\"}",
        "{\"name\":\" \",\"scopes\":[\"user_access_read\"],\"expires_at\":\"2999-01-01T00:00:00Z\"}",
        "{\"scopes\":[\"user_access_read\"],\"expires_at\":\"2999-01-01T00:00:00Z\"}"})
    void a_bad_wish_is_400_and_changes_nothing(String attributes) {
        var ada = roster.newOrg("acme").founder();
        var version = ada.org().version();

        assertThat(ada.post(OWN, body("personal", "", attributes)).status()).isEqualTo(400);
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void an_expiry_too_near_and_an_unknown_scope_are_named() {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.post(OWN, body("personal", "", attributes("x", "user_access_read",
            Instant.now().plus(23, ChronoUnit.HOURS).toString()))).errors())
            .containsExactly("expires_at must be at least 24 hours in the future");
        assertThat(own(ada, "fly").errors()).containsExactly("Invalid scopes: fly");
    }

    @Test
    void callers_see_their_own_and_those_who_manage_keys_see_all() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = org.newUserWith("bob@acme.test",
            List.of(org.newRole("keys", List.of("user_app_keys")).toString()));
        var robot = robot(org);
        var service =
            ada.post(tokensOf(robot), body("service", "", "{\"name\":\"s\",\"scopes\":[\"user_access_read\"]}"));
        var adas = own(ada, "user_access_read");
        var bobs = own(bob, "user_access_read");

        assertThat(bob.get(OWN).each("/data", "/id")).containsExactly(bobs.id());
        assertThat(bob.get(OWN + "?filter[owned_by]=" + ada.id()).at("/data")).isEmpty();
        assertThat(ada.get(OWN).each("/data", "/id")).containsExactlyInAnyOrder(adas.id(), bobs.id(), service.id());
        assertThat(ada.get(OWN + "?sort=-name").each("/data", "/type"))
            .containsExactly("service_access_tokens", "personal_access_tokens", "personal_access_tokens");
        assertThat(ada.get(OWN + "?filter[owned_by]=%s&filter[owned_by]=%s".formatted(bob.id(), robot))
            .each("/data", "/id")).containsExactlyInAnyOrder(bobs.id(), service.id());
        assertThat(ada.get(OWN + "?filter=A%20TOK&page[size]=1").at("/meta/page/total_filtered_count").asInt())
            .isEqualTo(2);
        assertThat(bob.get(OWN + "/" + adas.id()).status()).isEqualTo(404);
        assertThat(bob.delete(OWN + "/" + adas.id()).status()).isEqualTo(404);
        assertThat(ada.patch(OWN + "/" + bobs.id(), body("personal", bobs.id(), "{\"name\":\"seen\"}"))
            .text("/data/attributes/name")).isEqualTo("seen");
        assertThat(ada.delete(OWN + "/" + bobs.id()).status()).isEqualTo(204);
        assertThat(org.newUser("none@acme.test").get(OWN).status()).isEqualTo(403);
        assertThat(ada.get(OWN + "?sort=last4").status()).isEqualTo(400);
    }

    @Test
    void a_bad_edit_is_refused_and_changes_nothing() {
        var ada = roster.newOrg("acme").founder();
        var id = own(ada, "user_access_read").id();
        var path = OWN + "/" + id;
        var version = ada.org().version();

        assertThat(ada.patch(path, body("personal", id, "{\"scopes\":[]}")).errors())
            .containsExactly("API input validation failed: {'scopes': ['Shorter than minimum length 1.']}");
        assertThat(ada.patch(path, body("personal", id, "{\"scopes\":[\"fly\"]}")).errors())
            .containsExactly("Invalid scopes: fly");
        assertThat(ada.patch(path, body("personal", id, "{\"name\":\" \"}")).errors())
            .containsExactly("API input validation failed: {'name': ['Shorter than minimum length 1.']}");
        assertThat(ada.patch(path, body("personal", UUID.randomUUID().toString(), "{\"name\":\"x\"}")).status())
            .isEqualTo(422);
        assertThat(ada.patch(path, body("service", id, "{\"name\":\"x\"}")).status()).isEqualTo(400);
        assertThat(ada.patch(path, body("personal", id, "{\"name\":\"a token\"}")).status()).isEqualTo(200);
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void a_service_account_has_no_personal_tokens() {
        var org = roster.newOrg("acme");
        var robot = org.newServiceAccount("robot@acme.test", List.of(org.managed(Role.Managed.ADMIN).toString()));
        var machine = new TestUser(org, robot, org.apiKey(), org.newApplicationKey(robot, Optional.empty()));

        assertThat(own(machine, "user_access_read").status()).isEqualTo(400);
    }
}
