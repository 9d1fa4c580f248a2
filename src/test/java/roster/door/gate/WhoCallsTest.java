package roster.door.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.source.Randomness;
import roster.model.Role;
import roster.support.Answer;
import roster.support.TestRoster;
import roster.support.TestUser;

class WhoCallsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Answer list(Map<String, String> headers) {
        return roster.send("GET", "/api/v2/users", null, headers);
    }

    private static Answer list(String apiKey, String applicationKey) {
        return list(Map.of("DD-API-KEY", apiKey, "DD-APPLICATION-KEY", applicationKey));
    }

    private static void assertForbidden(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden");
    }

    @Test
    void without_an_api_key_one_is_asked_for() {
        var ada = roster.newOrg("acme").founder();

        for (var headers : List.of(Map.<String, String>of(), Map.of("DD-API-KEY", ""),
            Map.of("DD-APPLICATION-KEY", ada.applicationKey()))) {
            var answer = list(headers);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errors()).containsExactly("API key required");
        }
    }

    @Test
    void an_unknown_api_key_is_refused_whatever_comes_with_it() {
        var ada = roster.newOrg("acme").founder();

        assertForbidden(list(Map.of("DD-API-KEY", new Randomness().hex(16))));
        assertForbidden(list(new Randomness().hex(16), ada.applicationKey()));
        assertForbidden(list(new Randomness().hex(16), new Randomness().hex(20)));
    }

    @Test
    void a_missing_or_unknown_application_key_is_refused() {
        var ada = roster.newOrg("acme").founder();

        assertForbidden(list(Map.of("DD-API-KEY", ada.apiKey())));
        assertForbidden(list(ada.apiKey(), ""));
        assertForbidden(list(ada.apiKey(), new Randomness().hex(20)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdef0",
        "0123456789ABCDEF0123456789ABCDEF", "0123456789abcdef0123456789abcdeg", "' OR 1=1 --", "key,key"})
    void what_cannot_be_a_key_is_refused(String malformed) {
        var ada = roster.newOrg("acme").founder();

        assertForbidden(list(malformed, ada.applicationKey()));
        assertForbidden(list(ada.apiKey(), malformed));
    }

    @Test
    void a_key_in_upper_case_is_another_key() {
        var ada = roster.newOrg("acme").founder();

        assertForbidden(list(ada.apiKey().toUpperCase(Locale.ROOT), ada.applicationKey()));
        assertForbidden(list(ada.apiKey(), ada.applicationKey().toUpperCase(Locale.ROOT)));
    }

    @Test
    void keys_are_good_in_their_own_places_only() {
        var ada = roster.newOrg("acme").founder();

        assertForbidden(list(ada.applicationKey(), ada.apiKey()));
        assertForbidden(list(ada.apiKey(), ada.apiKey()));
    }

    @Test
    void header_names_may_be_written_in_any_letter_case() {
        var ada = roster.newOrg("acme").founder();

        assertThat(list(Map.of("dd-api-key", ada.apiKey(), "Dd-aPPlication-KEY", ada.applicationKey())).status())
            .isEqualTo(200);
    }

    @Test
    void keys_in_the_query_are_not_looked_at() {
        var ada = roster.newOrg("acme").founder();
        var query = "/api/v2/users?api_key=%s&application_key=%s".formatted(ada.apiKey(), ada.applicationKey());

        assertThat(roster.send("GET", query, null).errors()).containsExactly("API key required");
        assertForbidden(roster.send("GET", query, null, Map.of("DD-API-KEY", ada.apiKey())));
        assertThat(ada.get("/api/v2/users?api_key=x&application_key=y").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ddpat_unknown", "Bearer", "Basic YTpi", "nonsense"})
    void an_unknown_token_is_refused(String authorization) {
        assertForbidden(list(Map.of("Authorization", authorization)));
    }

    @Test
    void an_application_key_of_another_organisation_is_refused() {
        var ada = roster.newOrg("acme").founder();
        var eve = roster.newOrg("other").founder();

        assertForbidden(list(ada.apiKey(), eve.applicationKey()));
        assertForbidden(list(eve.apiKey(), ada.applicationKey()));
        assertThat(ada.get("/api/v2/users").status()).isEqualTo(200);
    }

    @Test
    void a_revoked_key_is_refused_from_the_next_request_on() {
        var org = roster.newOrg("acme");
        var bob = org.newAdmin("bob@acme.test");
        var second = org.write(tx -> roster.program().key.apiKeys.issue(tx, "second"));
        assertThat(list(second.secret(), bob.applicationKey()).status()).isEqualTo(200);

        org.write(tx -> {
            roster.program().key.keys.revoke(tx, second.id());
            return null;
        });
        assertForbidden(list(second.secret(), bob.applicationKey()));
        assertThat(bob.get("/api/v2/users").status()).isEqualTo(200);

        org.write(tx -> {
            var keys = roster.program().key.keys;
            keys.all(tx, org.id()).stream()
                .filter(key -> key.owner().equals(Optional.of(bob.user().id())))
                .forEach(key -> keys.revoke(tx, key.id()));
            return null;
        });
        assertForbidden(list(bob.apiKey(), bob.applicationKey()));
        assertThat(org.founder().get("/api/v2/users").status()).isEqualTo(200);
    }

    @Test
    void the_keys_of_a_disabled_organisation_are_refused() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        assertThat(ada.get("/api/v2/users").status()).isEqualTo(200);

        roster.sql("UPDATE orgs SET disabled = true WHERE id = ?", org.id().value());
        roster.sql("SELECT roster_touch(?, 'disabled by hand')", org.id().value());

        assertForbidden(list(ada.apiKey(), ada.applicationKey()));
        assertForbidden(roster.send("GET", "/api/v1/validate", null, Map.of("DD-API-KEY", ada.apiKey())));
        assertThat(roster.newOrg("other").founder().get("/api/v2/users").status()).isEqualTo(200);
    }

    @Test
    void a_pending_user_with_a_key_may_call() {
        var org = roster.newOrg("acme");
        var ann = org.newPending("ann@acme.test");

        assertThat(list(org.apiKey(), org.newApplicationKey(ann, Optional.empty())).status()).isEqualTo(200);
    }

    @Test
    void a_service_account_calls_with_the_rights_of_its_roles() {
        var org = roster.newOrg("acme");
        var bot = org.newServiceAccount("bot@acme.test", List.of(org.managed(Role.Managed.STANDARD).toString()));
        var caller = new TestUser(org, bot, org.apiKey(), org.newApplicationKey(bot, Optional.empty()));

        assertThat(caller.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"ann@acme.test"}}}
            """).status()).isEqualTo(201);
        assertThat(caller.post("/api/v2/roles", "{}").errors())
            .containsExactly("Forbidden", "Failed permission authorization checks");
    }

    @Test
    void a_scoped_key_can_do_what_its_owner_and_its_scopes_both_allow() {
        var org = roster.newOrg("acme");
        var admin = org.founder().scopedTo("user_access_read", "user_access_invite");
        var sam = org.newStandard("sam@acme.test").scopedTo("user_access_manage");

        assertThat(admin.get("/api/v2/users").status()).isEqualTo(200);
        assertThat(admin.post("/api/v2/users", "{}").status()).isEqualTo(400);
        assertThat(admin.post("/api/v2/roles", "{}").status()).isEqualTo(403);
        assertThat(sam.post("/api/v2/roles", "{}").status()).isEqualTo(403);
        assertThat(sam.get("/api/v2/users").status()).isEqualTo(403);
    }

    @Test
    void a_key_for_something_else_is_good_for_nothing_that_needs_a_permission() {
        var elsewhere = roster.newOrg("acme").founder().scopedTo("dashboards_read");

        assertThat(elsewhere.get("/api/v2/users").status()).isEqualTo(403);
        assertThat(elsewhere.get("/api/v2/validate_keys").status()).isEqualTo(200);
    }

    @Test
    void a_right_that_was_lost_is_lost_with_the_next_request() {
        var org = roster.newOrg("acme");
        var role = org.newRole("inviters", List.of("user_access_invite"));
        var bob = org.newUserWith("bob@acme.test", List.of(role.toString()));
        assertThat(bob.post("/api/v2/users", "{}").status()).isEqualTo(400);

        org.founder().delete("/api/v2/roles/" + role);

        assertThat(bob.post("/api/v2/users", "{}").status()).isEqualTo(403);
    }

    @Test
    void keys_are_looked_at_after_the_address_and_before_everything_else() {
        assertThat(roster.send("GET", "/api/v2/nowhere", null).status()).isEqualTo(404);
        assertThat(roster.send("PUT", "/api/v2/users", null).status()).isEqualTo(405);
        assertThat(roster.send("POST", "/api/v2/users", "no json", Map.of("Content-Type", "text/plain")).errors())
            .containsExactly("API key required");
        assertThat(roster.send("GET", "/api/v2/users?page[size]=x", null).errors())
            .containsExactly("API key required");
    }
}
