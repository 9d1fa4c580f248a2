package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Chromium;
import roster.support.Inviting;
import roster.support.TestRoster;

/// Passkeys and second steps as people use them: in a browser, with a device that Chromium plays.
@Timeout(180)
class PasskeyBrowserTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static String localhost() {
        return roster.address().replace("127.0.0.1", "localhost");
    }

    /// A device in the browser that verifies its user, and answers at once.
    private static CDPSession device(Page page) {
        var session = page.context().newCDPSession(page);
        session.send("WebAuthn.enable");
        var options = new JsonObject();
        options.addProperty("protocol", "ctap2");
        options.addProperty("transport", "internal");
        options.addProperty("hasResidentKey", true);
        options.addProperty("hasUserVerification", true);
        options.addProperty("isUserVerified", true);
        options.addProperty("automaticPresenceSimulation", true);
        var device = new JsonObject();
        device.add("options", options);
        session.send("WebAuthn.addVirtualAuthenticator", device);
        return session;
    }

    private static void signIn(Page page, String path, String email) {
        page.navigate(localhost() + path);
        page.locator("#address").fill(email);
        page.locator("#password").fill(Inviting.PASSWORD);
        Looks.answered(page, () -> page.locator("#password").press("Enter"));
    }

    @Test
    void a_user_makes_a_passkey_and_signs_in_by_it() {
        var org = roster.newOrg("Acme");
        var ada = org.newUser("ada-passkey@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var complaints = new ArrayList<String>();
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions())) {
            var page = context.newPage();
            page.onConsoleMessage(message -> complaints.add(message.text()));
            device(page);
            signIn(page, BrowserUser.page(org), ada.email());
            page.navigate(localhost() + "/me/security/passkeys/new");
            page.locator("#name").fill("Work laptop");
            Looks.answered(page, () -> page.locator("form[data-passkey] button").click());
            page.waitForURL("**/me/security/codes");
            assertThat(page.locator("code").count()).isEqualTo(10);
            Looks.answered(page, () -> page.locator("form button").last().click());
            page.waitForURL("**/me/security");
            assertThat(page.locator("body").innerText()).contains("Work laptop", "10 left");

            context.clearCookies();
            page.navigate(localhost() + "/sign-in?all=true");
            // The device answers the offer beside the address by itself; by hand where a browser makes none.
            page.waitForURL("**/console/");
            assertThat(page.locator("body").innerText()).contains("ada-passkey@acme.test");

            context.clearCookies();
            page.navigate(localhost() + BrowserUser.page(org));
            page.waitForURL("**/console/");
        }
        assertThat(complaints).isEmpty();
        assertThat((Long) roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ? AND factors = '{passkey}'",
            org.id().value())).isEqualTo(2);
    }

    @Test
    void a_passkey_is_the_second_step_after_a_password() {
        var org = roster.newOrg("Acme");
        var ada = org.newUser("ada-second@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions())) {
            var page = context.newPage();
            var device = device(page);
            signIn(page, BrowserUser.page(org), ada.email());
            page.navigate(localhost() + "/me/security/passkeys/new");
            Looks.answered(page, () -> page.locator("form[data-passkey] button").click());
            page.waitForURL("**/me/security/codes");
            assertThat(roster.sqlValue("SELECT name FROM passkeys WHERE org_id = ?", org.id().value()))
                .isEqualTo("Chrome on Linux");

            context.clearCookies();
            var halted = new BrowserUser(localhost());
            halted.signIn(org, ada.email(), Inviting.PASSWORD);
            page.navigate(localhost() + "/health/live");
            context.addCookies(List.of(new Cookie("roster_flow",
                halted.cookie("roster_flow").orElseThrow()).setUrl(localhost())));
            page.navigate(localhost() + "/sign-in/second");
            assertThat(page.locator("h1").innerText()).isEqualTo("Show your passkey");
            page.locator("form[data-passkey] button").click();
            page.waitForURL("**/console/");
            assertThat(device).isNotNull();
        }
    }

    @Test
    void an_address_without_a_name_leads_to_localhost() {
        var org = roster.newOrg("Acme");
        var bea = org.newUser("bea-bare@acme.test");
        BrowserUser.setPassword(bea, Inviting.PASSWORD);
        var browser = new BrowserUser(roster.address());
        browser.signIn(org, bea.email(), Inviting.PASSWORD);

        var told = browser.get("/me/security/passkeys/new");
        assertThat(told.status()).isEqualTo(422);
        assertThat(told.text()).contains("href=\"" + localhost() + "/me/security/passkeys/new\"");
    }

    @Test
    void the_pages_are_accessible() {
        var org = roster.newOrg("Acme");
        var ada = org.newUser("ada-steps@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions())) {
            var looks = new Looks(context.newPage());
            device(looks.page());
            signIn(looks.page(), BrowserUser.page(org), ada.email());
            looks.at("second-step-offer", localhost() + "/me/security/second-step");
            looks.page().locator("#code").fill("000000");
            looks.press("Go on");
            looks.at("second-step-fault");
            looks.at("passkey-new", localhost() + "/me/security/passkeys/new");
            looks.press("Make a passkey");
            looks.page().waitForURL("**/me/security/codes");
            looks.at("recovery-codes");
            looks.at("security-with-passkey", localhost() + "/me/security");
            looks.at("again", localhost() + "/sign-in/again");
            var app = App.of(ada);
            var browser = new BrowserUser(localhost());
            browser.signIn(org, ada.email(), Inviting.PASSWORD);
            assertThat(browser.submit("/sign-in/second", "/sign-in/second", Map.of("code", app.wrong())).status())
                .isEqualTo(422);
            context.clearCookies();
            context.addCookies(List.of(new Cookie("roster_flow",
                browser.cookie("roster_flow").orElseThrow()).setUrl(localhost())));
            looks.at("second", localhost() + "/sign-in/second");
            looks.at("second-recovery", localhost() + "/sign-in/second?by=recovery");
            looks.end();
        }
    }
}
