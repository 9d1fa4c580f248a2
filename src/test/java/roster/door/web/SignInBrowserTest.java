package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.signin.Links;
import roster.core.notice.Notices;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.Chromium;
import roster.support.Emails;
import roster.support.Inviting;
import roster.support.Resetting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Signing in as people do: in a browser, by keyboard, without script.
@Timeout(180)
class SignInBrowserTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static String link(TestUser user) {
        return roster.address() + Links.path(user.org().write(
            tx -> roster.program().signIn.links.make(tx, user.user(), Duration.ofMinutes(15))));
    }

    private static String page(TestOrg org) {
        return roster.address() + BrowserUser.page(org);
    }

    /// Fills the form, whose first field has the focus.
    private static void type(Page page, String address, String password) {
        page.locator("#address").focus();
        page.keyboard().press("ControlOrMeta+a");
        page.keyboard().type(address);
        page.keyboard().press("Tab");
        page.keyboard().type(password);
        Looks.answered(page, () -> page.keyboard().press("Enter"));
    }

    @Test
    void a_user_signs_in_changes_the_password_and_signs_out_by_keyboard_without_script() {
        var org = roster.newOrg("Acme");
        var ada = org.newUser("ada-browser@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var complaints = new ArrayList<String>();
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var page = context.newPage();
            page.onConsoleMessage(message -> complaints.add(message.text()));
            page.navigate(page(org));
            assertThat(page.locator("h1").innerText()).isEqualTo("Sign in to Acme");
            type(page, ada.email(), "Qf7mZr2LtWx9KvHe");
            assertThat(page.locator("[role=alert]").innerText()).contains("do not match");
            assertThat(page.locator("#address").inputValue()).isEqualTo(ada.email());
            assertThat(page.locator("#password").inputValue()).isEmpty();

            type(page, ada.email(), Inviting.PASSWORD);
            assertThat(page.url()).endsWith("/console/");
            page.navigate(roster.address() + "/me/security");
            page.locator("#current").fill(Inviting.PASSWORD);
            page.locator("#password").fill("Zk3vTq8sPb5nWd1y");
            Looks.answered(page, () -> page.keyboard().press("Enter"));
            assertThat(page.locator("[role=status]").innerText()).contains("Your password is set.");
            assertThat(page.locator("[role=alert]").count()).isZero();

            page.navigate(roster.address() + "/sign-out");
            Looks.answered(page, () -> page.locator("button").press("Enter"));
            assertThat(page.locator("h1").innerText()).isEqualTo("You are signed out.");
            page.navigate(roster.address() + "/me/security");
            assertThat(page.url()).endsWith("?then=%2Fme%2Fsecurity");
            type(page, ada.email(), "Zk3vTq8sPb5nWd1y");
            assertThat(page.url()).endsWith("/me/security");
        }
        assertThat(complaints).allMatch(line -> line.contains("422"));
    }

    /// The pages around the e-mails that users ask for.
    private static void mailed(Looks looks, TestOrg org) {
        var page = looks.page();
        looks.at("home", roster.address() + "/");
        looks.at("forgot", roster.address() + "/sign-in/forgot");
        looks.press("Send the e-mail");
        looks.at("forgot-fault");
        assertThat(page.locator("[role=alert]:focus").count()).as("the summary has the focus").isOne();
        page.locator("#address").fill("ada-chooses@acme.test");
        looks.press("Send the e-mail");
        looks.at("forgot-sent");
        looks.at("find", roster.address() + "/sign-in/find");
        Await.until("the link is queued", () -> Resetting.queued(org) == 1);
        var link = roster.address() + Resetting.link(org);
        looks.at("reset", link);
        page.locator("#password").fill("short");
        looks.press("Set the password");
        looks.at("reset-fault");
        page.locator("#password").fill(Resetting.PASSWORD);
        looks.press("Set the password");
        looks.at("reset-done");
        looks.at("reset-used", link);
        looks.shown("email-reset", Emails.of(org, Notices.LETTER).getLast().letter().html());
    }

    /// The page of a browser that is signed in to several organisations.
    private static void several(Looks looks, TestUser user) {
        looks.page().navigate(page(user.org()));
        type(looks.page(), user.email(), Resetting.PASSWORD);
        looks.at("switch", roster.address() + "/sign-in/switch");
    }

    @Test
    void a_forgotten_password_is_reset_by_keyboard_without_script() {
        var org = roster.newOrg("Acme");
        var ada = org.newUser("ada-forgot@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions().setJavaScriptEnabled(false))) {
            var page = context.newPage();
            page.navigate(page(org));
            page.locator("text=Forgot your password?").focus();
            Looks.answered(page, () -> page.keyboard().press("Enter"));
            assertThat(page.locator("h1").innerText()).isEqualTo("Forgot your password?");
            page.locator("#address").focus();
            page.keyboard().type(ada.email());
            Looks.answered(page, () -> page.keyboard().press("Enter"));
            assertThat(page.locator("main").innerText()).contains("If an account here uses " + ada.email());
            Await.until("the link is queued", () -> Resetting.queued(org) == 1);
            page.navigate(roster.address() + Resetting.link(org));
            page.locator("#password").focus();
            page.keyboard().type(Resetting.PASSWORD);
            Looks.answered(page, () -> page.keyboard().press("Enter"));
            assertThat(page.locator("[role=status]").innerText()).contains("Your password was changed");
            type(page, ada.email(), Resetting.PASSWORD);
            assertThat(page.url()).endsWith("/console/");
        }
    }

    @Test
    void every_page_is_accessible() {
        var org = roster.newOrg("Acme");
        var ada = org.newUser("ada-looks@acme.test");
        var choosing = org.newUser("ada-chooses@acme.test");
        BrowserUser.setPassword(choosing, Inviting.PASSWORD);
        BrowserUser.setPassword(roster.newOrg("Another").newUser(choosing.email()), Inviting.PASSWORD);
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions())) {
            var looks = new Looks(context.newPage());
            looks.at("sign-in", page(org));
            type(looks.page(), ada.email(), "Qf7mZr2LtWx9KvHe");
            looks.at("sign-in-failed");
            looks.page().navigate(roster.address() + "/sign-in?all=true");
            type(looks.page(), choosing.email(), Inviting.PASSWORD);
            looks.at("sign-in-choose");
            var link = link(ada);
            looks.at("sign-in-link", link);
            looks.press("Sign in");
            looks.at("security");
            looks.page().locator("#password").fill("password");
            looks.press("Set the password");
            looks.at("security-fault");
            looks.at("sign-in-link-used", link);
            looks.at("sign-out", roster.address() + "/sign-out");
            looks.press("Sign out");
            looks.at("signed-out");
            mailed(looks, choosing.org());
            several(looks, choosing);
            looks.end();
        }
    }
}
