package roster.door.api.orgs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

/// GetDomainAllowlist and PatchDomainAllowlist.
class DomainAllowlistTest {
    private static final String PATH = "/api/v2/domain_allowlist";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("PATCH /api/v2/domain_allowlist", org -> new Call(PATH,
        "{\"data\":{\"type\":\"domain_allowlist\",\"attributes\":{\"enabled\":true}}}")));

    private static Answer patch(TestUser caller, String attributes) {
        return caller.patch(PATH, "{\"data\":{\"type\":\"domain_allowlist\",\"id\":null,\"attributes\":%s}}"
            .formatted(attributes));
    }

    @Test
    void it_begins_switched_off_and_empty_and_has_no_id() {
        var answer = roster.newOrg("acme").founder().get(PATH);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(
            "{\"data\":{\"type\":\"domain_allowlist\",\"attributes\":{\"enabled\":false,\"domains\":[]}}}");
    }

    @Test
    void what_is_sent_replaces_and_what_is_not_stays() {
        var ada = roster.newOrg("acme").founder();

        assertThat(patch(ada, "{\"domains\":[\"@Static-Test.test\",\"@b.test\",\"@static-test.test\"]}").texts(
            "/data/attributes/domains")).containsExactly("@static-test.test", "@b.test");
        var enabled = patch(ada, "{\"enabled\":true}");
        assertThat(enabled.texts("/data/attributes/domains")).containsExactly("@static-test.test", "@b.test");
        assertThat(enabled.at("/data/attributes/enabled").asBoolean()).isTrue();
        var cleared = patch(ada, "{\"domains\":[]}");
        assertThat(cleared.text()).contains("\"enabled\":true,\"domains\":[]");
        assertThat(ada.get(PATH).text()).isEqualTo(cleared.text());
    }

    @Test
    void the_settings_of_the_same_names_are_the_same_data() {
        var ada = roster.newOrg("acme").founder();
        patch(ada, "{\"enabled\":true,\"domains\":[\"@a.test\"]}");

        assertThat(ada.get("/api/v2/org_configs/domain_allowlist").texts("/data/attributes/value"))
            .containsExactly("@a.test");
        ada.patch("/api/v2/org_configs/enable_domain_allowlist",
            "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":false}}}");
        assertThat(ada.get(PATH).at("/data/attributes/enabled").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"example.com\"]", "[\"\"]", "[\"@\"]", "[\"@a@b.test\"]", "[\"@a b\"]", "[\"@a..b\"]",
        "[7]", "null", "\"@a.test\"", "[null]"})
    void what_is_no_list_of_domains_is_refused(String domains) {
        var org = roster.newOrg("acme");
        var before = org.version();

        var answer = patch(org.founder(), "{\"enabled\":true,\"domains\":%s}".formatted(domains));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).singleElement().asString().startsWith("API input validation failed: {'domains'");
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void a_change_is_audited_once_and_the_same_again_is_none() {
        var org = roster.newOrg("acme");
        patch(org.founder(), "{\"enabled\":true,\"domains\":[\"@a.test\"]}");
        patch(org.founder(), "{\"enabled\":true,\"domains\":[\"@A.test\"]}");

        assertThat(roster.sql("""
            SELECT subject_kind, before::text, after::text FROM audit_entries
             WHERE org_id = ? AND action = 'domain_allowlist.updated'
            """, org.id().value())).containsExactly(List.of("domain_allowlist",
            "{\"domains\": [], \"enabled\": false}", "{\"domains\": [\"@a.test\"], \"enabled\": true}"));
    }

    @Test
    void any_of_five_permissions_will_do() {
        var org = roster.newOrg("acme");
        for (var permission : List.of("org_management", "monitors_write", "generate_dashboard_reports",
            "generate_log_reports", "manage_log_reports")) {
            var caller = org.newUserWith(permission + "@acme.test",
                List.of(org.newRole(permission, List.of(permission)).toString()));
            assertThat(caller.get(PATH).status()).as(permission).isEqualTo(200);
            assertThat(patch(caller, "{\"enabled\":true}").status()).as(permission).isEqualTo(200);
        }
        assertThat(org.newUser("plain@acme.test").get(PATH).status()).isEqualTo(403);
    }

    @Test
    void it_is_an_organisations_own() {
        patch(roster.newOrg("acme").founder(), "{\"domains\":[\"@a.test\"]}");

        assertThat(roster.newOrg("acme").founder().get(PATH).texts("/data/attributes/domains")).isEmpty();
    }
}
