package roster.door.api.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

class CloneRoleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("POST /api/v2/roles/{role_id}/clone",
        org -> new Call("/api/v2/roles/%s/clone".formatted(org.newRole("ops", List.of("dashboards_read"))),
            "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"copy\"}}}")));

    private static Answer copy(TestUser caller, Object id, String name) {
        return caller.post("/api/v2/roles/%s/clone".formatted(id), """
            {"data":{"type":"roles","attributes":{"name":"%s"}}}""".formatted(name));
    }

    @Test
    void a_clone_holds_the_same_and_has_no_members() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of("user_access_invite"));
        org.newUserWith("bob@acme.test", List.of(role.toString()));

        var answer = copy(org.founder(), role, "ops too");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.id()).isNotEqualTo(role.toString());
        assertThat(answer.at("/data/relationships/permissions")).isEqualTo(
            org.founder().get("/api/v2/roles/" + role).at("/data/relationships/permissions"));
        assertThat(answer.at("/data/attributes/user_count").asInt()).isZero();
        assertThat(org.founder().get("/api/v2/roles/" + answer.id()).at("/data")).isEqualTo(answer.at("/data"));
    }

    @Test
    void a_clone_of_a_managed_role_is_an_ordinary_one() {
        var org = roster.newOrg("acme");

        var answer = copy(org.founder(), org.managed(Role.Managed.STANDARD), "our standard");

        assertThat(answer.at("/data/attributes/managed").asBoolean()).isFalse();
        assertThat(answer.each("/data/relationships/permissions/data", "/id")).isEqualTo(
            org.founder().get("/api/v2/roles/" + org.managed(Role.Managed.STANDARD))
                .each("/data/relationships/permissions/data", "/id"));
        assertThat(org.founder().delete("/api/v2/roles/" + answer.id()).status()).isEqualTo(204);
    }

    @Test
    void what_it_receives_permissions_from_is_its_own() {
        var org = roster.newOrg("acme");

        var answer = org.founder().post("/api/v2/roles/%s/clone".formatted(org.newRole("ops", List.of())), """
            {"data":{"type":"roles","attributes":{"name":"x","receives_permissions_from":["Datadog Admin Role"]}}}""");

        assertThat(answer.texts("/data/attributes/receives_permissions_from")).containsExactly("Datadog Admin Role");
    }

    @Test
    void names_and_sources_must_be_good() {
        var org = roster.newOrg("acme");
        var role = org.newRole("ops", List.of());
        var blank = copy(org.founder(), role, " ");
        assertThat(blank.status()).isEqualTo(400);
        assertThat(blank.errors()).containsExactly("Role names cannot be only whitespace");
        var taken = copy(org.founder(), role, "OPS");
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.errors()).containsExactly("A role with the same name already exists");
        for (var id : List.of(UUID.randomUUID(), roster.newOrg("other").newRole("ops", List.of()), "ops")) {
            var unknown = copy(org.founder(), id, "x");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.errors()).containsExactly(id + " not found");
        }
        assertThat(copy(org.newStandard("sam@acme.test"), role, "x").status()).isEqualTo(403);
        assertThat(org.founder().post("/api/v2/roles/%s/clone".formatted(role), "{\"data\":{\"type\":\"roles\"}}")
            .status()).isEqualTo(400);
        assertThat(org.founder().get("/api/v2/roles?filter=x").at("/meta/page/total_filtered_count").asInt()).isZero();
    }
}
