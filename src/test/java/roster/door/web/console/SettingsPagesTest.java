package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// The pages of settings: each is seen by all and changed by few, says what is wrong, loses nothing of others, and can be taken
/// back.
@Timeout(120)
class SettingsPagesTest {
    private static final String SETTINGS = "/console/settings/";
    private static final String ORGANISATION = SETTINGS + "organisation";
    private static final String NETWORKS = SETTINGS + "networks";
    private static final String DOMAINS = SETTINGS + "domains";
    private static final String SIGN_IN = SETTINGS + "sign-in";
    private static final String INVITATIONS = SETTINGS + "invitations";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static SettingsForm form(SignedIn session, String path) {
        return SettingsForm.of(session.page(path), path);
    }

    private static Answer send(SignedIn session, String path, SettingsForm form) {
        return session.form(path, form.fields());
    }

    private static String config(TestOrg org, String name) {
        return String.valueOf(roster.sqlValue("SELECT value::text FROM org_configs WHERE org_id = ? AND name = ?",
            org.id().value(), name));
    }

    private static void age(SignedIn session) {
        roster.sql("UPDATE sessions SET fresh_until = roster_now() - interval '1 second' WHERE id = ?",
            session.session());
    }

    @Test
    void who_an_organisation_is_can_be_changed_and_taken_back() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var page = ada.page(ORGANISATION);
        assertThat(page.text()).contains(org.id().toString(), "Disable this organisation…", "/sign-in/o/");

        var told = SettingsForm.followed(ada, send(ada, ORGANISATION, SettingsForm.of(page, ORGANISATION)
            .with("name", "  Northwind Labs ", "description", "Makes\r\nmaps", "monitor_timezone", "Europe/Vienna",
                "security_contacts", "Ann@Northwind.example\r\n\r\nbob@northwind.example", "pci_enabled", "On")));
        assertThat(SettingsForm.notice(told)).contains(
            "Saved. Name, Description, Time zone, Security contacts and PCI compliance are changed.");
        assertThat(told.text()).contains("Northwind Labs", "Makes\nmaps", "Times are in Europe/Vienna");
        assertThat(config(org, "security_contacts"))
            .isEqualTo("[\"ann@northwind.example\", \"bob@northwind.example\"]");

        var back = SettingsForm.followed(ada, SettingsForm.undone(ada, told));
        assertThat(SettingsForm.notice(back)).contains("As it was: Name, Description");
        assertThat(SettingsForm.of(back, ORGANISATION).fields()).containsEntry("name", "Northwind")
            .containsEntry("description", "").containsEntry("monitor_timezone", "UTC")
            .containsEntry("security_contacts", "").containsEntry("pci_enabled", "Off");
        var again = SettingsForm.followed(ada, SettingsForm.undone(ada, back));
        assertThat(SettingsForm.of(again, ORGANISATION).fields()).containsEntry("name", "Northwind Labs");
    }

    @Test
    void nothing_changes_without_a_change() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var before = org.version();
        assertThat(SettingsForm.notice(SettingsForm.followed(ada,
            send(ada, ORGANISATION, form(ada, ORGANISATION))))).contains("Nothing was changed.");
        assertThat(org.version()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"organisation|name||This must not be empty.",
        "organisation|monitor_timezone|Europe/Nowhere|Choose a time zone by its name, such as Europe/Vienna.",
        "organisation|security_contacts|ann@northwind.example, bob|“ann@northwind.example, bob” is not an email address.",
        "organisation|teams_edit_details|All of them|One word of small letters, digits and _, such as members.",
        "networks|entries|10.0.0.0/8 Office;192.0.2.300|“192.0.2.300” is not a valid address: 300 is above 255.",
        "networks|entries|10.0.0.0/40|“10.0.0.0/40” is not a valid address: 40 is above 32.",
        "domains|domains|@northwind.example;not a domain|“@not a domain” is not a domain, such as @example.com.",
        "sign-in|roster_session_idle|2m|Enter a length from 5m to 24h, such as 30m.",
        "sign-in|max_session_duration|soon|Enter a length such as 8h."})
    void a_fault_stands_at_its_field_and_what_was_typed_stays(String name, String field, String typed, String fault) {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var path = SETTINGS + name;
        var value = typed == null ? "" : typed.replace(";", "\n");
        var before = org.version();
        var answer = send(ada, path, form(ada, path).with(field, value));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("<title>Error: ", "href=\"#" + field + "\"");
        assertThat(ConsoleUser.read(answer)).contains(fault);
        assertThat(SettingsForm.of(answer, path).fields()).containsEntry(field, value);
        assertThat(org.version()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {ORGANISATION, SIGN_IN, INVITATIONS, NETWORKS, DOMAINS, SETTINGS + "mappings"})
    void those_who_may_not_change_them_see_them_without_forms(String path) {
        var org = roster.newOrg("Northwind");
        org.founder().patch("/api/v2/ip_allowlist",
            """
            {"data":{"type":"ip_allowlist","attributes":{"enabled":false,"entries":[
             {"data":{"type":"ip_allowlist_entry","attributes":{"cidr_block":"198.51.100.7","note":"hideaway"}}}]}}}""");
        var bob = SignedIn.in(org.newUser("bob-reads@northwind.example"));
        age(bob);
        var page = bob.page(path);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("<dl class=\"facts body\">").doesNotContain("method=\"post\"",
            "198.51.100.7", "hideaway");
        assertThat(SignedIn.in(org.newUser("cy-reads@northwind.example")).form(path, Map.of()).status())
            .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"organisation, name, Eastwind, Southwind", "domains, domains, @east.example, @south.example",
        "networks, entries, 10.1.0.0/16 East, 10.2.0.0/16 South", "sign-in, max_session_duration, 8h, 9h",
        "invitations, 30d_invite_expiration, 30 days, 30 days"})
    void what_others_changed_meanwhile_is_chosen_from(String name, String field, String theirs, String yours) {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var bob = SignedIn.in(org.newAdmin("bob-%s@northwind.example".formatted(name)));
        var path = SETTINGS + name;
        var began = form(ada, path);
        SettingsForm.followed(bob, send(bob, path, form(bob, path).with(field, theirs)));

        var clash = send(ada, path, began.with(field, yours));
        assertThat(clash.status()).isEqualTo(412);
        assertThat(ConsoleUser.read(clash)).contains("This was changed while you were editing",
            "bob-%s@northwind.example changed these settings at ".formatted(name), theirs, yours);
        var kept = SettingsForm.followed(ada,
            send(ada, path, SettingsForm.of(clash, path).with("take_" + field, "yes")));
        assertThat(SettingsForm.of(kept, path).fields()).containsEntry(field, yours);
    }

    @Test
    void what_was_changed_since_is_not_undone() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var told = SettingsForm.followed(ada,
            send(ada, INVITATIONS, form(ada, INVITATIONS).with("30d_invite_expiration", "30 days")));
        assertThat(SettingsForm.notice(told)).contains("Saved. An invitation can be accepted for: 30 days.");
        assertThat(config(org, "30d_invite_expiration")).isEqualTo("true");
        org.founder().patch("/api/v2/org_configs/30d_invite_expiration",
            "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":false}}}");
        var answer = SettingsForm.undone(ada, told);
        assertThat(answer.status()).isEqualTo(412);
        assertThat(config(org, "30d_invite_expiration")).isEqualTo("false");
    }

    @Test
    void no_one_shuts_themselves_out_by_networks() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        assertThat(ada.page(NETWORKS).text()).contains("Your address is 127.0.0.1, which is not in the list.");
        var answer = send(ada, NETWORKS, form(ada, NETWORKS).with("enabled", "Only these networks", "entries",
            "198.51.100.0/24 Office in Vienna"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(answer)).contains("Nothing was saved", "Your address is 127.0.0.1");
        assertThat(SettingsForm.of(answer, NETWORKS).fields()).containsEntry("entries",
            "198.51.100.0/24 Office in Vienna").containsEntry("enabled", "Only these networks");

        var told = SettingsForm.followed(ada, send(ada, NETWORKS, SettingsForm.of(answer, NETWORKS).with("entries",
            "198.51.100.0/24 Office in Vienna\r\n127.0.0.1\tThis machine\r\n10.1.2.3/8")));
        assertThat(told.text()).contains("Your address is 127.0.0.1, which is in the list.");
        assertThat(SettingsForm.of(told, NETWORKS).fields()).containsEntry("entries",
            "198.51.100.0/24 Office in Vienna\n127.0.0.1/32 This machine\n10.0.0.0/8");
        assertThat(SettingsForm.followed(ada, SettingsForm.undone(ada, told)).text())
            .contains("which is not in the list");
    }

    @Test
    void a_note_that_is_not_touched_stays_as_it_is() {
        var org = roster.newOrg("Northwind");
        org.founder().patch("/api/v2/ip_allowlist",
            """
            {"data":{"type":"ip_allowlist","attributes":{"entries":[
             {"data":{"type":"ip_allowlist_entry","attributes":{"cidr_block":"10.0.0.0/8","note":"two\\nlines"}}}]}}}""");
        var ada = SignedIn.in(org.founder());
        var form = form(ada, NETWORKS);
        assertThat(form.fields()).containsEntry("entries", "10.0.0.0/8 two lines");
        SettingsForm.followed(ada, send(ada, NETWORKS, form.with("entries", "10.0.0.0/8 two lines\n127.0.0.1")));
        assertThat(roster.sqlValue("SELECT note FROM ip_allowlist_entries WHERE org_id = ? AND cidr_block = ?",
            org.id().value(), "10.0.0.0/8")).isEqualTo("two\nlines");
    }

    @Test
    void domains_need_no_at() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var page = ada.page(DOMAINS);
        assertThat(page.text()).contains("Limits where reports may be mailed, not who may join.");
        var told = SettingsForm.followed(ada, send(ada, DOMAINS, SettingsForm.of(page, DOMAINS).with("domains",
            "Northwind.example\n@south.example", "enabled", "Only to these domains")));
        assertThat(SettingsForm.of(told, DOMAINS).fields()).containsEntry("domains",
            "@northwind.example\n@south.example").containsEntry("enabled", "Only to these domains");
        assertThat(SettingsForm.of(SettingsForm.followed(ada, SettingsForm.undone(ada, told)), DOMAINS).fields())
            .containsEntry("domains", "").containsEntry("enabled", "To any domain");
    }

    @ParameterizedTest
    @ValueSource(strings = {NETWORKS, SIGN_IN, ORGANISATION + "/disable", SIGN_IN + "/new"})
    void those_who_may_change_them_are_asked_for_a_factor_first(String path) {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        assertThat(ada.page(path).status()).isEqualTo(200);
        age(ada);
        var answer = ada.page(path);
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location").orElseThrow()).startsWith("/sign-in/again?then=%2Fconsole%2Fsettings");
    }

    private static String method(SettingsForm form, String value) {
        return form.fields().entrySet().stream()
            .filter(one -> one.getKey().startsWith("method_") && one.getValue().equals(value)).findFirst()
            .orElseThrow().getKey();
    }

    @Test
    void methods_are_turned_on_and_off_but_not_all_of_them() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var form = form(ada, SIGN_IN);
        var off = form.fields().keySet().stream().filter(id -> id.startsWith("method_")).toList();
        assertThat(off).hasSize(3);
        var none = form;
        for (var id : off) {
            none = none.with(id, "Off");
        }
        var answer = send(ada, SIGN_IN, none);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(answer)).contains("The last enabled identity provider cannot be disabled.");

        var first = method(form, "On");
        var told = SettingsForm.followed(ada, send(ada, SIGN_IN, form.with(first, "Off")));
        assertThat(told.text()).contains("No way to sign in works now.");
        var back = SettingsForm.followed(ada, SettingsForm.undone(ada, told));
        assertThat(back.text()).doesNotContain("No way to sign in works now.");
        assertThat(SettingsForm.of(back, SIGN_IN).fields()).containsEntry(first, "On");
        assertThat(List.copyOf(SettingsForm.of(back, SIGN_IN).fields().keySet())).containsAll(off);
    }

    @Test
    void saml_is_not_turned_on_without_its_metadata() {
        var ada = SignedIn.in(roster.newOrg("Northwind").founder());
        var form = form(ada, SIGN_IN);
        var answer = send(ada, SIGN_IN, form.with(method(form, "Off"), "On"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(answer))
            .contains("SAML cannot be enabled before the identity provider's metadata are uploaded.");
    }

    @Test
    void how_long_sessions_last_is_a_length_of_time() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var told = SettingsForm.followed(ada, send(ada, SIGN_IN, form(ada, SIGN_IN).with("roster_session_idle", "30 m",
            "max_session_duration", "2d", "roster_second_factor", "Administrators")));
        assertThat(told.header("Location")).as("one's own second factor is asked for now").isPresent();
        assertThat(config(org, "roster_session_idle")).isEqualTo("1800");
        assertThat(config(org, "max_session_duration")).isEqualTo("172800");
        assertThat(config(org, "roster_second_factor")).isEqualTo("\"administrators\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"30d_invite_expiration", "admin_only_invites"})
    void a_choice_that_is_none_is_refused(String field) {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var before = org.version();
        assertThat(send(ada, INVITATIONS, form(ada, INVITATIONS).with(field, "perhaps")).status()).isEqualTo(400);
        assertThat(org.version()).isEqualTo(before);
    }
}
