package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Roles and permissions, as browsers read them.
@Timeout(120)
class RolesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static SignedIn admin;
    private static Role.Id lead;
    private static Role.Id operator;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("rolling");
        admin = SignedIn.in(org.founder());
        lead = org.newRole("Support lead", List.of("audit_logs_read", "cases_read", "monitors_read"));
        operator = org.newRole("Platform <i operator", List.of("api_keys_write", "monitors_read"));
        org.newUserWith("ann@rolling.test", List.of(lead.toString()));
        org.newUserWith("bob@rolling.test", List.of(lead.toString(), operator.toString()));
        org.newServiceAccount("robot@rolling.test", List.of(lead.toString()));
    }

    private static String heading(Answer page) {
        var found = Pattern.compile("<h2 id=\"results\"[^>]*>([^<]*)</h2>").matcher(page.text());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group(1);
    }

    /// The texts of the rows.
    private static List<String> rows(Answer page) {
        return Pattern.compile("<tr role=\"row\" data-row>(.*?)</tr>", Pattern.DOTALL).matcher(page.text()).results()
            .map(found -> text(found.group(1))).toList();
    }

    private static String text(String html) {
        return html.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip();
    }

    @Test
    void the_list_has_each_role_with_its_people_and_permissions() {
        var page = admin.page("/console/roles");

        assertThat(page.status()).isEqualTo(200);
        assertThat(heading(page)).isEqualTo("5 roles");
        assertThat(rows(page)).hasSize(5).anyMatch(row -> row.startsWith("Support lead 2 3 "))
            .anyMatch(row -> row.startsWith("Datadog Admin Role Managed 1 "))
            .anyMatch(row -> row.startsWith("Platform &lt;i operator 1 2 "));
        assertThat(page.text()).contains("href=\"/console/people?role=" + lead + "\"",
            "name=\"role\" value=\"" + lead + "\"", "action=\"/console/roles/compare\"", "href=\"/console/roles/new\"");
    }

    @Test
    void it_is_searched_sorted_and_paged() {
        var found = admin.page("/console/roles?q=suPPort");
        assertThat(heading(found)).isEqualTo("1 role matches “suPPort”");
        assertThat(found.text()).contains("<mark>Support</mark> lead", "of 5");
        assertThat(heading(admin.page("/console/roles?q=nothing"))).isEqualTo("No role matches “nothing”");
        assertThat(rows(admin.page("/console/roles?q=" + lead))).hasSize(1);
        assertThat(rows(admin.page("/console/roles?permission=audit_logs_read"))).hasSize(2);

        assertThat(rows(admin.page("/console/roles?sort=-people"))).first().asString().startsWith("Support lead");
        assertThat(rows(admin.page("/console/roles?sort=permissions"))).first().asString().startsWith("Platform");
        assertThat(admin.page("/console/roles?sort=-modified_at").text()).contains("aria-sort=\"descending\"");

        var many = roster.newOrg("manyroles");
        for (var i = 0; i < 60; i++) {
            many.newRole("Role %02d".formatted(i), List.of());
        }
        var session = SignedIn.in(many.founder());
        session.page("/console/roles?rows=25");
        var last = session.page("/console/roles?before=end");
        assertThat(rows(last)).hasSize(13);
        assertThat(text(last.text())).contains("51 to 63 of 63");
        var next = Pattern.compile("id=\"next\" href=\"([^\"]+)\"").matcher(session.page("/console/roles").text());
        assertThat(next.find()).isTrue();
        assertThat(text(session.page(next.group(1).replace("&amp;", "&")).text())).contains("26 to 50 of 63");
        assertThat(session.page("/console/roles/new").text()).as("a picker is a list page")
            .contains("href=\"/console/roles?for=new\"").doesNotContain("<select class=\"input\" id=\"from\"");
        assertThat(session.page("/console/roles?for=new").text()).contains("Choose the role to start from")
            .contains("href=\"/console/roles/new?from=");
        assertThat(session.page("/console/roles/compare").text()).contains("href=\"/console/roles?for=first\"");
    }

    @ParameterizedTest
    @CsvSource({"?q=&sort=name, ''", "?sort=name&q=a, ?q=a", "?nonsense=1, ''", "?with=, ''"})
    void a_list_has_one_address(String asked, String canonical) {
        var answer = admin.page("/console/roles" + asked);
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location").orElseThrow()).endsWith("/console/roles" + canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?sort=x", "?after=x", "?before=x", "?rows=7", "?for=x", "?for=new&with=x",
        "/compare?a=x", "/compare?show=x"})
    void a_damaged_address_says_so(String asked) {
        var answer = admin.page("/console/roles" + asked);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("This address is damaged");
    }

    @Test
    void one_role_has_its_permissions_by_group_and_leads_to_those_who_have_it() {
        var page = admin.page("/console/roles/" + lead);

        assertThat(page.status()).isEqualTo(200);
        assertThat(text(page.text())).contains("3 permissions · 2 people", "Compliance 1 of", "Audit Trail Read")
            .containsPattern("Compared with Standard: [0-9]+ more, [0-9]+ fewer");
        assertThat(text(page.text())).contains("Latest changes", "created the role Support lead");
        assertThat(page.text()).contains("href=\"/console/people?role=" + lead + "\">2 people",
            "href=\"/console/people?role=" + lead + "&amp;kind=service\">1 service account",
            "/console/roles/" + lead + "/edit", "/console/roles/" + lead + "/delete");
        assertThat(admin.page("/console/roles/" + lead + "/members").header("Location").orElseThrow())
            .endsWith("/console/people?role=" + lead);
        assertThat(admin.page("/console/roles/" + operator).text())
            .contains("Platform &lt;i operator").doesNotContain("<i operator");

        var managed = admin.page("/console/roles/" + org.managed(Role.Managed.STANDARD));
        assertThat(managed.text()).contains("Managed", "/clone\"").doesNotContain("/edit\"", "/delete\"",
            "Compared with");
    }

    @Test
    void those_who_may_only_read_are_offered_nothing_else() {
        var reader = SignedIn.in(org.newStandard("reader@rolling.test"));

        assertThat(reader.page("/console/roles").text()).doesNotContain("/console/roles/new");
        assertThat(reader.page("/console/roles/" + lead).text()).doesNotContain("/edit\"", "/clone\"", "/delete\"",
            "Latest changes");
        for (var path : List.of("new", lead + "/edit", lead + "/clone", lead + "/review", lead + "/delete",
            "new/review")) {
            assertThat(reader.page("/console/roles/" + path).status()).as(path).isEqualTo(403);
        }
        for (var path : List.of("new", lead + "/edit", lead + "/review", lead + "/delete", "new/review")) {
            assertThat(reader.form("/console/roles/" + path, Map.of()).status()).as(path).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/edit", "/clone", "/review", "/delete", "/members"})
    void a_role_of_another_organisation_is_as_one_that_never_was(String page) {
        var other = roster.newOrg("otherroles").newRole("Theirs", List.of());
        for (var id : List.of(other.toString(), "0199f3b4-0000-7000-8000-000000000000", "none")) {
            var answer = admin.page("/console/roles/" + id + page);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).contains("There is nothing here").doesNotContain("Theirs");
        }
        assertThat(admin.page("/console/roles/compare?a=" + other + "&b=" + lead).status()).isEqualTo(404);
    }

    @Test
    void two_roles_are_compared() {
        var ticked = admin.page("/console/roles/compare?role=" + lead + "&role=" + operator);
        assertThat(ticked.header("Location").orElseThrow())
            .endsWith("/console/roles/compare?a=" + lead + "&b=" + operator);
        assertThat(admin.page("/console/roles/compare?role=" + lead).text())
            .contains("Tick two roles to compare them; you ticked 1.");

        var page = admin.page("/console/roles/compare?a=" + lead + "&b=" + operator);
        assertThat(heading(page)).isEqualTo("3 differ, 1 is alike");
        assertThat(text(page.text())).contains("2 only in Support lead, 1 only in Platform", "Differences 3", "All 4",
            "1 person holds both roles", "3 permissions 2 people", "2 permissions 1 person",
            "Add the 2 to Platform &lt;i operator…", "Clone Support lead…",
            "Audit Trail Read").doesNotContain("Monitors Read");
        assertThat(page.text()).containsPattern("/console/roles/" + operator
            + "/review\\?add=(cases_read%2Caudit_logs_read|audit_logs_read%2Ccases_read)&amp;tag=[0-9]+");
        assertThat(admin.page("/console/roles/compare?a=" + lead + "&b=" + operator + "&show=all").text())
            .contains("Monitors Read");
        assertThat(admin.page("/console/roles/compare?a=" + lead + "&b=" + lead).text())
            .contains("They hold the same permissions.");
        assertThat(admin.page("/console/roles/compare?a=" + lead + "&b=" + org.managed(Role.Managed.ADMIN)).text())
            .as("managed roles cannot be changed").doesNotContain("Add the ");
    }

    @Test
    void the_catalogue_says_how_many_hold_each_permission_and_who() {
        var page = admin.page("/console/permissions");
        assertThat(heading(page)).isEqualTo("345 permissions");
        assertThat(rows(page)).anyMatch(row -> row.matches("Audit Trail Read audit_logs_read .* 2 3"));
        assertThat(heading(admin.page("/console/permissions?q=AUDIT")))
            .matches("[0-9]+ permissions? match(es)? “AUDIT”");
        assertThat(heading(admin.page("/console/permissions?q=xyzzy"))).isEqualTo("No permission matches “xyzzy”");
        assertThat(admin.page("/console/permissions?q=").status()).isEqualTo(302);

        var one = admin.page("/console/permissions/audit_logs_read");
        assertThat(text(one.text())).contains("3 people hold it", "ann@rolling.test", "bob@rolling.test",
            "2 roles hold it", "Support lead", "Datadog Admin Role");
        assertThat(admin.page("/console/permissions/no_such").status()).isEqualTo(404);
        assertThat(admin.page("/console/permissions/user_access_read").status()).as("it is not shown").isEqualTo(404);
    }
}
