package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.HashMap;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.html.Csrf;
import roster.support.BrowserUser;
import roster.support.Chromium;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What becomes of pages whose session ends, or is about to, in a browser with and without script.
@Timeout(180)
class EndedSessionsTest {
    private static final Chromium CHROMIUM = new Chromium();
    private static final String SELF = "/api/v2/current_user";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static void press(Page page, AriaRole role, String name) {
        page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
    }

    private static void endAll(TestUser user) {
        user.org().write(tx -> roster.program().session.sessions.endAll(tx, user.user().id(), Optional.empty(),
            "everywhere"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void network_that_locks_out(boolean script) {
        var org = roster.newOrg("Northwind");
        var page = CHROMIUM.page(SignedIn.in(org.founder()), script, "/console/settings/networks");
        assertThat(page.locator("main").innerText()).contains("Your address is 127.0.0.1, which is not in the list.");
        page.locator("#entries").fill("10.0.0.0/8 Office\n192.0.2.300 Data centre");
        page.getByLabel("Only these networks").check();
        press(page, AriaRole.BUTTON, "Save");
        assertThat(page.title()).startsWith("Error: ");
        assertThat(page.locator("#entries-fault").innerText())
            .isEqualTo("“192.0.2.300” is not a valid address: 300 is above 255.");
        assertThat(page.locator("[role=alert]:focus").count()).isEqualTo(script ? 1 : 0);

        page.locator("#entries").fill("10.0.0.0/8 Office\n192.0.2.30 Data centre");
        press(page, AriaRole.BUTTON, "Save");
        assertThat(page.locator("[role=alert]").innerText())
            .contains("Cannot enable or keep enabled an IP Allowlist without the current IP address in it.");
        assertThat(page.locator("#entries").inputValue()).isEqualTo("10.0.0.0/8 Office\n192.0.2.30 Data centre");
        assertThat(page.getByLabel("Only these networks").isChecked()).isTrue();
        assertThat(org.founder().get("/api/v2/roles").status()).as("nothing was saved").isEqualTo(200);

        page.locator("#entries").fill("10.0.0.0/8 Office\n192.0.2.30 Data centre\n127.0.0.1 Here");
        press(page, AriaRole.BUTTON, "Save");
        assertThat(page.locator(".notice").innerText()).contains("Allowed from and Networks are changed.");
        assertThat(page.locator("main").innerText()).contains("Your address is 127.0.0.1, which is in the list.");

        page.locator("#entries").fill("10.0.0.0/8 Office");
        press(page, AriaRole.BUTTON, "Save");
        assertThat(page.locator("[role=alert]").innerText()).contains("Nothing was saved");
        page.navigate(roster.address() + "/console/settings/networks");
        press(page, AriaRole.LINK, "Overview");
        assertThat(page.locator("h1").isVisible()).isTrue();
        page.context().close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void disabled_while_browsing(boolean script) {
        var org = roster.newOrg("Northwind");
        var bob = org.newStandard("bob-%s@northwind.example".formatted(script));
        var page = CHROMIUM.page(SignedIn.in(bob), script, "/console/people");
        assertThat(page.locator("#results").innerText()).isEqualTo("2 people");
        assertThat(org.founder().delete("/api/v2/users/" + bob.id()).status()).isEqualTo(204);

        if (script) {
            page.locator("#q").pressSequentially("bob");
            page.waitForURL("**/sign-in?then=**");
        } else {
            press(page, AriaRole.LINK, "Roles");
        }
        assertThat(page.url()).contains("/sign-in?then=");
        assertThat(page.locator("body").innerText()).doesNotContain("founder");
        page.navigate(roster.address() + "/console/");
        assertThat(page.url()).contains("/sign-in?then=");
        page.context().close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void session_ends_while_typing(boolean script) {
        var org = roster.newOrg("Northwind");
        var ada = org.newAdmin("ada-%s@northwind.example".formatted(script));
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var page = CHROMIUM.page(SignedIn.in(ada), script, "/console/settings/organisation");
        page.locator("#name").fill("Northwind <Labs>");
        page.locator("#description").fill("Makes\nmaps");
        endAll(ada);
        press(page, AriaRole.BUTTON, "Save");
        assertThat(page.locator("h1").innerText()).isEqualTo("You were signed out");
        assertThat(page.locator("main").innerText()).contains("Nothing was saved.");

        var other = page.waitForPopup(() -> press(page, AriaRole.LINK, "Sign in (opens another window)"));
        other.locator("#address").fill(ada.email());
        other.locator("#password").fill(Inviting.PASSWORD);
        press(other, AriaRole.BUTTON, "Sign in");
        other.waitForURL("**/console/signed-in");

        press(page, AriaRole.BUTTON, "Go on with what I typed");
        assertThat(page.locator("h1").innerText()).isEqualTo("Check and send again");
        assertThat(page.locator("main").innerText()).contains("You were signed out. Nothing was saved.")
            .doesNotContain("Was name");
        assertThat(page.getByLabel("Name", new Page.GetByLabelOptions().setExact(true)).inputValue())
            .isEqualTo("Northwind <Labs>");
        assertThat(page.getByLabel("Description").inputValue()).isEqualTo("Makes\nmaps");
        assertThat(name(org)).as("nothing runs by itself").isEqualTo("Northwind");
        press(page, AriaRole.BUTTON, "Send again");
        assertThat(page.locator(".notice").innerText()).contains("Name and Description are changed.");
        assertThat(name(org)).isEqualTo("Northwind <Labs>");
        page.context().close();
    }

    private static String name(TestOrg org) {
        return String.valueOf(roster.sqlValue("SELECT name FROM orgs WHERE id = ?", org.id().value()));
    }

    private static void watch(TestOrg org) {
        assertThat(org.founder().patch("/api/v2/org_configs/invalid_session_forced_logout",
            "{\"data\":{\"type\":\"org_configs\",\"attributes\":{\"value\":true}}}").status()).isEqualTo(200);
    }

    @Test
    void an_open_page_leads_to_signing_in_where_the_organisation_wants_that() {
        var org = roster.newOrg("Northwind");
        var bob = org.newStandard("bob-watched@northwind.example");
        assertThat(SignedIn.in(bob).page("/console/").text()).doesNotContain("data-watched");
        watch(org);
        var context = CHROMIUM.signedIn(SignedIn.in(bob), new Browser.NewContextOptions());
        var page = context.newPage();
        page.clock().install();
        page.navigate(roster.address() + "/console/people?q=bob");
        page.waitForResponse("**" + SELF, () -> page.clock().fastForward(61_000));
        assertThat(page.url()).endsWith("/console/people?q=bob");
        endAll(bob);
        page.clock().fastForward(61_000);
        page.waitForURL("**/sign-in?then=**");
        assertThat(page.url()).contains("people%3Fq%3Dbob");
        context.close();
    }

    private static boolean isJustSeen(SignedIn session) {
        roster.program().access.lastUse.note();
        return (boolean) roster.sqlValue(
            "SELECT last_seen_at > roster_now() - interval '1 minute' FROM sessions WHERE id = ?", session.session());
    }

    @Test
    void looking_whether_a_session_runs_is_no_use_of_it() {
        var org = roster.newOrg("Northwind");
        watch(org);
        var bob = SignedIn.in(org.newStandard("bob-looks@northwind.example"));
        roster.program().access.lastUse.note();
        roster.sql("UPDATE sessions SET last_seen_at = last_seen_at - interval '50 minutes' WHERE id = ?",
            bob.session());
        var headers = new HashMap<>(bob.cookie());
        headers.put(Csrf.HEADER, bob.csrf());
        headers.put("X-Roster-Looking", "true");
        assertThat(roster.send("GET", SELF, null, headers).status()).isEqualTo(200);
        assertThat(isJustSeen(bob)).isFalse();

        roster.sql("UPDATE sessions SET last_seen_at = last_seen_at - interval '11 minutes' WHERE id = ?",
            bob.session());
        assertThat(roster.send("GET", SELF, null, headers).status()).as("it has ended").isEqualTo(403);

        var cy = SignedIn.in(org.newStandard("cy-works@northwind.example"));
        roster.sql("UPDATE sessions SET last_seen_at = last_seen_at - interval '50 minutes' WHERE id = ?",
            cy.session());
        assertThat(cy.call("GET", SELF, null).status()).isEqualTo(200);
        assertThat(isJustSeen(cy)).isTrue();
    }
}
