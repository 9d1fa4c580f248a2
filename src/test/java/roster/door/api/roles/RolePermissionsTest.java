package roster.door.api.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Permission;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// ListRolePermissions, AddPermissionToRole, RemovePermissionFromRole, and the templates.
class RolePermissionsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("GET /api/v2/roles/{role_id}/permissions", org -> new Call(permissionsOfOps(org))),
        new Recipe("POST /api/v2/roles/{role_id}/permissions",
            org -> new Call(permissionsOfOps(org), permission(org, "api_keys_read"))),
        new Recipe("DELETE /api/v2/roles/{role_id}/permissions",
            org -> new Call(permissionsOfOps(org), permission(org, "dashboards_read"))));

    private static String permissionsOfOps(TestOrg org) {
        return "/api/v2/roles/%s/permissions".formatted(org.newRole("ops", List.of("dashboards_read")));
    }

    private static String permission(TestOrg org, String name) {
        return "{\"data\":{\"type\":\"permissions\",\"id\":\"%s\"}}"
            .formatted(org.roster().program().kernel().catalogue().find(new Permission(name)).orElseThrow().id());
    }

    private static Answer send(TestUser caller, String method, Object role, String type, Object permission) {
        return caller.send(method, "/api/v2/roles/%s/permissions".formatted(role), """
            {"data":{"type":"%s","id":"%s"}}""".formatted(type, permission), Map.of());
    }

    private static Answer grant(TestUser caller, Object role, Object permission) {
        return send(caller, "POST", role, "permissions", permission);
    }

    private static Answer revoke(TestUser caller, Object role, Object permission) {
        return send(caller, "DELETE", role, "permissions", permission);
    }

    /// One with the ten defaults.
    private static String newRole(TestOrg org) {
        return org.founder().post("/api/v2/roles", "{\"data\":{\"attributes\":{\"name\":\"usual\"}}}").id();
    }

    private static UUID id(String permission) {
        return roster.program().kernel().catalogue().find(new Permission(permission)).orElseThrow().id();
    }

    private static List<String> names(Answer permissions) {
        assertThat(permissions.status()).isEqualTo(200);
        assertThat(permissions.json().has("meta")).isFalse();
        return permissions.each("/data", "/attributes/name");
    }

    @Test
    void all_permissions_are_answered_as_the_catalogue_shows_them() {
        var org = roster.newOrg("acme");
        var role = newRole(org);
        var all = org.founder().get("/api/v2/permissions");

        var listed = org.founder().get("/api/v2/roles/%s/permissions".formatted(role));

        assertThat(names(listed)).hasSize(10);
        assertThat(all.at("/data")).containsAll(listed.at("/data"));
        assertThat(names(grant(org.founder(), role, id("api_keys_read")))).contains("api_keys_read").hasSize(11);
        assertThat(names(grant(org.founder(), role, id("api_keys_read")))).hasSize(11);
        assertThat(names(revoke(org.founder(), role, id("dashboards_read")))).doesNotContain("dashboards_read")
            .hasSize(10);
        assertThat(names(revoke(org.founder(), role, id("dashboards_read")))).hasSize(10);
        assertThat(names(org.founder().get("/api/v2/roles/%s/permissions".formatted(role)))).hasSize(10);
    }

    @Test
    void twice_changes_nothing_the_second_time() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());
        grant(org.founder(), role, id("api_keys_read"));
        var before = org.version();

        grant(org.founder(), role, id("api_keys_read"));
        revoke(org.founder(), role, id("api_keys_write"));

        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void members_gain_and_lose_with_the_commit() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());
        var bob = org.newUserWith("bob@acme.test", List.of(role.toString()));
        var body = "{\"data\":{\"attributes\":{\"name\":\"x\"}}}";
        assertThat(bob.post("/api/v2/roles", body).status()).isEqualTo(403);

        grant(org.founder(), role, id("user_access_manage"));
        assertThat(bob.post("/api/v2/roles", body).status()).isEqualTo(200);
        assertThat(bob.get("/api/v2/users/%s/permissions".formatted(bob.id())).each("/data", "/attributes/name"))
            .contains("user_access_manage");

        revoke(org.founder(), role, id("user_access_manage"));
        assertThat(bob.delete("/api/v2/roles/" + role).status()).isEqualTo(403);
    }

    @Test
    void the_last_administrators_permission_stays() {
        var org = roster.newOrg("acme");
        var role = org.newRole("managers", List.of("user_access_manage"));
        var max = org.newUserWith("max@acme.test", List.of(role.toString()));
        assertThat(max.delete("/api/v2/users/" + org.founder().id()).status()).isEqualTo(204);

        var answer = revoke(max, role, id("user_access_manage"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden",
            "An organization must keep at least one active administrator");
        assertThat(names(max.get("/api/v2/roles/%s/permissions".formatted(role)))).contains("user_access_manage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "DELETE"})
    void what_cannot_be_is_refused_and_changes_nothing(String method) {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var role = newRole(org);
        var unknown = UUID.randomUUID();

        var permission = send(ada, method, role, "permissions", unknown);
        assertThat(permission.status()).isEqualTo(method.equals("POST") ? 404 : 400);
        assertThat(permission.errors()).containsExactly(
            "Invalid permission id: " + unknown + (method.equals("POST") ? " not found" : ""));
        var noRole = send(ada, method, unknown, "permissions", id("api_keys_read"));
        assertThat(noRole.status()).isEqualTo(404);
        assertThat(noRole.errors()).containsExactly(unknown + " not found");
        var type = send(ada, method, role, "users", id("api_keys_read"));
        assertThat(type.status()).isEqualTo(400);
        assertThat(type.errors()).containsExactly("400 BAD REQUEST");
        var managed = send(ada, method, org.managed(Role.Managed.STANDARD), "permissions", id("api_keys_delete"));
        assertThat(managed.status()).isEqualTo(400);
        assertThat(managed.errors()).containsExactly("Managed roles cannot be modified");
        assertThat(send(org.newStandard("sam@acme.test"), method, role, "permissions", id("api_keys_read")).status())
            .isEqualTo(403);
        assertThat(ada.send(method, "/api/v2/roles/%s/permissions".formatted(role), "{}", Map.of()).errors())
            .containsExactly("API input validation failed: {'_schema': [{'detail': "
                + "'Object must include `data` key.', 'source': {'pointer': '/'}}]}");
        assertThat(names(ada.get("/api/v2/roles/%s/permissions".formatted(role)))).hasSize(10);
    }

    @Test
    void an_unknown_role_has_no_permissions() {
        var org = roster.newOrg("acme");
        for (var id : List.of(UUID.randomUUID(), roster.newOrg("other").newRole("ops", List.of()))) {
            var answer = org.founder().get("/api/v2/roles/%s/permissions".formatted(id));
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly(id + " not found");
        }
    }

    @Test
    void templates_are_the_managed_roles() {
        var answer = roster.newOrg("acme").newStandard("sam@acme.test").get("/api/v2/roles/templates");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.each("/data", "/attributes/name")).containsExactly("Datadog Read Only Role",
            "Datadog Standard Role", "Datadog Admin Role");
        assertThat(answer.each("/data", "/attributes/description")).allMatch(text -> !text.isBlank());
        assertThat(answer.each("/data", "/type")).containsOnly("roles");
    }
}
