package roster.door.api.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.model.Permission;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

class UpdateRoleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("PATCH /api/v2/roles/{role_id}", org -> {
        var role = org.newRole("ops", List.of("dashboards_read"));
        return new Call("/api/v2/roles/" + role, """
            {"data":{"type":"roles","id":"%s","attributes":{"name":"changed"}}}""".formatted(role));
    }));

    private static Answer update(TestUser caller, Object id, String attributes, Object... permissions) {
        return patch(caller, id, """
            "attributes":%s,"relationships":{"permissions":{"data":%s}}""".formatted(attributes,
            List.of(permissions).stream().map("{\"type\":\"permissions\",\"id\":\"%s\"}"::formatted).toList()));
    }

    private static Answer patch(TestUser caller, Object id, String members) {
        return caller.patch("/api/v2/roles/" + id, """
            {"data":{"type":"roles","id":"%s",%s}}""".formatted(id, members));
    }

    private static UUID id(String permission) {
        return roster.program().kernel().catalogue().find(new Permission(permission)).orElseThrow().id();
    }

    private static List<String> held(TestUser caller, Object role) {
        return caller.get("/api/v2/roles/" + role + "/permissions").each("/data", "/attributes/name");
    }

    @Test
    void a_name_alone_leaves_the_permissions() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of("user_access_invite"));
        org.newUserWith("bob@acme.test", List.of(role.toString()));

        var answer = patch(org.founder(), role, "\"attributes\":{\"name\":\"operations\",\"user_count\":9}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/data/attributes/name")).isEqualTo("operations");
        assertThat(answer.at("/data/attributes/user_count").asInt()).isEqualTo(1);
        assertThat(answer.text("/data/attributes/modified_by_handle")).isEqualTo(org.founder().user().handle());
        assertThat(held(org.founder(), role)).containsExactly("user_access_invite");
        assertThat(org.founder().get("/api/v2/roles/" + role).at("/data")).isEqualTo(answer.at("/data"));
        assertThat(org.founder().get("/api/v2/users?filter=bob").text("/included/0/attributes/name"))
            .isEqualTo("operations");
    }

    @Test
    void named_permissions_take_the_place_of_all_but_the_defaults() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of("user_access_invite"));

        update(org.founder(), role, "{}", id("api_keys_read"));
        assertThat(held(org.founder(), role)).contains("api_keys_read", "dashboards_read")
            .doesNotContain("user_access_invite").hasSize(11);

        update(org.founder(), role, "{\"default_permissions_opt_out\":true}", id("api_keys_read"));
        assertThat(held(org.founder(), role)).containsExactly("api_keys_read");

        var none = update(org.founder(), role, "{\"default_permissions_opt_out\":true}");
        assertThat(none.at("/data/relationships/permissions/data")).isEmpty();
        assertThat(held(org.founder(), role)).isEmpty();

        assertThat(update(org.founder(), role, "{}", id("admin")).each("/data/relationships/permissions/data", "/id"))
            .contains(id("admin").toString(), id("standard").toString()).hasSize(12);
    }

    @Test
    void what_members_may_do_changes_with_the_commit() {
        var org = roster.newOrg("acme");
        var role = org.newRole("managers", List.of("user_access_manage"));
        var max = org.newUserWith("max@acme.test", List.of(role.toString()));
        var create = "{\"data\":{\"attributes\":{\"name\":\"by max %d\"}}}";
        assertThat(max.post("/api/v2/roles", create.formatted(1)).status()).isEqualTo(200);

        update(org.founder(), role, "{}", id("api_keys_read"));

        assertThat(max.post("/api/v2/roles", create.formatted(2)).status()).isEqualTo(403);
        update(org.founder(), role, "{}", id("user_access_manage"));
        assertThat(max.post("/api/v2/roles", create.formatted(3)).status()).isEqualTo(200);
    }

    @Test
    void nothing_to_change_changes_nothing() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());
        var shown = org.founder().get("/api/v2/roles/" + role);
        var before = org.version();

        var answer = patch(org.founder(), role, "\"attributes\":{\"name\":\"ops\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/data")).isEqualTo(shown.at("/data"));
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void a_name_may_change_its_letter_case_and_be_no_others() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());
        org.newRole("support", List.of());

        assertThat(patch(org.founder(), role, "\"attributes\":{\"name\":\"OPS\"}").text("/data/attributes/name"))
            .isEqualTo("OPS");
        for (var taken : List.of("Support", "Datadog Admin Role")) {
            var answer = patch(org.founder(), role, "\"attributes\":{\"name\":\"%s\"}".formatted(taken));
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.errors()).containsExactly("A role with the same name already exists");
        }
    }

    @Test
    void the_last_administrators_permission_stays() {
        var org = roster.newOrg("acme");
        var role = org.newRole("managers", List.of("user_access_manage"));
        var max = org.newUserWith("max@acme.test", List.of(role.toString()));
        assertThat(max.delete("/api/v2/users/" + org.founder().id()).status()).isEqualTo(204);
        var before = org.version();

        var answer = update(max, role, "{}", id("api_keys_read"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden",
            "An organization must keep at least one active administrator");
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void managed_roles_and_unknown_ones_are_refused() {
        var org = roster.newOrg("acme");
        var managed = patch(org.founder(), org.managed(Role.Managed.STANDARD), "\"attributes\":{\"name\":\"x\"}");
        assertThat(managed.status()).isEqualTo(400);
        assertThat(managed.errors()).containsExactly("Managed roles cannot be modified");

        for (var id : List.of(UUID.randomUUID(), roster.newOrg("other").newRole("ops", List.of()))) {
            var answer = patch(org.founder(), id, "\"attributes\":{\"name\":\"x\"}");
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly(id + " not found");
        }
        assertThat(patch(org.newStandard("sam@acme.test"), org.newRole("ops", List.of()),
            "\"attributes\":{\"name\":\"x\"}").status()).isEqualTo(403);
    }

    @Test
    void another_id_in_the_body_is_a_mismatch() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());

        var answer = org.founder().patch("/api/v2/roles/" + role, """
            {"data":{"type":"roles","id":"%s","attributes":{"name":"x"}}}""".formatted(UUID.randomUUID()));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.errors()).containsExactly(
            "The id attribute in the request body does not match the role_id in the URL");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        "attributes":{"name":""}         | Role names cannot be only whitespace
        "attributes":{"name":" "}        | Role names cannot be only whitespace
        "attributes":{"name":null}       | API input validation failed: {'name': ['Not a valid string.']}
        "attributes":[]                  | API input validation failed: {'attributes': ['Not a valid object.']}
        "relationships":{"permissions":{"data":[{"type":"permissions","id":"x"}]}} | Invalid permission id: x
        """)
    void what_is_wrong_is_said_and_changes_nothing(String members, String error) {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());
        var before = org.version();

        var answer = patch(org.founder(), role, members);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly(error);
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void type_and_id_are_needed() {
        var org = roster.newOrg("acme");
        var path = "/api/v2/roles/" + org.newRole("ops", List.of());

        assertThat(org.founder().patch(path, "{\"data\":{\"attributes\":{}}}").status()).isEqualTo(400);
        assertThat(org.founder().patch(path, "{\"data\":{\"type\":\"roles\"}}").errors())
            .containsExactly("API input validation failed: {'id': ['Missing data for required field.']}");
    }
}
