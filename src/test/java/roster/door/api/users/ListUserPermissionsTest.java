package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

class ListUserPermissionsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("GET /api/v2/users/{user_id}/permissions",
        org -> new Call("/api/v2/users/%s/permissions".formatted(org.newPending("bob@acme.test").id()))));

    private static Answer permissions(TestUser caller, Object id) {
        return caller.get("/api/v2/users/%s/permissions".formatted(id));
    }

    @Test
    void the_permissions_of_all_roles_are_answered_each_once_in_catalogue_order() {
        var ada = roster.newOrg("acme").founder();
        var one = ada.org().newRole("one", List.of("user_access_manage", "dashboards_read"));
        var two = ada.org().newRole("two", List.of("monitors_read", "dashboards_read"));
        var bob = ada.org().newUserWith("bob@acme.test", List.of(one.toString(), two.toString()));

        var answer = permissions(ada, bob.id());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames()).containsExactly("data");
        var names = answer.each("/data", "/attributes/name");
        assertThat(names).containsExactlyInAnyOrder("dashboards_read", "monitors_read", "user_access_manage");
        assertThat(ada.get("/api/v2/permissions").each("/data", "/attributes/name").stream().filter(names::contains))
            .containsExactlyElementsOf(names);
    }

    @Test
    void an_entry_is_the_permission_as_the_catalogue_shows_it() {
        var ada = roster.newOrg("acme").founder();

        var catalogue = ada.get("/api/v2/permissions").at("/data");

        assertThat(permissions(ada, ada.id()).at("/data")).isNotEmpty()
            .allSatisfy(entry -> assertThat(catalogue).contains(entry));
    }

    @Test
    void unlisted_permissions_are_not_shown() {
        var ada = roster.newOrg("acme").founder();

        assertThat(permissions(ada, ada.id()).each("/data", "/attributes/name")).contains("user_access_manage")
            .doesNotContain("user_access_read", "teams_read", "service_account_read");
    }

    @Test
    void a_user_without_roles_has_none() {
        var bob = roster.newOrg("acme").newUser("bob@acme.test");

        assertThat(permissions(bob, bob.id()).text()).isEqualTo("{\"data\":[]}");
    }

    @Test
    void a_disabled_user_keeps_theirs() {
        var ada = roster.newOrg("acme").founder();
        var sam = ada.org().newStandard("sam@acme.test");
        var before = permissions(ada, sam.id()).text();
        ada.delete("/api/v2/users/" + sam.id());

        assertThat(permissions(ada, sam.id()).text()).isEqualTo(before).contains("user_access_invite");
    }

    @Test
    void a_scoped_key_shows_what_the_user_holds_not_what_the_key_can_do() {
        var ada = roster.newOrg("acme").founder();

        assertThat(permissions(ada.scopedTo("user_access_read"), ada.id()).text())
            .isEqualTo(permissions(ada, ada.id()).text());
    }

    @Test
    void ids_that_are_no_user_of_the_organisation_are_not_found() {
        var ada = roster.newOrg("acme").founder();

        for (var id : List.of(UUID.randomUUID(), roster.newOrg("other").founder().id(), "bob", ada.org().id())) {
            assertThat(permissions(ada, id).status()).isEqualTo(404);
            assertThat(permissions(ada, id).errors()).containsExactly("user not found");
        }
    }

    @Test
    void a_key_whose_scopes_leave_reading_out_is_refused() {
        var ada = roster.newOrg("acme").founder().scopedTo("user_access_manage");

        var answer = permissions(ada, ada.id());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
    }
}
