package roster.door.api.users;

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

class CurrentUserTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PATH = "/api/v2/current_user";

    static final List<Recipe> RECIPES = List.of(new Recipe("PATCH /api/v2/current_user", org -> new Call(PATH, """
        {"data":{"type":"users","id":"%s","attributes":{"title":"Changed"}}}""".formatted(org.founder().id()))));

    private static Answer patch(TestUser caller, Object id, String attributes) {
        return caller.patch(PATH, "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":%s}}".formatted(id,
            attributes));
    }

    @Test
    void one_sees_oneself_with_roles_permissions_and_organisation() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");

        var answer = sam.get(PATH);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.id()).isEqualTo(sam.id());
        assertThat(answer.each("/data/relationships/roles/data", "/id"))
            .containsExactly(org.managed(Role.Managed.STANDARD).toString());
        assertThat(answer.at("/data/relationships/team_roles/data")).isEmpty();
        var types = answer.each("/included", "/type");
        assertThat(types.getFirst()).isEqualTo("roles");
        assertThat(types.getLast()).isEqualTo("orgs");
        assertThat(types).contains("permissions");
        assertThat(answer.text("/included/%d/attributes/name".formatted(types.size() - 1))).isEqualTo("acme");
    }

    @Test
    void callers_may_change_their_own_profile_and_nothing_else() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");

        var changed = patch(sam, sam.id(), "{\"name\":\"Sam\",\"title\":\"Tailor\",\"email\":\"samuel@acme.test\"}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.text("/data/attributes/name")).isEqualTo("Sam");
        assertThat(org.founder().get("/api/v2/users/" + sam.id()).text("/data/attributes/email"))
            .isEqualTo("samuel@acme.test");
        assertThat(patch(sam, org.founder().id(), "{\"name\":\"x\"}").status()).isEqualTo(422);
        assertThat(patch(sam, UUID.randomUUID(), "{\"name\":\"x\"}").status()).isEqualTo(422);
        assertThat(patch(sam, sam.id(), "{\"name\":7}").status()).isEqualTo(400);
        assertThat(patch(sam, sam.id(), "{\"email\":\"%s\"}".formatted(org.founder().email())).status()).isEqualTo(409);
        assertThat(sam.scopedTo("user_access_read").get(PATH).status()).isEqualTo(200);
        assertThat(patch(sam.scopedTo("user_access_read"), sam.id(), "{\"name\":\"x\"}").status()).isEqualTo(403);
    }

    @Test
    void callers_who_disable_themselves_are_out_and_the_last_administrator_stays() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");

        assertThat(patch(sam, sam.id(), "{\"disabled\":true}").text("/data/attributes/status")).isEqualTo("Disabled");
        assertThat(sam.get(PATH).status()).isEqualTo(403);

        var last = patch(org.founder(), org.founder().id(), "{\"disabled\":true}");
        assertThat(last.status()).isEqualTo(403);
        assertThat(last.errors()).containsExactly("Forbidden",
            "An organization must keep at least one active administrator");
        assertThat(org.founder().get(PATH).status()).isEqualTo(200);
    }
}
