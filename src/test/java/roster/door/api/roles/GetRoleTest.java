package roster.door.api.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;

class GetRoleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("GET /api/v2/roles/{role_id}",
        org -> new Call("/api/v2/roles/" + org.newRole("ops", List.of("dashboards_read")))));

    @Test
    void a_role_is_answered_with_its_permissions_and_counts() {
        var org = roster.newOrg("acme");
        var created = org.founder().post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"ops","default_permissions_opt_out":true}}}
            """);
        org.newUserWith("bob@acme.test", List.of(created.id()));

        var answer = org.founder().get("/api/v2/roles/" + created.id());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("""
            {"data":{"type":"roles","id":"%s","attributes":{"name":"ops","managed":false,"created_at":"%s",\
            "modified_at":"%s","created_by_handle":"founder@acme.test","modified_by_handle":"founder@acme.test",\
            "user_count":1,"team_count":0,"receives_permissions_from":[]},\
            "relationships":{"permissions":{"data":[]}}}}\
            """.formatted(created.id(), answer.text("/data/attributes/created_at"),
            answer.text("/data/attributes/modified_at")));
    }

    @Test
    void a_managed_role_says_so_and_has_no_creator() {
        var org = roster.newOrg("acme");

        var answer = org.founder().get("/api/v2/roles/" + org.managed(Role.Managed.ADMIN));

        assertThat(answer.at("/data/attributes/managed").asBoolean()).isTrue();
        assertThat(answer.at("/data/attributes").has("created_by_handle")).isFalse();
        assertThat(answer.at("/data/attributes/user_count").asInt()).isEqualTo(1);
    }

    @Test
    void the_managed_roles_hold_what_the_catalogue_says() {
        var org = roster.newOrg("acme");
        var names = org.founder().get("/api/v2/permissions");

        var held = org.founder().get("/api/v2/roles/" + org.managed(Role.Managed.ADMIN))
            .each("/data/relationships/permissions/data", "/id");

        assertThat(names.each("/data", "/id")).containsSubsequence(held);
        assertThat(held).hasSizeGreaterThanOrEqualTo(315);
    }

    @Test
    void an_id_is_found_in_any_letter_case() {
        var org = roster.newOrg("acme");
        var id = org.managed(Role.Managed.STANDARD).toString();

        assertThat(org.founder().get("/api/v2/roles/" + id.toUpperCase(Locale.ROOT)).id()).isEqualTo(id);
    }

    @Test
    void ids_that_are_no_role_of_the_organisation_are_named() {
        var ada = roster.newOrg("acme").founder();
        var foreign = roster.newOrg("other").managed(Role.Managed.ADMIN).toString();

        for (var id : List.of(UUID.randomUUID().toString(), foreign, ada.id(), "admins")) {
            var answer = ada.get("/api/v2/roles/" + id);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly(id + " not found");
        }
    }
}
