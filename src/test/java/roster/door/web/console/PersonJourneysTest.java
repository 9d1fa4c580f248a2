package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.user.Users;
import roster.support.Chromium;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Journeys through the pages of a person, in a browser.
@Timeout(180)
class PersonJourneysTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static BrowserContext browser(TestUser user) {
        return CHROMIUM.signedIn(SignedIn.in(user), new Browser.NewContextOptions());
    }

    private static Page open(BrowserContext context, String path) {
        var page = context.newPage();
        page.navigate(roster.address() + path);
        return page;
    }

    private static String path(TestUser user) {
        return "/console/people/" + user.id();
    }

    private static void press(Page page, String button) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(button).setExact(true)).click();
    }

    private static void follow(Page page, String link) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(link).setExact(true)).first().click();
    }

    private static TestUser named(TestOrg org, String name, String email, List<String> roles) {
        var user = org.newUserWith(email, roles);
        org.write(tx -> roster.program().user.users.update(tx, user.id(), new Users.Edit(Optional.of(name),
            Optional.empty(), Optional.empty(), Optional.empty())));
        return user;
    }

    /// DisabledAndEnabled
    @Test
    void a_person_is_disabled_and_enabled_again() {
        var org = roster.newOrg("northwind");
        var marta = named(org, "Marta Fernández Ruiz", "marta-journey@northwind.test", List.of());
        SignedIn.in(marta);
        try (var context = browser(org.founder())) {
            var page = open(context, "/console/people?q=marta");
            follow(page, "Marta Fernández Ruiz");
            assertThat(page.locator(".back").innerText()).isEqualTo("People matching “marta”");
            follow(page, "Disable");
            assertThat(page.locator("h1").innerText()).isEqualTo("Disable Marta Fernández Ruiz?");
            assertThat(page.locator("main").innerText()).contains("1 session ends", "1 application key is revoked");
            press(page, "Disable Marta Fernández Ruiz");

            assertThat(page.locator("[role=status] .notice").innerText())
                .contains("Marta Fernández Ruiz is disabled. 1 session ended, 1 key was revoked.");
            assertThat(page.locator(".badges").innerText()).contains("Disabled");
            press(page, "Enable again");
            assertThat(page.locator(".notice").innerText()).contains("Marta Fernández Ruiz is enabled.");
            assertThat(page.locator(".badges").innerText()).contains("Active");
            page.reload();
            assertThat(page.locator(".notice").count()).as("told once").isZero();
            page.locator(".back").click();
            assertThat(page.locator("#q").inputValue()).isIn("marta", "");
        }
    }

    /// TwoEditOne
    @Test
    void two_edit_one_and_nothing_is_lost() {
        var org = roster.newOrg("northwind");
        var bob = named(org, "Bob", "bob-journey@northwind.test", List.of());
        var grace = org.newAdmin("grace-journey@northwind.test");
        try (var first = browser(org.founder()); var second = browser(grace)) {
            var mine = open(first, path(bob) + "/edit");
            var theirs = open(second, path(bob) + "/edit");
            theirs.locator("#name").fill("Robert");
            press(theirs, "Save");
            assertThat(theirs.locator("h1").innerText()).isEqualTo("Robert");

            mine.locator("#name").fill("Bobby");
            mine.locator("#title").fill("Chief");
            press(mine, "Save");
            assertThat(mine.title()).startsWith("Error: ");
            assertThat(mine.locator("h1").innerText()).isEqualTo("This was changed while you were editing");
            assertThat(mine.locator("[role=alert]").innerText())
                .contains("grace-journey@northwind.test changed Bob at ");
            assertThat(mine.getByRole(AriaRole.RADIO).first().isChecked()).as("Now").isTrue();
            assertThat(mine.getByRole(AriaRole.CHECKBOX).isChecked()).isTrue();
            press(mine, "Save this version");
            assertThat(mine.locator("h1").innerText()).isEqualTo("Robert");
            assertThat(mine.locator("dl.facts").innerText()).contains("Chief");
        }
    }

    /// What is given and taken is seen before it counts, and the way back keeps what was ticked.
    @Test
    void other_roles_are_reviewed() {
        var org = roster.newOrg("northwind");
        var support = org.newRole("Support lead", List.of("audit_logs_read"));
        org.newRole("Cases", List.of("cases_write"));
        var kim = named(org, "Kim", "kim-roles@northwind.test", List.of(support.toString()));
        try (var context = browser(org.founder())) {
            var page = open(context, path(kim));
            follow(page, "Change roles");
            page.getByLabel("Support lead").uncheck();
            page.getByLabel("Cases").check();
            press(page, "Review");
            assertThat(page.locator("h1").innerText()).isEqualTo("Review the roles of Kim");
            assertThat(page.locator("main").innerText()).contains("1 permission now, 1 after", "Comes with Cases",
                "Came with Support lead alone");
            follow(page, "Change it again");
            assertThat(page.getByLabel("Cases").isChecked()).isTrue();
            assertThat(page.getByLabel("Support lead").isChecked()).isFalse();
            press(page, "Review");
            press(page, "Save the roles");
            assertThat(page.locator(".notice").innerText()).contains("Kim: 1 role given and 1 role taken.");
        }
    }

    /// WhyMayThey
    @Test
    void why_a_person_may_something_is_told() {
        var org = roster.newOrg("northwind");
        var support = org.newRole("Support lead", List.of("audit_logs_read", "cases_write"));
        var cases = org.newRole("Cases", List.of("cases_write"));
        var kim = named(org, "Kim", "kim-journey@northwind.test", List.of(support.toString(), cases.toString()));
        try (var context = browser(org.founder())) {
            var page = open(context, path(kim));
            assertThat(page.locator("main").innerText()).contains("1 permission comes from Support lead alone:");
            follow(page, "All 2 permissions, and why");
            assertThat(page.locator("#results").innerText()).isEqualTo("2 permissions in 2 groups");
            page.locator("#q").fill("audit");
            page.waitForCondition(() -> page.locator("#results").innerText().equals("1 permission in 1 group"));
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Why? audit_logs_read")).click();
            assertThat(page.locator("h2").first().innerText()).isEqualTo("Why they hold audit_logs_read");
            assertThat(page.locator(".why").innerText()).contains("gave them the role Support lead on ",
                "added the permission to that role on ", "Without that role they lose it.");
        }
    }

    /// AsOf
    @Test
    void a_person_is_shown_as_they_were() {
        var org = roster.newOrg("northwind");
        var lee = named(org, "Lee", "lee-journey@northwind.test", List.of());
        roster.sql("UPDATE audit_entries SET at = at - interval '2 days' WHERE org_id = ?", org.id().value());
        org.write(tx -> roster.program().user.users.update(tx, lee.id(), new Users.Edit(Optional.of("Lee the Second"),
            Optional.empty(), Optional.empty(), Optional.empty())));
        try (var context = browser(org.founder())) {
            var page = open(context, path(lee));
            assertThat(page.locator("h1").innerText()).isEqualTo("Lee the Second");
            page.locator("#as_of").fill(LocalDateTime.now(ZoneOffset.UTC).minusDays(1).truncatedTo(ChronoUnit.MINUTES)
                .toString());
            press(page, "Show");
            assertThat(page.locator("h1").innerText()).isEqualTo("Lee");
            assertThat(page.locator(".as-of").innerText()).contains("As they were on ");
            assertThat(page.getByText("Disable").count()).as("no acts").isZero();
            follow(page, "Back to now");
            assertThat(page.locator("h1").innerText()).isEqualTo("Lee the Second");

            page.locator(".trail summary").first().click();
            assertThat(page.locator(".trail .diff").first().innerText()).contains("Name", "Lee", "Lee the Second");
            page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Show them as they were then")).first()
                .click();
            assertThat(page.locator("h1").innerText()).isEqualTo("Lee the Second");
        }
    }

    /// What is typed stays, and the fault has the focus.
    @Test
    void a_fault_keeps_what_was_typed() {
        var org = roster.newOrg("northwind");
        var ann = named(org, "Ann Lee", "ann-journey@northwind.test", List.of());
        var bob = named(org, "Bob", "bob2-journey@northwind.test", List.of());
        try (var context = browser(org.founder())) {
            var page = open(context, path(bob) + "/edit");
            page.locator("#email").fill("ann-journey@northwind.test");
            page.locator("#title").fill("Chief");
            press(page, "Save");
            assertThat(page.evaluate("() => document.activeElement.className")).isEqualTo("faults");
            assertThat(page.locator("#title").inputValue()).isEqualTo("Chief");
            assertThat(page.locator("#email-fault").innerText())
                .contains("ann-journey@northwind.test belongs to Ann Lee.");
            page.locator("#email-fault a").click();
            assertThat(page.url()).endsWith(path(ann));
        }
    }
}
