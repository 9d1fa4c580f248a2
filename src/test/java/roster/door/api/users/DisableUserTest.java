package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

class DisableUserTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("DELETE /api/v2/users/{user_id}",
        org -> new Call("/api/v2/users/" + org.newPending("bob@acme.test").id())));

    private static Answer disable(TestUser caller, Object id) {
        return caller.delete("/api/v2/users/" + id);
    }

    @Test
    void a_disabled_user_stays_readable() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newStandard("bob@acme.test");
        var before = ada.get("/api/v2/users/" + bob.id());

        var answer = disable(ada, bob.id());

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.bytes()).isEmpty();
        assertThat(answer.header("Content-Type")).isEmpty();
        var after = ada.get("/api/v2/users/" + bob.id());
        assertThat(after.text("/data/attributes/status")).isEqualTo("Disabled");
        assertThat(after.at("/data/attributes/disabled").asBoolean()).isTrue();
        assertThat(after.text("/data/attributes/modified_at"))
            .isGreaterThan(before.text("/data/attributes/modified_at"));
        assertThat(after.at("/data/relationships")).isEqualTo(before.at("/data/relationships"));
        assertThat(after.at("/data/attributes/verified")).isEqualTo(before.at("/data/attributes/verified"));
    }

    @Test
    void whatever_the_client_accepts_there_is_no_body() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");

        var answer = ada.send("DELETE", "/api/v2/users/" + bob.id(), null,
            Map.of("Accept", "application/json", "Prefer", "return=representation"));

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.bytes()).isEmpty();
    }

    @Test
    void their_application_keys_are_refused_from_the_next_request_on_and_for_ever() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newAdmin("bob@acme.test");
        var scoped = bob.scopedTo("user_access_read");
        assertThat(bob.get("/api/v2/users").status()).isEqualTo(200);

        disable(ada, bob.id());

        assertThat(bob.get("/api/v2/users").errors()).containsExactly("Forbidden");
        assertThat(scoped.get("/api/v2/users").errors()).containsExactly("Forbidden");
        ada.patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}
            """.formatted(bob.id()));
        assertThat(bob.get("/api/v2/users").errors()).containsExactly("Forbidden");
    }

    @Test
    void api_keys_stay_good() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newAdmin("bob@acme.test");

        disable(ada, bob.id());

        assertThat(roster.send("GET", "/api/v1/validate", null, Map.of("DD-API-KEY", bob.apiKey())).status())
            .isEqualTo(200);
    }

    @Test
    void disabling_twice_is_as_good_as_an_unknown_id() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        disable(ada, bob.id());
        var before = ada.org().version();

        var again = disable(ada, bob.id());

        assertThat(again.status()).isEqualTo(404);
        assertThat(again.errors()).containsExactly(bob.id() + " not found");
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void after_an_update_that_disabled_them_they_are_not_found_either() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        ada.patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":true}}}
            """.formatted(bob.id()));

        assertThat(disable(ada, bob.id()).status()).isEqualTo(404);
    }

    @Test
    void unknown_ids_and_those_of_others_are_not_found_and_named() {
        var ada = roster.newOrg("acme").founder();
        var stranger = roster.newOrg("other").newUser("bob@other.test");

        for (var id : List.of(UUID.randomUUID().toString(), UUID.randomUUID().toString().toUpperCase(Locale.ROOT),
            "bob",
            stranger.id(), ada.org().managed(Role.Managed.ADMIN).toString())) {
            var answer = disable(ada, id);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly(id + " not found");
        }
        assertThat(stranger.get("/api/v2/users").status()).isEqualTo(200);
    }

    @Test
    void the_last_active_administrator_stays() {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        var answer = disable(ada, ada.id());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden",
            "An organization must keep at least one active administrator");
        assertThat(ada.org().version()).isEqualTo(before);
        assertThat(ada.get("/api/v2/users").status()).isEqualTo(200);
    }

    @Test
    void neither_pending_nor_disabled_nor_service_account_counts_as_an_administrator() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var admin = org.managed(Role.Managed.ADMIN).toString();
        org.newServiceAccount("bot@acme.test", List.of(admin));
        disable(ada, org.newAdmin("bob@acme.test").id());
        ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"ann@acme.test"},
             "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}
            """.formatted(admin));

        assertThat(disable(ada, ada.id()).status()).isEqualTo(403);
    }

    @Test
    void an_administrator_by_a_role_of_the_organisations_own_counts() {
        var org = roster.newOrg("acme");
        org.newUserWith("max@acme.test", List.of(org.newRole("managers", List.of("user_access_manage")).toString()));

        assertThat(disable(org.founder(), org.founder().id()).status()).isEqualTo(204);
    }

    @Test
    void disabling_needs_the_permission_to_manage() {
        var sam = roster.newOrg("acme").newStandard("sam@acme.test");

        var answer = disable(sam, sam.org().founder().id());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
    }

    @Test
    void who_may_write_service_accounts_disables_these_and_no_people() {
        var org = roster.newOrg("acme");
        var bot = org.newServiceAccount("bot@acme.test", List.of());
        var botKey = org.newApplicationKey(bot, Optional.empty());
        var keeper = org.newUserWith("kim@acme.test",
            List.of(org.newRole("keepers", List.of("service_account_write")).toString()));

        assertThat(disable(keeper, org.newUser("bob@acme.test").id()).status()).isEqualTo(403);
        assertThat(disable(keeper, bot.id()).status()).isEqualTo(204);
        assertThat(new TestUser(org, bot, org.apiKey(), botKey).get("/api/v2/users").status()).isEqualTo(403);
    }

    @Test
    void disabling_oneself_ends_ones_own_keys() {
        var ada = roster.newOrg("acme").founder();
        var eve = ada.org().newAdmin("eve@acme.test");

        assertThat(disable(eve, eve.id()).status()).isEqualTo(204);
        assertThat(disable(eve, eve.id()).status()).isEqualTo(403);
    }
}
