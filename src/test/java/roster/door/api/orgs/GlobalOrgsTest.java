package roster.door.api.orgs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

/// ListGlobalOrgs.
class GlobalOrgsTest {
    private static final String PATH = "/api/v2/global_orgs?user_handle=founder%40acme.test";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("GET /api/v2/global_orgs", org -> new Call(PATH)));

    /// In three organisations, by an address that is proved in all of them.
    private static TestUser everywhere() {
        var first = roster.newOrg("acme");
        for (var founder : new TestUser[] {roster.newOrg("acme").founder(), roster.newOrg("acme").founder(),
            first.founder()}) {
            roster.sql("UPDATE users SET email = ?, email_proved = true WHERE org_id = ?", "founder@" + first.id(),
                founder.org().id().value());
            roster.sql("INSERT INTO address_pointers (email, org_id, user_id) VALUES (?, ?, ?)",
                "founder@" + first.id(), founder.org().id().value(), founder.user().id().value());
        }
        return first.founder();
    }

    @Test
    void callers_see_their_organisations_their_own_first() {
        var ada = everywhere();

        var answer = ada.get(PATH);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.each("/data", "/attributes/org/uuid")).hasSize(3).startsWith(ada.org().id().toString());
        assertThat(answer.each("/data", "/attributes/user/uuid")).doesNotHaveDuplicates().startsWith(ada.id());
        assertThat(answer.each("/data", "/type")).containsOnly("global_user_orgs");
        assertThat(answer.at("/links/next").isNull()).isTrue();
        assertThat(answer.at("/meta/page").toString()).isEqualTo(
            "{\"type\":\"cursor\",\"limit\":100,\"cursor\":null,\"next_cursor\":null,\"prev_cursor\":null}");
    }

    @Test
    void links_lead_through_all_pages_and_back() {
        var ada = everywhere();
        var all = ada.get(PATH).each("/data", "/attributes/org/uuid");

        var first = ada.get(PATH + "&page%5Blimit%5D=2");
        var second = ada.get(first.text("/links/next"));

        assertThat(first.each("/data", "/attributes/org/uuid")).isEqualTo(all.subList(0, 2));
        assertThat(second.each("/data", "/attributes/org/uuid")).isEqualTo(all.subList(2, 3));
        assertThat(second.at("/links/next").isNull()).isTrue();
        assertThat(second.text("/links/self")).isEqualTo(first.text("/links/next"));
        assertThat(second.text("/meta/page/cursor")).isEqualTo(first.text("/meta/page/next_cursor"));
        assertThat(ada.get(second.text("/links/prev")).at("/data")).isEqualTo(first.at("/data"));
    }

    @Test
    void the_handle_of_another_user_is_forbidden() {
        var org = roster.newOrg("acme");

        var answer = org.newStandard("bob@acme.test").get(PATH);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"page%5Blimit%5D=0", "page%5Blimit%5D=1001", "page%5Blimit%5D=ten", "page%5Bcursor%5D=AAAA"})
    void a_bad_parameter_is_named(String parameter) {
        var answer = roster.newOrg("acme").founder().get(PATH + "&" + parameter);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("The value provided for parameter '%s' is invalid"
            .formatted(parameter.contains("limit") ? "page[limit]" : "page[cursor]"));
    }

    @Test
    void the_handle_is_needed_and_a_cursor_is_for_one_organisation() {
        var ada = everywhere();
        assertThat(ada.get("/api/v2/global_orgs").errors())
            .containsExactly("The value provided for parameter 'user_handle' is invalid");

        var next = ada.get(PATH + "&page%5Blimit%5D=1").text("/links/next");
        assertThat(roster.newOrg("acme").founder().get(next).status()).isEqualTo(400);
    }

    @Test
    void a_service_account_belongs_to_its_own() {
        var org = roster.newOrg("acme");
        var account = org.newServiceAccount("bot@acme.test", List.of(org.managed(Role.Managed.STANDARD)
            .toString()));
        var caller = new TestUser(org, account, org.apiKey(),
            org.newApplicationKey(account, Optional.empty()));

        assertThat(caller.get("/api/v2/global_orgs?user_handle=" + account.handle()).each("/data",
            "/attributes/org/uuid")).containsExactly(org.id().toString());
    }
}
