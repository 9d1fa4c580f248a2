package roster.door.api.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import roster.model.Role;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;

class DeleteRoleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("DELETE /api/v2/roles/{role_id}",
        org -> new Call("/api/v2/roles/" + org.newRole("ops", List.of("dashboards_read")))));

    @Test
    void members_lose_the_role_at_once_and_stay() {
        var org = roster.newOrg("acme");
        var role = org.newRole("managers", List.of("user_access_manage"));
        var max = org.newUserWith("max@acme.test", List.of(role.toString()));

        var answer = org.founder().delete("/api/v2/roles/" + role);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.bytes()).isEmpty();
        var after = max.get("/api/v2/users/" + max.id());
        assertThat(after.at("/data/relationships/roles/data")).isEmpty();
        assertThat(after.json().has("included")).isFalse();
        assertThat(max.post("/api/v2/roles", "{\"data\":{\"attributes\":{\"name\":\"x\"}}}").status()).isEqualTo(403);
    }

    @Test
    void a_deleted_role_is_gone() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());
        org.founder().delete("/api/v2/roles/" + role);

        var again = org.founder().delete("/api/v2/roles/" + role);

        assertThat(again.status()).isEqualTo(404);
        assertThat(again.errors()).containsExactly(role + " not found");
        assertThat(org.founder().get("/api/v2/roles/" + role).status()).isEqualTo(404);
        assertThat(org.founder().get("/api/v2/roles?filter=ops").at("/data")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void managed_roles_cannot_be_deleted(Role.Managed managed) {
        var org = roster.newOrg("acme");
        var before = org.version();

        var answer = org.founder().delete("/api/v2/roles/" + org.managed(managed));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("Managed roles cannot be deleted");
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void the_role_that_makes_the_last_administrator_stays() {
        var org = roster.newOrg("acme");
        var role = org.newRole("managers", List.of("user_access_manage"));
        var max = org.newUserWith("max@acme.test", List.of(role.toString()));
        assertThat(max.delete("/api/v2/users/" + org.founder().id()).status()).isEqualTo(204);

        var answer = max.delete("/api/v2/roles/" + role);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden",
            "An organization must keep at least one active administrator");
        assertThat(max.get("/api/v2/users/" + max.id()).each("/data/relationships/roles/data", "/id"))
            .containsExactly(role.toString());
    }

    @Test
    void unknown_ids_and_those_of_others_are_named() {
        var ada = roster.newOrg("acme").founder();
        var other = roster.newOrg("other");
        var foreign = other.newRole("ops", List.of()).toString();

        for (var id : List.of(UUID.randomUUID().toString(), foreign, "ops")) {
            var answer = ada.delete("/api/v2/roles/" + id);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly(id + " not found");
        }
        assertThat(other.founder().get("/api/v2/roles/" + foreign).status()).isEqualTo(200);
    }

    @Test
    void deleting_needs_the_permission_to_manage() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());

        assertThat(org.newStandard("sam@acme.test").delete("/api/v2/roles/" + role).status()).isEqualTo(403);
        assertThat(org.founder().get("/api/v2/roles/" + role).status()).isEqualTo(200);
    }
}
