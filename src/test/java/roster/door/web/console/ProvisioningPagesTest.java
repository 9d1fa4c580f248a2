package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.Node;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Await;
import roster.support.PostgresRelay;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Settings, Provisioning: a directory is let in, what it asked and what failed is told, and its people and roles are marked.
@Timeout(120)
class ProvisioningPagesTest {
    private static final String PATH = "/console/settings/provisioning";
    private static final String TOKEN = PATH + "/token";
    private static final String ROLE = "roster_scim_default_role";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Answer scim(TestUser user, String method, String path, String body) {
        return roster.send(method, "/scim/v2" + path, body, Map.of("Authorization", "Bearer " + user.applicationKey(),
            "Content-Type", "application/scim+json", "User-Agent", "Okta SCIM Client 1.0.0"));
    }

    private static String person(String address) {
        return "{\"userName\":\"%s\",\"displayName\":\"Ann Lee\"}".formatted(address);
    }

    private static void noted() {
        roster.program().provisioning.requests.write();
    }

    private static Map<String, String> filled(SignedIn session, String name) {
        var page = session.page(TOKEN);
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        var fields = new HashMap<String, String>();
        fields.put("account", ConsoleUser.hidden(page, "account"));
        fields.put("token", ConsoleUser.hidden(page, "token"));
        fields.put("name", name);
        fields.put("email", "it@northwind.example");
        fields.put("ends", "");
        return fields;
    }

    private static String secret(Answer page) {
        return page.text().replaceAll("(?s).*id=\"secret\" type=\"text\" value=\"([^\"]+)\".*", "$1");
    }

    @Test
    void before_a_directory_is_connected_the_page_says_what_to_do() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var page = ada.page(PATH);
        assertThat(ConsoleUser.read(page)).contains("No directory is connected yet", "Make a token", "/scim/v2",
            "/api/v2/scim", "?aadOptscim062020", "Okta", "Microsoft Entra ID", "0 people", "0 roles")
            .doesNotContain("Last requests", "What failed");
        assertThat(page.text()).contains("href=\"" + TOKEN + "\"");

        scim(org.founder(), "GET", "/ServiceProviderConfig", null);
        noted();
        assertThat(ConsoleUser.read(ada.page(PATH)))
            .contains("Last requests", "First application key of founder@northwind.test",
                "GET /scim/v2/ServiceProviderConfig: 200", "Okta SCIM Client 1.0.0")
            .doesNotContain("No directory is");
    }

    @Test
    void a_token_is_made_with_an_account_that_can_do_just_this_and_shown_once() {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var fields = filled(ada, "Okta");
        assertThat(ada.page(TOKEN).text()).contains("value=\"founder@northwind.test\"");
        var before = org.version();
        var shown = ada.form(TOKEN, fields);
        assertThat(shown.status()).isEqualTo(200);
        assertThat(org.version()).as("one write").isEqualTo(before + 1);
        var token = secret(shown);
        assertThat(token).startsWith("ddsat_");
        assertThat(ConsoleUser.read(shown)).contains("Token for “Okta” created", "shown once",
            "/scim/v2/Users?count=1' \\ -H 'Authorization: Bearer " + token + "'");

        assertThat(roster.sql("""
            SELECT t.scopes::text, t.expires_at::text, u.name, u.email, u.service_account,
                   (SELECT string_agg(p, ',' ORDER BY p)
                      FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id, unnest(r.permissions) p
                     WHERE m.org_id = u.org_id AND m.user_id = u.id)
              FROM access_tokens t JOIN users u ON u.org_id = t.org_id AND u.id = t.user_id WHERE t.org_id = ?
            """, org.id().value()).toString()).isEqualTo("[[{user_access_invite,user_access_manage}, null, Okta, "
            + "it@northwind.example, true, user_access_invite,user_access_manage]]");
        assertThat(roster.sql("SELECT action FROM audit_entries WHERE org_id = ? AND version = ? ORDER BY entry",
            org.id().value(), before + 1)).extracting(row -> row.getFirst().toString())
            .contains("role.created", "user.created", "access_token.issued");

        var again = ada.form(TOKEN, fields);
        assertThat(ConsoleUser.read(again)).contains("This token was created", "It can't be shown again.");
        assertThat(again.text()).doesNotContain(token);
        assertThat(org.version()).isEqualTo(before + 1);
        assertThat(ConsoleUser.read(ada.page(PATH))).contains("Okta of Okta", "No directory is connected yet",
            "Not used over SCIM");

        var bearer = Map.of("Authorization", "Bearer " + token);
        assertThat(roster.send("GET", "/scim/v2/Users?count=1", null, bearer).status()).isEqualTo(200);
        assertThat(roster.send("GET", "/api/v2/audit/events", null, bearer).status()).isEqualTo(403);
        noted();
        assertThat(ConsoleUser.read(ada.page(PATH))).contains("GET /scim/v2/Users: 200");
    }

    @Test
    void a_second_directory_gets_the_same_role_and_a_name_in_use_is_left_alone() {
        var org = roster.newOrg("Northwind");
        org.newRole("Provisioning", List.of("dashboards_read"));
        var ada = SignedIn.in(org.founder());
        ada.form(TOKEN, filled(ada, "Okta"));
        ada.form(TOKEN, filled(ada, "Entra"));
        assertThat(roster.sql("""
            SELECT r.name, count(*) FROM roles r JOIN role_members m ON m.org_id = r.org_id AND m.role_id = r.id
              JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id
             WHERE r.org_id = ? AND u.service_account GROUP BY r.name
            """, org.id().value()).toString()).isEqualTo("[[Provisioning 2, 2]]");
    }

    @ParameterizedTest
    @CsvSource({"name, '', This must not be empty.", "email, nothing, 'Enter an email address, like ann@example.com.'",
        "ends, soon, 'Enter a day, such as '", "ends, 2001-01-01, Choose a day that ends at least 24 hours from now."})
    void what_is_wrong_with_a_form_stands_at_its_field(String field, String typed, String fault) {
        var org = roster.newOrg("Northwind");
        var ada = SignedIn.in(org.founder());
        var fields = filled(ada, "Okta");
        fields.put(field, typed);
        var before = org.version();
        var answer = ada.form(TOKEN, fields);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.text()).contains("<title>Error: ", "href=\"#" + field + "\"");
        assertThat(ConsoleUser.read(answer)).contains(fault);
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void those_who_may_not_let_a_directory_in_are_told_what_it_needs() {
        var org = roster.newOrg("Northwind");
        var manager = SignedIn.in(org.newUserWith("manager@northwind.example", List.of(org.newRole("Managers",
            List.of("user_access_manage", "user_access_invite")).toString())));
        var page = manager.page(PATH);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("service_account_write").doesNotContain(TOKEN, "method=\"post\" action=\""
            + PATH);
        assertThat(manager.page(TOKEN).status()).isEqualTo(403);
        assertThat(manager.form(TOKEN, Map.of()).status()).isEqualTo(403);
        assertThat(SignedIn.in(org.newUser("none@northwind.example")).page(PATH).status()).isEqualTo(403);

        var ada = SignedIn.in(org.founder());
        roster.sql("UPDATE sessions SET fresh_until = roster_now() - interval '1 second' WHERE id = ?", ada.session());
        assertThat(ada.page(TOKEN).header("Location").orElseThrow()).startsWith("/sign-in/again?then=");
    }

    @Test
    void what_new_people_get_is_set_and_taken_back() {
        var org = roster.newOrg("Northwind");
        var support = org.newRole("Support", List.of("dashboards_read"));
        var ada = SignedIn.in(org.founder());
        var form = SettingsForm.of(ada.page(PATH), PATH);
        assertThat(form.fields()).containsEntry(ROLE, "").containsEntry("roster_scim_invitations", "None are sent");
        var told = SettingsForm.followed(ada, ada.form(PATH, form.with(ROLE, "Support").fields()));
        assertThat(SettingsForm.notice(told)).contains("Saved. Role of those who come without one: Support.");
        assertThat(org.founder().get("/api/v2/org_configs/" + ROLE).text("/data/attributes/value"))
            .isEqualTo(support.toString());
        assertThat(scim(org.founder(), "POST", "/Users", person("ann@northwind.example")).text("/roles/0/value"))
            .isEqualTo(support.toString());

        assertThat(ConsoleUser.read(ada.page("/console/audit?q=" + ROLE))).contains("set " + ROLE + " to another role",
            "none → became Support").doesNotContain(support.toString());

        var back = SettingsForm.followed(ada, SettingsForm.undone(ada, told));
        assertThat(SettingsForm.of(back, PATH).fields()).containsEntry(ROLE, "");
        assertThat(ConsoleUser.read(ada.page("/console/audit?q=" + ROLE))).contains("set " + ROLE + " to none");
        SettingsForm.followed(ada, ada.form(PATH, SettingsForm.of(back, PATH).with(ROLE, "Support").fields()));
        org.founder().delete("/api/v2/roles/" + support);
        assertThat(SettingsForm.of(ada.page(PATH), PATH).fields()).as("a role that is gone").containsEntry(ROLE, "");
        assertThat(
            ConsoleUser.read(ada.form(PATH, SettingsForm.of(ada.page(PATH), PATH).with(ROLE, "Nothing").fields())))
            .contains("There is no role “Nothing”.");
    }

    @Test
    void no_role_is_chosen_that_can_do_more_than_the_one_who_chooses() {
        var org = roster.newOrg("Northwind");
        org.newRole("Wide", List.of("org_management", "audit_logs_read"));
        var owner = SignedIn.in(org.newUserWith("owner@northwind.example", List.of(org.newRole("Owners",
            List.of("org_management")).toString())));
        var page = owner.page(PATH);
        assertThat(page.text()).contains(">Owners</option>").doesNotContain(">Wide</option>");
        assertThat(owner.form(PATH, SettingsForm.of(page, PATH).with(ROLE, "Wide").fields()).status()).isEqualTo(422);

        for (var i = 0; i < 50; i++) {
            org.newRole("Role " + i, List.of("dashboards_read"));
        }
        var typed = owner.form(PATH, SettingsForm.of(owner.page(PATH), PATH).with(ROLE, "wide").fields());
        assertThat(typed.status()).isEqualTo(422);
        assertThat(ConsoleUser.read(typed)).contains("You can't choose Wide: it has permissions that you don't.");
        assertThat(ConsoleUser.read(owner.form(PATH, SettingsForm.of(owner.page(PATH), PATH).with(ROLE, "Wid")
            .fields()))).contains("There is no role “Wid”.");
        SettingsForm.followed(owner, owner.form(PATH, SettingsForm.of(owner.page(PATH), PATH).with(ROLE, "owners")
            .fields()));
        assertThat(SettingsForm.of(owner.page(PATH), PATH).fields()).containsEntry(ROLE, "Owners");
    }

    @Test
    void what_failed_is_told_in_words_with_whom_it_was_about_and_without_what_was_sent() {
        var org = roster.newOrg("Northwind");
        var founder = org.founder();
        var ann = scim(founder, "POST", "/Users", person("zelda@northwind.example")).text("/id");
        var bob =
            scim(founder, "POST", "/Users", "{\"userName\":\"bob@northwind.example\",\"displayName\":\"Bob Ray\"}")
                .text("/id");
        scim(founder, "POST", "/Users", person("zelda@northwind.example"));
        for (var i = 0; i < 3; i++) {
            scim(founder, "PATCH", "/Users/" + bob, "{\"Operations\":[{\"op\":\"replace\",\"path\":\"userName\","
                + "\"value\":\"zelda@northwind.example\"}]}");
        }
        scim(founder, "GET", "/Groups/" + UUID.randomUUID(), null);
        noted();
        var ada = SignedIn.in(founder);
        var page = ada.page(PATH);
        assertThat(ConsoleUser.read(page)).contains("What failed", "Another person has this userName. Bob Ray PATCH "
            + "/scim/v2/Users/{id}: 409 uniqueness, 3 times since", "POST /scim/v2/Users: 409 uniqueness",
            "There is no such group.", "2 people");
        assertThat(page.text()).contains("href=\"/console/people/" + bob).doesNotContainIgnoringCase("zelda");

        assertThat(ConsoleUser.read(ada.page(PATH + "/people"))).contains("2 people from a directory",
            "Ann Lee zelda@northwind.example Pending", "Bob Ray bob@northwind.example Pending");
        assertThat(ada.page(PATH + "/people?from=50").status()).isEqualTo(200);
        assertThat(ada.page(PATH + "/people?from=7").status()).isEqualTo(400);
        assertThat(ann).isNotEmpty();
    }

    @Test
    void what_failed_within_a_bulk_request_is_told_in_words_of_its_own() {
        var org = roster.newOrg("Northwind");
        var founder = org.founder();
        scim(founder, "POST", "/Users", person("zelda@northwind.example"));
        var bulk = scim(founder, "POST", "/Bulk",
            """
            {"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"zelda@northwind.example"}},
             {"method":"POST","path":"/Groups","bulkId":"b","data":{"displayName":"Z","members":[{"value":"bulkId:a"}]}},
             {"method":"DELETE","path":"/Users/%s"},{"method":"DELETE","path":"/Zelda"},{"method":"PUT","path":"/Users"}]}"""
                .formatted(founder.id()));
        assertThat(bulk.each("/Operations", "/status")).containsExactly("409", "400", "403", "404", "405");
        noted();
        var page = SignedIn.in(founder).page(PATH);
        assertThat(ConsoleUser.read(page)).contains("POST /scim/v2/Bulk: 200",
            "Another person has this userName. POST /scim/v2/Users: 409 uniqueness",
            "It depends on another change in the same request, which failed or is not there. POST /scim/v2/Groups: 400",
            "This would have left no active administrator. Another one must come in first.",
            "DELETE /scim/v2/Users/{id}: 403", "A change names an address that there is not. POST /scim/v2/Bulk: 404",
            "A change is of a kind that is not possible at its address. POST /scim/v2/Bulk: 405");
        assertThat(page.text()).contains("href=\"/console/people/" + founder.id()).doesNotContainIgnoringCase("zelda");
    }

    private static long statements(PostgresRelay relay, Node node, SignedIn session) {
        return LongStream.range(0, 10).map(_ -> {
            var before = relay.executed();
            assertThat(session.callOn(node.address(), "GET", "/console/people", null).status()).isEqualTo(200);
            return relay.executed() - before;
        }).min().orElseThrow(); // workers ask now and then, too
    }

    @Test
    void all_marks_of_a_list_are_one_question() {
        var few = roster.newOrg("Northwind");
        var many = roster.newOrg("Eastwind");
        scim(few.founder(), "POST", "/Users", person("ann@northwind.example"));
        for (var i = 0; i < 20; i++) {
            scim(many.founder(), "POST", "/Users", person("ann%d@eastwind.example".formatted(i)));
        }
        try (var relay = new PostgresRelay(roster.databaseUrl());
            var node = roster.anotherNode(Map.of("ROSTER_DATABASE_URL", relay.url()))) {
            var one = SignedIn.in(few.founder());
            var twenty = SignedIn.in(many.founder());
            assertThat(marks(one.callOn(node.address(), "GET", "/console/people", null))).hasSize(1);
            assertThat(marks(twenty.callOn(node.address(), "GET", "/console/people", null))).hasSize(20);
            // In turns, as the node has workers that ask for the organisations of all tests, at times without a pause.
            var least = new long[] {Long.MAX_VALUE, Long.MAX_VALUE};
            Await.until("as many statements for twenty as for one", () -> {
                least[0] = Math.min(least[0], statements(relay, node, one));
                least[1] = Math.min(least[1], statements(relay, node, twenty));
                return least[0] == least[1];
            });
            assertThat(least[0]).isPositive();
        }
    }

    /// The titles of the marks in a list.
    private static List<String> marks(Answer page) {
        return Pattern.compile("<span class=\"from\" title=\"([^\"]*)\">").matcher(page.text()).results()
            .map(found -> found.group(1)).toList();
    }

    @Test
    void people_and_roles_of_a_directory_are_marked_where_they_are_looked_at_and_changed() {
        var org = roster.newOrg("Northwind");
        var founder = org.founder();
        var ada = SignedIn.in(founder);
        var by = "founder@northwind.test";
        var ann = scim(founder, "POST", "/Users", person("ann@northwind.example")).text("/id");
        var ops = scim(founder, "POST", "/Groups", "{\"displayName\":\"Ops\",\"members\":[{\"value\":\"%s\"}]}"
            .formatted(ann)).text("/id");
        assertThat(ConsoleUser.read(ada.page("/console/people/" + ann))).contains("Provisioned by " + by,
            "What it sends again replaces what is changed here.");
        assertThat(ConsoleUser.read(ada.page("/console/people/" + ann + "/edit")))
            .contains(by + " sends this person: what it sends again replaces what you change.");
        assertThat(ConsoleUser.read(ada.page("/console/people/" + ann + "/roles/edit")))
            .contains(by + " looks after this person: roles that it fills come and go as it says.");
        assertThat(ConsoleUser.read(ada.page("/console/roles/" + ops))).contains("From a directory",
            "Provisioned by " + by);
        assertThat(ConsoleUser.read(ada.page("/console/roles/" + ops + "/edit"))).contains(by + " names this role");
        var roles = ada.page("/console/roles?q=Ops");
        assertThat(ConsoleUser.read(roles)).contains("Ops From a directory 1");
        assertThat(roles.text()).contains("title=\"Provisioned by " + by + "\"");
        var people = ada.page("/console/people");
        assertThat(marks(people)).containsExactly("Provisioned by " + by);
        assertThat(ConsoleUser.read(people)).contains("Ann Lee Provisioned by " + by + " ann");
        assertThat(ConsoleUser.read(ada.page(PATH + "/groups"))).contains("1 role from a directory", "Ops 1");

        assertThat(scim(founder, "DELETE", "/Users/" + ann, null).status()).isEqualTo(204);
        assertThat(ConsoleUser.read(ada.page("/console/people/" + ann))).contains("Deleted by " + by);
        assertThat(ConsoleUser.read(ada.page("/console/people/" + ann + "/edit"))).doesNotContain("sends this person");
        for (var path : List.of("/console/people", "/console/people/" + founder.id(),
            "/console/people/" + founder.id() + "/edit",
            "/console/roles/" + org.managed(Role.Managed.STANDARD))) {
            assertThat(ConsoleUser.read(ada.page(path))).as(path).doesNotContain("Provisioned by", "From a directory",
                "sends this person");
        }
    }

    @Test
    void another_organisation_sees_nothing_of_it() {
        var org = roster.newOrg("Northwind");
        scim(org.founder(), "POST", "/Users", person("ann@northwind.example"));
        scim(org.founder(), "POST", "/Users", person("ann@northwind.example"));
        noted();
        TestOrg other = roster.newOrg("Eastwind");
        assertThat(ConsoleUser.read(SignedIn.in(other.founder()).page(PATH))).contains("No directory is connected yet")
            .doesNotContain("What failed", "Last requests");
    }
}
