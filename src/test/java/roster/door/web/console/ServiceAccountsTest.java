package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.User;
import roster.support.Answer;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Service accounts, as browsers read and send their pages.
@Timeout(120)
class ServiceAccountsTest {
    private static final String PATH = "/console/service-accounts";
    private static final Pattern ROW = Pattern.compile("<tr role=\"row\" data-row>(.*?)</tr>", Pattern.DOTALL);

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static SignedIn ada;
    private static User okta;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("accounts");
        ada = SignedIn.in(org.founder());
        var role = org.newRole("Provisioning", List.of("user_access_invite"));
        okta = org.newServiceAccount("okta@accounts.test", List.of(role.toString()));
        org.newServiceAccount("backup@accounts.test", List.of());
        org.newApplicationKey(okta, Optional.empty());
        org.newApplicationKey(okta, Optional.of(List.of("audit_logs_read")));
        roster.sql("UPDATE application_keys SET last_used_at = roster_now() WHERE user_id = ?", okta.id().value());
    }

    private static List<String> rows(Answer page) {
        return ROW.matcher(page.text()).results().map(found -> ConsoleUser.read(found.group(1)).strip()).toList();
    }

    @Test
    void the_list_has_roles_keys_their_last_use_and_who_created_them() {
        var page = ada.page(PATH);

        assertThat(page.status()).isEqualTo(200);
        assertThat(rows(page)).anyMatch(row -> row.contains("okta @accounts.test") && row.contains("Provisioning")
            && row.contains(" 2 Today, ") && row.contains("Operator test"))
            .anyMatch(row -> row.contains("backup @accounts.test") && row.contains("No roles 0 Never"));
        assertThat(page.text()).contains("href=\"" + PATH + "/" + okta.id() + "\"", PATH + "/new\"");
        assertThat(rows(ada.page(PATH + "?q=OKTA"))).hasSize(1);
        assertThat(ada.page(PATH + "?q=okta").text()).contains("<mark>okta</mark>", "1 service account matches “okta”");
        assertThat(rows(ada.page(PATH + "?q=" + okta.id()))).hasSize(1);
        assertThat(ada.page(PATH + "?q=okta&status=disabled").text()).contains("No service account matches “okta”");
        assertThat(ada.page(PATH + "?sort=name&q=").header("Location").orElseThrow()).endsWith(PATH);
    }

    @Test
    void the_same_address_answers_the_part_that_is_swapped() {
        var part = roster.send("GET", PATH + "?q=okta&sort=name", null,
            Map.of("Cookie", ada.cookie().get("Cookie"), "HX-Request", "true"));
        assertThat(rows(part)).hasSize(1);
        assertThat(part.text()).doesNotContain("<html");
        assertThat(part.header("HX-Replace-Url")).hasValue(PATH + "?q=okta");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?sort=x", "?after=x", "?status=x", "?role=x", "?rows=7"})
    void a_damaged_address_says_so(String asked) {
        assertThat(ada.page(PATH + asked).status()).isEqualTo(400);
    }

    @Test
    void everyone_sees_the_list_and_only_what_they_may() {
        var reader = SignedIn.in(org.newUser("reader@accounts.test"));
        var page = reader.page(PATH);

        assertThat(rows(page)).isNotEmpty();
        assertThat(page.text()).doesNotContain("href=\"" + PATH + "/" + okta.id(), PATH + "/new", "Created by",
            ">Keys<");
        for (var one : List.of("/new", "/" + okta.id(), "/" + okta.id() + "/keys", "/" + okta.id() + "/history")) {
            assertThat(reader.page(PATH + one).status()).as(one).isEqualTo(403);
        }
        assertThat(reader.page("/console/people?kind=service").text()).contains("okta<wbr>@accounts.test")
            .doesNotContain("/" + okta.id() + "\"");
    }

    @Test
    void an_account_has_its_own_pages_and_a_person_theirs() {
        var page = ada.page(PATH + "/" + okta.id());
        assertThat(ConsoleUser.read(page)).contains("okta@accounts.test", "Active", "Provisioning", "1 permission",
            "2 keys", "Created by Operator test", "Latest changes", "Change roles", "Disable");
        assertThat(ConsoleUser.read(ada.page(PATH + "/" + okta.id() + "/keys"))).contains("2 application keys",
            "0 access tokens", "Everything the owner may do", "1 scope", "New application key");
        assertThat(ConsoleUser.read(ada.page(PATH + "/" + okta.id() + "/history"))).contains("About it, and by it",
            "created the application key a key");

        assertThat(ada.page("/console/people/" + okta.id()).header("Location")).hasValue(PATH + "/" + okta.id());
        for (var one : List.of("", "/keys", "/history")) {
            assertThat(ada.page(PATH + "/" + org.founder().id() + one).header("Location"))
                .hasValue("/console/people/" + org.founder().id());
        }
        assertThat(ada.page(PATH + "/" + roster.newOrg("elsewhere").newServiceAccount("x@elsewhere.test", List.of())
            .id()).status()).isEqualTo(404);
    }

    @Test
    void one_is_created_with_roles_and_faults_keep_what_was_typed() {
        var role = org.newRole("Backups", List.of("audit_logs_read"));
        var id = ConsoleUser.hidden(ada.page(PATH + "/new"), "account");
        var faulty = ada.form(PATH + "/new", Map.of("name", "W".repeat(56), "email", "nothing", "role",
            role.toString(), "account", id));
        assertThat(faulty.status()).isEqualTo(422);
        assertThat(faulty.text()).contains("<title>Error: ", "Enter an email address, like ann@example.com.",
            "value=\"nothing\"", "value=\"" + role + "\" checked");

        var fields =
            Map.of("name", "Night backup", "email", "ops@accounts.test", "role", role.toString(), "account", id);
        var created = ada.form(PATH + "/new", fields);
        assertThat(created.status()).isEqualTo(303);
        assertThat(ada.form(PATH + "/new", fields).header("Location")).isEqualTo(created.header("Location"));
        assertThat(rows(ada.page(PATH + "?q=ops@accounts.test"))).as("sent twice").hasSize(1);
        var page = ada.page(created.header("Location").orElseThrow());
        assertThat(ConsoleUser.read(page)).contains("Night backup", "ops@accounts.test", "Backups");
    }

    @Test
    void no_more_is_given_to_one_than_its_maker_holds() {
        var role = org.newRole("Wide", List.of("org_management"));
        var maker = SignedIn.in(org.newUserWith("maker@accounts.test", List.of(org.newRole("Makers",
            List.of("service_account_write")).toString())));
        assertThat(maker.page(PATH + "/new").text()).doesNotContain(role.toString());

        var refused = maker.form(PATH + "/new", Map.of("email", "wide@accounts.test", "role", role.toString(),
            "account", ConsoleUser.hidden(maker.page(PATH + "/new"), "account")));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("It needs the permission user_access_manage");
        assertThat(rows(ada.page(PATH + "?q=wide"))).isEmpty();
    }
}
