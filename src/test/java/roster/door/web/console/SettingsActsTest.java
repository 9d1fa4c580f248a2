package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.session.SignIn.Admission;
import roster.support.Answer;
import roster.support.OpenId;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Role mappings, providers, and disabling the organisation.
@Timeout(120)
class SettingsActsTest {
    private static final String MAPPINGS = "/console/settings/mappings";
    private static final String SIGN_IN = "/console/settings/sign-in";
    private static final String DISABLE = "/console/settings/organisation/disable";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String mapping(TestUser by, String value, String role) {
        var answer = by.post("/api/v2/authn_mappings", """
            {"data":{"type":"authn_mappings","attributes":{"attribute_key":"groups","attribute_value":"%s"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}""".formatted(value, role));
        assertThat(answer.status()).isEqualTo(200);
        return answer.id();
    }

    private static String edit(String mapping) {
        return MAPPINGS + "/" + mapping + "/edit";
    }

    private static String delete(String mapping) {
        return MAPPINGS + "/" + mapping + "/delete";
    }

    private static Map<String, String> filled(String key, String value, String role) {
        return Map.of("attribute_key", key, "attribute_value", value, "role", role);
    }

    private static long mappings(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM authn_mappings WHERE org_id = ?", org.id().value());
    }

    @Test
    void a_mapping_is_added_changed_and_removed_and_each_can_be_taken_back() {
        var org = roster.newOrg("Northwind");
        org.newRole("Support", List.of("user_access_invite"));
        org.newRole("Billing", List.of("dashboards_read"));
        var ada = SignedIn.in(org.founder());
        assertThat(ada.page(MAPPINGS).text()).contains("No role mappings yet");
        assertThat(ada.page(MAPPINGS + "/new").text()).contains("<option value=\"Support\">");

        var added = SettingsForm.followed(ada, ada.form(MAPPINGS + "/new", filled("groups", "helpdesk", "Support")));
        assertThat(SettingsForm.notice(added)).contains("Saved. groups = helpdesk gives Support.");
        assertThat(SettingsForm.followed(ada, SettingsForm.undone(ada, added)).text())
            .contains("The mapping of groups = helpdesk is removed.", "No role mappings yet");
        SettingsForm.followed(ada, ada.form(MAPPINGS + "/new", filled("groups", "helpdesk", "Support")));
        var id = String.valueOf(roster.sqlValue("SELECT id FROM authn_mappings WHERE org_id = ?", org.id().value()));

        var form = SettingsForm.of(ada.page(edit(id)), edit(id));
        assertThat(form.fields()).containsEntry("role", "Support").containsEntry("attribute_value", "helpdesk");
        var changed = SettingsForm.followed(ada, ada.form(edit(id), form.with("role", "Billing").fields()));
        assertThat(SettingsForm.notice(changed)).contains("groups = helpdesk gives Billing.");
        SettingsForm.followed(ada, SettingsForm.undone(ada, changed));
        assertThat(SettingsForm.of(ada.page(edit(id)), edit(id)).fields()).containsEntry("role", "Support");

        var question = ada.page(delete(id));
        assertThat(question.text()).contains("Remove the mapping of groups = helpdesk?", "Gives the role Support");
        var removed =
            SettingsForm.followed(ada, ada.form(delete(id), SettingsForm.of(question, delete(id)).fields()));
        assertThat(mappings(org)).isZero();
        SettingsForm.followed(ada, SettingsForm.undone(ada, removed));
        assertThat(mappings(org)).isOne();
    }

    @Test
    void what_is_wrong_with_a_mapping_is_told() {
        var org = roster.newOrg("Northwind");
        var role = org.newRole("Support", List.of("user_access_invite"));
        mapping(org.founder(), "helpdesk", role.toString());
        var ada = SignedIn.in(org.founder());
        var before = org.version();
        var path = MAPPINGS + "/new";
        assertThat(ConsoleUser.read(ada.form(path, filled("", " ", "")))).contains("This must not be empty.",
            "Choose a role.");
        assertThat(ConsoleUser.read(ada.form(path, filled("groups", "x".repeat(256), "Suport")))).contains(
            "There is no role “Suport”.");
        assertThat(ConsoleUser.read(ada.form(path, filled("groups", "x".repeat(256), "Support")))).contains(
            "Use at most 255 characters; this has 256.");
        var twice = ada.form(path, filled("groups", "helpdesk", "Support"));
        assertThat(twice.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(twice)).contains("There is such a mapping already.");
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void a_mapping_that_others_changed_is_not_overwritten_or_removed() {
        var org = roster.newOrg("Northwind");
        var role = org.newRole("Support", List.of("user_access_invite"));
        var id = mapping(org.founder(), "helpdesk", role.toString());
        var ada = SignedIn.in(org.founder());
        var form = SettingsForm.of(ada.page(edit(id)), edit(id));
        var question = SettingsForm.of(ada.page(delete(id)), delete(id));
        assertThat(org.founder().patch("/api/v2/authn_mappings/" + id, """
            {"data":{"type":"authn_mappings","id":"%s","attributes":{"attribute_value":"desk"}}}""".formatted(id))
            .status()).isEqualTo(200);

        var clash = ada.form(edit(id), form.with("attribute_value", "help").fields());
        assertThat(clash.status()).isEqualTo(412);
        assertThat(ConsoleUser.read(clash)).contains("helpdesk", "desk", "help");
        var asked = ada.form(delete(id), question.fields());
        assertThat(asked.status()).isEqualTo(412);
        assertThat(asked.text()).contains("Look again.");
        assertThat(mappings(org)).isOne();

        org.founder().delete("/api/v2/authn_mappings/" + id);
        var gone = ada.form(edit(id), form.with("attribute_value", "help").fields());
        assertThat(gone.status()).isEqualTo(412);
        assertThat(ConsoleUser.read(gone)).contains("was deleted meanwhile");
        assertThat(SettingsForm.of(gone, MAPPINGS + "/new").fields()).containsEntry("attribute_value", "help");
    }

    @Test
    void a_mapping_whose_author_may_no_longer_give_its_role_is_confirmed_by_another() {
        var org = roster.newOrg("Northwind");
        var role = org.newRole("Support", List.of("user_access_invite"));
        var left = org.newAdmin("left@northwind.example");
        var id = mapping(left, "helpdesk", role.toString());
        var ada = SignedIn.in(org.founder());
        assertThat(ada.page(MAPPINGS).text()).doesNotContain("Gives nothing now");
        org.founder().delete("/api/v2/users/" + left.id());

        var page = ada.page(MAPPINGS);
        assertThat(page.text()).contains("Gives nothing now");
        var path = MAPPINGS + "/" + id + "/confirm";
        assertThat(SettingsForm.notice(SettingsForm.followed(ada, ada.form(path, Map.of()))))
            .contains("changed while you looked");
        var told = SettingsForm.followed(ada, ada.form(path, SettingsForm.of(page, path).fields()));
        assertThat(SettingsForm.notice(told)).contains("Confirmed. groups = helpdesk gives its role again.");
        assertThat(told.text()).doesNotContain("Gives nothing now");
    }

    @Test
    void mappings_are_searched() {
        var org = roster.newOrg("Northwind");
        var role = org.newRole("Support", List.of("user_access_invite"));
        mapping(org.founder(), "helpdesk", role.toString());
        mapping(org.founder(), "sales", role.toString());
        var ada = SignedIn.in(org.newStandard("ada-seeks@northwind.example"));
        assertThat(ConsoleUser.read(ada.page(MAPPINGS))).contains("2 role mappings", "helpdesk", "sales");
        assertThat(ConsoleUser.read(ada.page(MAPPINGS + "?q=desk"))).contains("1 role mapping matches “desk”")
            .doesNotContain("sales");
        assertThat(ConsoleUser.read(ada.page(MAPPINGS + "?q=nothing"))).contains("No role mapping matches");
        assertThat(ada.page(MAPPINGS + "?from=7").status()).isEqualTo(400);
    }

    private static Answer added(SignedIn ada, String... more) {
        var form = SettingsForm.of(ada.page(SIGN_IN + "/new"), SIGN_IN + "/new").with("name", "Okta", "profile", "Okta",
            "issuer", "https://northwind.okta.example", "client_id", "roster", "client_secret", OpenId.SECRET,
            "domains", "northwind.example", "default_role", "Support").with(more);
        return ada.form(SIGN_IN + "/new", form.fields());
    }

    @Test
    void a_provider_is_added_changed_and_removed() {
        var org = roster.newOrg("Northwind");
        org.newRole("Support", List.of("user_access_invite"));
        var ada = SignedIn.in(org.founder());
        var made = added(ada);
        var path = made.header("Location").orElseThrow();
        var page = SettingsForm.followed(ada, made);
        assertThat(SettingsForm.notice(page)).contains("Okta is added.");
        assertThat(page.text()).contains("https://northwind.okta.example", "/sign-in/callback/")
            .doesNotContain(OpenId.SECRET);
        var form = SettingsForm.of(page, path);
        assertThat(form.fields()).containsEntry("client_secret", "").containsEntry("default_role", "Support")
            .containsEntry("addresses", "When an email sent there was answered").doesNotContainKey("issuer");

        var changed = SettingsForm.followed(ada, ada.form(path, form.with("name", "Northwind account", "create_users",
            "Are added").fields()));
        assertThat(SettingsForm.notice(changed)).contains("Northwind account is changed.");
        assertThat(SettingsForm.of(SettingsForm.followed(ada, SettingsForm.undone(ada, changed)), path).fields())
            .containsEntry("name", "Okta").containsEntry("create_users", "Are not let in");
        assertThat(ada.page(SIGN_IN).text()).contains("Okta", "href=\"" + path + "\"");

        var clash = ada.form(path, form.with("was_name", "Another", "name", "Mine").fields());
        assertThat(clash.status()).isEqualTo(412);
        assertThat(ada.form(path + "/remove", Map.of()).status()).isEqualTo(412);
        var question = SettingsForm.of(ada.page(path + "/remove"), path + "/remove");
        assertThat(SettingsForm.followed(ada, ada.form(path + "/remove", question.fields())).text())
            .contains("Okta is removed.", "No provider of OpenID Connect is set up.");
    }

    @Test
    void what_is_wrong_with_a_provider_is_told_and_its_secret_is_not() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var answer = added(ada, "issuer", "http://northwind.okta.example", "client_id", "", "default_role", "");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(answer)).contains("https is required", "This must not be empty.");
        assertThat(answer.text()).doesNotContain(OpenId.SECRET);
        assertThat(ConsoleUser.read(added(ada, "default_role", "Nobody's"))).contains("There is no role “Nobody's”.");
        assertThat(added(ada, "default_role", "").status()).isEqualTo(303);
        var twice = added(ada, "default_role", "");
        assertThat(twice.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(twice)).contains("There is such a provider already");
    }

    @Test
    void one_does_not_sign_oneself_out_by_a_method() {
        var org = roster.newOrg("Northwind");
        var provider = OpenId.configured(org, OpenId.okta());
        var bob = org.newAdmin("bob-there@acme.test");
        var admission = OpenId.admitted(org, bob.user(), provider, "bob-there", Optional.of("automatic"));
        var begun = ((Admission.In) admission).session();
        var session = new SignedIn(org, begun.id().value(), begun.token());
        roster.sql("UPDATE sessions SET fresh_until = roster_now() + interval '10 minutes' WHERE id = ?",
            begun.id().value());

        var form = SettingsForm.of(session.page(SIGN_IN), SIGN_IN);
        var answer = session.form(SIGN_IN, form.with("method_" + provider, "Off").fields());
        assertThat(answer.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(answer))
            .contains("You are signed in by this method, and would be signed out.");
        assertThat(session.page(SIGN_IN).status()).isEqualTo(200);
    }

    @Test
    void the_organisation_is_disabled_once_its_name_is_typed() {
        var org = roster.newOrg("Northwind-Labs");
        var ada = SignedIn.in(org.founder());
        var bob = SignedIn.in(org.newStandard("bob-out@northwind.example"));
        assertThat(ada.page(DISABLE).text()).contains("Disable Northwind-Labs?", "Type the name of the organisation");
        var wrong = ada.form(DISABLE, Map.of("typed", "Northwind"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(wrong)).contains("Type Northwind-Labs to go on.");
        assertThat(bob.page("/console/").status()).isEqualTo(200);
        assertThat(bob.form(DISABLE, Map.of("typed", "Northwind-Labs")).status()).isEqualTo(403);

        var done = ada.form(DISABLE, Map.of("typed", " Northwind-Labs "));
        assertThat(done.status()).isEqualTo(200);
        assertThat(ConsoleUser.read(done)).contains("Northwind-Labs is disabled", "You are signed out");
        for (var session : List.of(ada, bob)) {
            var next = session.page("/console/people");
            assertThat(next.status()).isEqualTo(303);
            assertThat(next.header("Location").orElseThrow()).startsWith("/sign-in?then=");
        }
    }
}
