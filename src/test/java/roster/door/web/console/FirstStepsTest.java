package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import roster.core.signin.Links;
import roster.support.BrowserUser;
import roster.support.Chromium;
import roster.support.Inviting;
import roster.support.Pictures;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The first minute: from the link that the first start prints to a password, and on to what to do next.
@Timeout(180)
class FirstStepsTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @TempDir
    private Path folder;

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static String link(TestUser user) {
        return Links.path(user.org().write(
            tx -> roster.program().signIn.links.make(tx, user.user(), Duration.ofMinutes(15))));
    }

    private static void press(Page page, AriaRole role, String name) {
        page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
    }

    /// Leaves the picture of the README in `target/console`.
    @Test
    void the_link_of_the_first_start_leads_to_a_password_and_on_to_what_to_do_next() throws Exception {
        var data = Files.createDirectory(folder.resolve("data"));
        try (var node = roster.anotherNode(Map.of("ROSTER_DATA", data.toString(), "ROSTER_DATABASE_URL",
            TestRoster.newDatabase(), "ROSTER_BOOTSTRAP_ORG", "Northwind Labs", "ROSTER_BOOTSTRAP_EMAIL",
            "grace@northwind.example"));
            var context = CHROMIUM.newContext(new Browser.NewContextOptions().setViewportSize(1200, 720)
                .setColorScheme(ColorScheme.LIGHT))) {
            var page = context.newPage();
            page.navigate(node.address() + Files.readString(data.resolve("first-sign-in")).strip());
            press(page, AriaRole.BUTTON, "Sign in");
            assertThat(page.locator("body").innerText())
                .contains("Choose the password that you sign in with from now on.");
            page.locator("#password").fill(Inviting.PASSWORD);
            press(page, AriaRole.BUTTON, "Set the password");

            assertThat(page.locator("h1").innerText()).isEqualTo("Overview");
            assertThat(page.locator("[role=status] .notice").innerText()).contains("Your password is set.");
            assertThat(page.locator(".first-steps h2").innerText()).isEqualTo("First steps");
            page.getByText("Dismiss").click();
            Pictures.take(page, new Page.ScreenshotOptions().setPath(Path.of("target", "console", "first-minute.png")));
            page.locator(".first-steps a").first().click();
            assertThat(page.locator("h1").innerText()).isEqualTo("Invite people");
        }
    }

    @Test
    void who_is_let_in_by_a_link_chooses_a_password_where_that_is_allowed_and_goes_on_to_the_overview() {
        var org = roster.newOrg("letin");
        var ada = org.newUser("ada@letin.test");
        var link = link(ada);
        var browser = new BrowserUser(roster);
        assertThat(browser.submit(link, link, Map.of()).header("Location")).contains("/me/security");
        var chosen = browser.submit("/me/security", "/me/security/password", Map.of("password", Inviting.PASSWORD));
        assertThat(chosen.header("Location")).contains("/console/?told=password");
        assertThat(ConsoleUser.read(browser.get("/console/?told=password"))).contains("Your password is set.");
        assertThat(ConsoleUser.read(browser.get("/console/?told=anything"))).doesNotContain("Your password is set.");

        roster.sql("UPDATE users SET login_methods = '{oidc}' WHERE id = ?", ada.user().id().value());
        var again = link(ada);
        assertThat(new BrowserUser(roster).submit(again, again, Map.of()).header("Location")).contains("/console/");
    }

    @Test
    void first_steps_are_those_that_one_may_take_and_go_once_there_are_people() {
        var org = roster.newOrg("steps");
        var admin = SignedIn.in(org.founder());
        assertThat(steps(admin)).contains("Invite people").doesNotContain("Done");
        assertThat(steps(admin).contains("Make a key")).isEqualTo(hasPage("/console/keys/api/new"));
        assertThat(steps(admin).contains("Connect sign-in")).isEqualTo(hasPage("/console/settings/sign-in"));

        var reader = org.newRole("Readers", List.of("user_access_read"));
        var other = SignedIn.in(org.newUserWith("reader@steps.test", List.of(reader.toString())));
        assertThat(steps(other)).doesNotContain("Invite people");
        if (hasPage("/console/keys/api/new") || hasPage("/console/settings/sign-in")) {
            assertThat(steps(admin)).as("another person is there").contains("Invite people", "Done");
        } else {
            assertThat(steps(admin)).as("nothing is left to do").isEmpty();
        }
        for (int i = 0; i < 10; i++) {
            org.newPending("p%d@steps.test".formatted(i));
        }
        assertThat(steps(admin)).isEmpty();
    }

    private static boolean hasPage(String template) {
        return roster.node().routes.find("GET", template).isPresent();
    }

    /// What is read in the part of first steps; empty: it is not there.
    private static String steps(SignedIn session) {
        var page = session.page("/console/").text();
        var begin = page.indexOf("<section class=\"card first-steps\"");
        return begin < 0 ? "" : page.substring(begin, page.indexOf("</section>", begin)).replaceAll("<[^>]+>", " ");
    }
}
