package roster.door.api.orgs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// ListOrgConfigs, GetOrgConfig, UpdateOrgConfig, and how long a session lasts.
class OrgConfigsTest {
    private static final String PATH = "/api/v2/org_configs";
    private static final String SESSIONS = "/api/v2/login/org_configs/max_session_duration";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("GET /api/v2/org_configs/{org_config_name}", org -> new Call(PATH + "/pci_enabled")),
        new Recipe("PATCH /api/v2/org_configs/{org_config_name}", org -> new Call(PATH + "/pci_enabled",
            "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":true}}}")),
        new Recipe("PUT /api/v2/login/org_configs/max_session_duration", org -> new Call(SESSIONS, """
            {"data":{"type":"max_session_duration","attributes":{"max_session_duration":3600}}}
            """)));

    private static Answer set(TestUser caller, String name, String value) {
        return caller.patch(PATH + "/" + name,
            "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":%s}}}".formatted(value));
    }

    @Test
    void a_new_organisation_has_each_setting_at_its_default() {
        var anybody = roster.newOrg("acme").newUser("bob@acme.test");

        var answer = anybody.get(PATH);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.each("/data", "/attributes/name")).containsExactly("domain_allowlist",
            "enable_domain_allowlist", "30d_invite_expiration", "oauth_client_disallow_list", "restrict_export_to_csv",
            "pci_enabled", "invalid_session_forced_logout", "custom_roles", "admin_only_invites", "security_contacts",
            "teams_manage_membership", "teams_edit_details", "teams_provisioning_sources", "monitor_timezone",
            "roster_session_idle", "roster_second_factor", "roster_authn_mappings", "roster_scim_invitations",
            "roster_scim_default_role");
        answer.at("/data").forEach(config -> {
            assertThat(config.at("/attributes/modified_at").isNull()).isTrue();
            assertThat(anybody.get(PATH + "/" + config.at("/attributes/name").asString()).at("/data"))
                .isEqualTo(config);
        });
        assertThat(anybody.get(PATH + "/monitor_timezone").text("/data/attributes/value")).isEqualTo("UTC");
        assertThat(anybody.get(PATH + "/security_contacts").at("/data/attributes/value").toString()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "30d_invite_expiration | true | true",
        "oauth_client_disallow_list | [\"one\",\"two\",\"one\"] | [\"one\",\"two\"]",
        "domain_allowlist | [\"@Example.com\"] | [\"@example.com\"]",
        "security_contacts | [\"Sec@Acme.test\"] | [\"sec@acme.test\"]",
        "teams_edit_details | \"admins\" | \"admins\"",
        "monitor_timezone | \"Europe/Berlin\" | \"Europe/Berlin\"", "roster_session_idle | 300 | 300"})
    void a_setting_takes_a_value_of_its_type(String name, String value, String kept) {
        var org = roster.newOrg("acme");
        var id = org.founder().get(PATH + "/" + name).id();

        var answer = set(org.founder(), name, value);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.at("/data/attributes/value").toString()).isEqualTo(kept);
        assertThat(answer.at("/data/attributes/modified_at").isString()).isTrue();
        assertThat(answer.id()).isEqualTo(id);
        assertThat(org.founder().get(PATH + "/" + name).at("/data")).isEqualTo(answer.at("/data"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "30d_invite_expiration | \"yes\" | yes",
        "pci_enabled | null | null",
        "custom_roles | 1 | 1",
        "oauth_client_disallow_list | [1] | [1]",
        "domain_allowlist | [\"example.com\"] | [\"example.com\"]",
        "domain_allowlist | [\"@a b\"] | [\"@a b\"]",
        "security_contacts | [\"unknown\"] | [\"unknown\"]",
        "security_contacts | {\"a\":1} | {\"a\":1}",
        "teams_edit_details | \"\" | ''",
        "monitor_timezone | \"Mars/Olympus\" | Mars/Olympus"})
    void a_value_of_another_type_is_named_and_changes_nothing(String name, String value, String named) {
        var org = roster.newOrg("acme");
        var before = org.version();

        var answer = set(org.founder(), name, value);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors())
            .containsExactly("The value provided for parameter 'OrgConfig: %s' is invalid".formatted(named));
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void an_unknown_name_is_not_found_whatever_the_value() {
        var ada = roster.newOrg("acme").founder();

        for (var answer : List.of(ada.get(PATH + "/i_dont_exist"), set(ada, "i_dont_exist", "[]"),
            ada.get(PATH + "/max_session_duration"))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).singleElement().asString().startsWith("OrgConfig: ").endsWith(" not found");
        }
    }

    @Test
    void a_body_without_a_value_is_refused_before_the_name_is_looked_at() {
        var ada = roster.newOrg("acme").founder();

        assertThat(
            ada.patch(PATH + "/i_dont_exist", "{\"data\":{\"type\":\"org_configs\",\"attributes\":{}}}").errors())
            .containsExactly("API input validation failed: {'value': ['Missing data for required field.']}");
    }

    @Test
    void setting_needs_a_permission_and_reading_none() {
        var org = roster.newOrg("acme");
        var standard = org.newStandard("bob@acme.test");

        assertThat(set(standard, "pci_enabled", "true").status()).isEqualTo(403);
        assertThat(standard.get(PATH + "/pci_enabled").at("/data/attributes/value").asBoolean()).isFalse();
    }

    @Test
    void a_change_is_audited_with_before_and_after_and_the_same_value_again_is_none() {
        var org = roster.newOrg("acme");
        set(org.founder(), "monitor_timezone", "\"Europe/Berlin\"");
        var before = org.version();
        var modified = org.founder().get(PATH + "/monitor_timezone").text("/data/attributes/modified_at");

        set(org.founder(), "monitor_timezone", "\"Europe/Berlin\"");

        assertThat(org.version()).isEqualTo(before);
        assertThat(org.founder().get(PATH + "/monitor_timezone").text("/data/attributes/modified_at"))
            .isEqualTo(modified);
        assertThat(roster.sql("""
            SELECT subject_kind, subject_name, before::text, after::text FROM audit_entries
             WHERE org_id = ? AND action = 'org_config.updated'
            """, org.id().value())).containsExactly(List.of("org_config", "monitor_timezone",
            "{\"monitor_timezone\": \"UTC\"}", "{\"monitor_timezone\": \"Europe/Berlin\"}"));
    }

    @Test
    void settings_are_an_organisations_own() {
        var org = roster.newOrg("acme");
        var other = roster.newOrg("acme");
        set(org.founder(), "pci_enabled", "true");

        var theirs = other.founder().get(PATH + "/pci_enabled");

        assertThat(theirs.at("/data/attributes/value").asBoolean()).isFalse();
        assertThat(theirs.id()).isNotEqualTo(org.founder().get(PATH + "/pci_enabled").id());
    }

    @Test
    void where_only_administrators_invite_others_cannot_add_users() {
        var org = roster.newOrg("acme");
        var standard = org.newStandard("bob@acme.test");
        var pending = org.newPending("cy@acme.test").id();
        var sent = Inviting.invited(standard, pending);
        set(org.founder(), "admin_only_invites", "true");

        assertThat(refused(standard, org, pending.toString(), sent)).containsOnly(403);

        set(org.founder(), "admin_only_invites", "false");
        assertThat(refused(standard, org, pending.toString(), sent)).containsExactly(201, 201, 200);
    }

    private static List<Integer> refused(TestUser caller, TestOrg org, String pending, String invitation) {
        var before = org.version();
        var answers = List.of(
            caller.post("/api/v2/users",
                "{\"data\":{\"type\":\"users\",\"attributes\":{\"email\":\"new@acme.test\"}}}"),
            caller.post(Inviting.PATH, Inviting.body(pending)),
            caller.post(Inviting.OWN_PATH + "/" + invitation + "/resend", null));
        if (answers.getFirst().status() == 403) {
            assertThat(org.version()).isEqualTo(before);
        }
        return answers.stream().map(Answer::status).toList();
    }

    @Test
    void administrators_invite_all_the_same_and_a_scoped_key_of_theirs_does_not() {
        var org = roster.newOrg("acme");
        set(org.founder(), "admin_only_invites", "true");
        var body = "{\"data\":{\"type\":\"users\",\"attributes\":{\"email\":\"new@acme.test\"}}}";

        var scoped = org.founder().scopedTo("user_access_invite").post("/api/v2/users", body);
        assertThat(scoped.status()).isEqualTo(403);
        assertThat(scoped.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        assertThat(org.founder().post("/api/v2/users", body).status()).isEqualTo(201);
    }

    @Test
    void how_long_a_session_lasts_is_kept() {
        var org = roster.newOrg("acme");

        assertThat(org.founder().send("PUT", SESSIONS, duration("604800")).status()).isEqualTo(204);

        assertThat(roster.sqlValue("SELECT value::text FROM org_configs WHERE org_id = ? AND name = ?",
            org.id().value(), "max_session_duration")).isEqualTo("604800");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | Must be greater than or equal to 1.",
        "-5 | Must be greater than or equal to 1.",
        "1.5 | Not a valid integer.",
        "\"60\" | Not a valid integer.",
        "99999999999999999999 | Not a valid integer."})
    void a_session_lasts_whole_seconds(String seconds, String reason) {
        var org = roster.newOrg("acme");
        var before = org.version();

        var answer = org.founder().send("PUT", SESSIONS, duration(seconds));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors())
            .containsExactly("API input validation failed: {'max_session_duration': ['%s']}".formatted(reason));
        assertThat(org.version()).isEqualTo(before);
    }

    private static String duration(String seconds) {
        return "{\"data\":{\"type\":\"max_session_duration\",\"attributes\":{\"max_session_duration\":%s}}}"
            .formatted(seconds);
    }
}
