package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

class ListUserOrganizationsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("GET /api/v2/users/{user_id}/orgs",
        org -> new Call("/api/v2/users/%s/orgs".formatted(org.founder().id()))));

    // One person is one address in all organisations, those of other tests included.
    private final String email = "ann-%s@people.test".formatted(UUID.randomUUID());

    private static Answer orgs(TestUser caller) {
        return caller.get("/api/v2/users/%s/orgs".formatted(caller.id()));
    }

    private static List<String> ids(TestOrg... orgs) {
        return List.of(orgs).stream().map(org -> org.id().toString()).toList();
    }

    @Test
    void a_user_of_one_organisation_sees_that_one() {
        var bob = roster.newOrg("acme").newUser(email);

        var answer = orgs(bob);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames()).containsExactly("data", "included");
        assertThat(answer.id()).isEqualTo(bob.id());
        assertThat(answer.at("/data/relationships").toString()).isEqualTo("""
            {"roles":{"data":[]},"org":{"data":{"type":"orgs","id":"%s"}},"other_orgs":{"data":[]},\
            "other_users":{"data":[]}}""".formatted(bob.org().id()));
        assertThat(answer.at("/data/attributes").has("mfa_enabled")).isFalse();
        assertThat(answer.at("/included/0/attributes").propertyNames()).containsExactly("public_id", "name",
            "description", "sharing", "url", "disabled", "created_at", "modified_at");
        assertThat(answer.text("/included/0/attributes/name")).isEqualTo("acme");
        assertThat(answer.text("/included/0/attributes/sharing")).isEqualTo("all_private");
        assertThat(answer.at("/included/0/attributes/description").isNull()).isTrue();
        assertThat(answer.each("/included", "/type")).containsExactly("orgs");
    }

    @Test
    void callers_see_their_own_organisation_first_and_then_the_others() {
        var first = roster.newOrg("first").newUser(email);
        var second = roster.newOrg("second").newUser(email);
        var third = roster.newOrg("third").newUser(email);

        var answer = orgs(second);

        assertThat(answer.each("/included", "/id")).containsExactlyElementsOf(
            ids(second.org(), first.org(), third.org()));
        assertThat(answer.each("/data/relationships/other_orgs/data", "/id"))
            .containsExactlyElementsOf(ids(first.org(), third.org()));
        assertThat(answer.each("/data/relationships/other_users/data", "/id"))
            .containsExactly(first.id(), third.id());
        assertThat(answer.each("/data/relationships/other_users/data", "/type")).containsOnly("users");
    }

    @Test
    void organisations_where_the_person_is_not_active_are_not_joined() {
        var bob = roster.newOrg("acme").newUser(email);
        roster.newOrg("invited").newPending(email);
        var fired = roster.newOrg("fired");
        fired.founder().delete("/api/v2/users/" + fired.newUser(email).id());

        assertThat(orgs(bob).each("/included", "/id")).containsExactlyElementsOf(ids(bob.org()));
    }

    @Test
    void an_address_that_was_not_proved_joins_nothing() {
        var proved = roster.newOrg("acme").newUser(email);
        var claimed = roster.newOrg("claimed");
        var eve = claimed.newUser("eve-" + email);
        claimed.founder().patch("/api/v2/users/" + eve.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"%s"}}}
            """.formatted(eve.id(), email));

        assertThat(orgs(eve).each("/included", "/id")).containsExactlyElementsOf(ids(claimed));
        assertThat(orgs(proved).each("/included", "/id")).containsExactlyElementsOf(ids(proved.org()));
    }

    @Test
    void a_service_account_sees_its_own_organisation_and_is_joined_to_none() {
        var org = roster.newOrg("acme");
        var bot = org.newServiceAccount(email, List.of());
        var person = roster.newOrg("other").newUser(email);
        var caller = new TestUser(org, bot, org.apiKey(), org.newApplicationKey(bot, Optional.empty()));

        assertThat(orgs(caller).status()).isEqualTo(200);
        assertThat(orgs(caller).each("/included", "/id")).containsExactlyElementsOf(ids(org));
        assertThat(orgs(person).each("/included", "/id")).containsExactlyElementsOf(ids(person.org()));
    }

    @Test
    void another_users_organisations_are_nobodys_business() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser(email);

        var answer = ada.get("/api/v2/users/%s/orgs".formatted(bob.id()));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden");
    }

    @Test
    void unknown_ids_and_those_of_other_organisations_are_not_found() {
        var bob = roster.newOrg("acme").newUser(email);
        var himselfElsewhere = roster.newOrg("other").newUser(email);

        for (var id : List.of(UUID.randomUUID().toString(), himselfElsewhere.id(), "bob", bob.org().id().toString())) {
            var answer = bob.get("/api/v2/users/%s/orgs".formatted(id));
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly("user not found");
        }
    }

    @Test
    void good_keys_are_enough() {
        var bob = roster.newOrg("acme").newUser(email).scopedTo("dashboards_read");

        assertThat(orgs(bob).status()).isEqualTo(200);
    }
}
