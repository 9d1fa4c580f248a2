package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;

class GetUserTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("GET /api/v2/users/{user_id}",
        org -> new Call("/api/v2/users/" + org.newPending("bob@acme.test").id())));

    @Test
    void a_user_is_answered_whole_with_mfa_and_team_roles() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");

        var answer = ada.get("/api/v2/users/" + bob.id());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.text()).isEqualTo("""
            {"data":{"type":"users","id":"%1$s","attributes":{"uuid":"%1$s","name":null,"handle":"bob@acme.test",\
            "created_at":"%2$s","modified_at":"%3$s","email":"bob@acme.test",\
            "icon":"https://secure.gravatar.com/avatar/9a76afc53a695b42c635dd4fc6aa1526?s=48&d=retro","title":null,\
            "verified":true,"service_account":false,"disabled":false,"allowed_login_methods":[],"status":"Active",\
            "mfa_enabled":false,"last_login_time":null},"relationships":{"roles":{"data":[]},\
            "org":{"data":{"type":"orgs","id":"%4$s"}},"team_roles":{"data":[]}}}}\
            """.formatted(bob.id(), answer.text("/data/attributes/created_at"),
            answer.text("/data/attributes/modified_at"), ada.org().id()));
    }

    @Test
    void the_roles_and_then_their_permissions_are_included() {
        var org = roster.newOrg("acme");
        var reader = org.newRole("reader", List.of("dashboards_read", "monitors_read"));
        var writer = org.newRole("writer", List.of("dashboards_read", "user_access_invite"));
        var bob = org.newUserWith("bob@acme.test", List.of(writer.toString(), reader.toString()));

        var answer = bob.get("/api/v2/users/" + bob.id());

        assertThat(answer.each("/data/relationships/roles/data", "/id"))
            .containsExactlyInAnyOrder(reader.toString(), writer.toString());
        assertThat(answer.each("/included", "/type"))
            .containsExactly("roles", "roles", "permissions", "permissions", "permissions");
        assertThat(answer.each("/included", "/attributes/name").subList(2, 5))
            .containsExactlyInAnyOrder("dashboards_read", "monitors_read", "user_access_invite");
        assertThat(answer.json().propertyNames()).containsExactly("data", "included");
    }

    @Test
    void unlisted_permissions_are_not_shown() {
        var ada = roster.newOrg("acme").founder();

        var names = ada.get("/api/v2/users/" + ada.id()).each("/included", "/attributes/name");

        assertThat(names).contains("user_access_manage").doesNotContain("user_access_read", "service_account_read",
            "teams_read");
    }

    @Test
    void a_disabled_user_keeps_their_icon() {
        var ada = roster.newOrg("acme").founder();
        var role = ada.org().managed(Role.Managed.STANDARD);
        var bob = ada.org().newStandard("bob@acme.test");
        ada.delete("/api/v2/users/" + bob.id());

        var answer = ada.get("/api/v2/users/" + bob.id());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/data/attributes/disabled").asBoolean()).isTrue();
        assertThat(answer.text("/data/attributes/status")).isEqualTo("Disabled");
        assertThat(answer.text("/data/attributes/email")).isEqualTo("bob@acme.test");
        assertThat(answer.each("/data/relationships/roles/data", "/id")).containsExactly(role.toString());
    }

    @Test
    void a_service_account_is_found_and_its_handle_is_its_id() {
        var ada = roster.newOrg("acme").founder();
        var bot = ada.org().newServiceAccount("bot@acme.test", List.of());

        var answer = ada.get("/api/v2/users/" + bot.id());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/data/attributes/service_account").asBoolean()).isTrue();
        assertThat(answer.text("/data/attributes/handle")).isEqualTo(bot.id().toString());
        assertThat(answer.text("/data/attributes/status")).isEqualTo("Active");
    }

    @Test
    void an_id_is_found_in_any_letter_case_and_answered_in_lower_case() {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.get("/api/v2/users/" + ada.id().toUpperCase(Locale.ROOT)).id()).isEqualTo(ada.id());
    }

    @Test
    void ids_that_are_no_user_of_the_organisation_are_not_found() {
        var ada = roster.newOrg("acme").founder();
        var stranger = roster.newOrg("other").founder();

        for (var id : List.of(UUID.randomUUID(), stranger.id(), ada.org().id(),
            ada.org().managed(Role.Managed.ADMIN))) {
            var answer = ada.get("/api/v2/users/" + id);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly("user not found");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "bob@acme.test", "1-1-1-1-1", "%F0%9F%98%80", "..%2Fusers", "0",
        "01a209eb-a19a-78f0-8e55-842c562d307g", "01a209eba19a78f08e55842c562d3074"})
    void text_that_is_no_uuid_is_not_found(String id) {
        var answer = roster.newOrg("acme").founder().get("/api/v2/users/" + id);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.errors()).containsExactly("user not found");
    }

    @Test
    void everyone_who_can_call_may_look() {
        var bob = roster.newOrg("acme").newUser("bob@acme.test");

        assertThat(bob.get("/api/v2/users/" + bob.org().founder().id()).status()).isEqualTo(200);
    }

    @Test
    void a_scoped_key_looks_only_if_that_is_among_its_scopes() {
        var ada = roster.newOrg("acme").founder();

        var refused = ada.scopedTo("user_access_manage").get("/api/v2/users/" + ada.id());

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        assertThat(ada.scopedTo("user_access_read").get("/api/v2/users/" + ada.id()).status()).isEqualTo(200);
    }

    @Test
    void permission_is_looked_at_before_existence() {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.scopedTo("user_access_manage").get("/api/v2/users/" + UUID.randomUUID()).status())
            .isEqualTo(403);
    }

    @Test
    void head_answers_as_get_without_a_body() {
        var ada = roster.newOrg("acme").founder();
        var get = ada.get("/api/v2/users/" + ada.id());

        var head = ada.send("HEAD", "/api/v2/users/" + ada.id(), null);

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.bytes()).isEmpty();
        assertThat(head.header("Content-Length")).contains(Integer.toString(get.bytes().length));
        assertThat(ada.send("HEAD", "/api/v2/users/unknown", null).status()).isEqualTo(404);
    }

    @Test
    void a_trailing_slash_is_another_address() {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.get("/api/v2/users/" + ada.id() + "/");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.errors()).containsExactly("Not Found");
    }
}
