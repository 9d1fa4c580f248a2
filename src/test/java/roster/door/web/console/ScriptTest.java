package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Chromium;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// What script adds to the console: finding while one types, and single keys.
@Timeout(180)
class ScriptTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static ConsoleOrg org;

    @BeforeAll
    static void seed() {
        org = new ConsoleOrg(roster);
    }

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static Page open(String which, String path) {
        return CHROMIUM.page(org.caller(which), true, path);
    }

    private static String focused(Page page) {
        return (String) page.evaluate("() => document.activeElement.id || document.activeElement.tagName");
    }

    private static void await(Page page, String condition) {
        page.waitForCondition(() -> (Boolean) page.evaluate(condition));
    }

    @Test
    void the_list_follows_what_is_typed_and_the_field_keeps_the_focus() {
        var page = open("admin", "/console/people?sort=-name");
        var complaints = new ArrayList<String>();
        page.onConsoleMessage(message -> complaints.add(message.text()));
        page.keyboard().press("/");
        assertThat(focused(page)).isEqualTo("q");
        page.keyboard().type("martin a");
        await(page, "() => document.querySelector('#results').textContent === '1 person matches “martin a”'");
        assertThat(page.url()).endsWith("/console/people?q=martin+a&sort=-name");
        assertThat(page.title()).isEqualTo("People matching “martin a” · Northwind · Roster");
        assertThat(focused(page)).isEqualTo("q");
        assertThat(page.locator("#status-all").innerText()).contains("1");
        assertThat(page.locator("#export a").getAttribute("href")).contains("q=martin+a");
        await(page, "() => document.querySelector('#spoken').textContent.includes('1 person matches')");

        page.keyboard().press("Escape");
        await(page, "() => /^[0-9]+ people$/.test(document.querySelector('#results').textContent)");
        assertThat(page.url()).endsWith("/console/people?sort=-name");
        assertThat(page.locator("#q").inputValue()).isEmpty();
        assertThat(complaints).isEmpty();
        page.context().close();
    }

    @Test
    void when_the_session_has_ended_typing_leads_to_signing_in() {
        var own = org.org.newAdmin("ends@northwind.example");
        var session = SignedIn.in(own);
        var page = CHROMIUM.page(session, true, "/console/people?status=active");
        org.endSessions(own);
        page.locator("#q").pressSequentially("m");
        page.waitForURL("**/sign-in?then=%2Fconsole%2Fpeople%3Fstatus%3Dactive");
        page.context().close();
    }

    @Test
    void single_keys_move_and_lead_and_can_be_switched_off() {
        var page = open("standard", "/console/people");
        page.keyboard().press("]");
        page.waitForURL("**/console/people?after=*");
        page.keyboard().press("[");
        page.waitForURL("**/console/people?before=*");
        page.keyboard().press("?");
        assertThat(page.locator("#keys").isVisible()).isTrue();
        page.keyboard().press("Escape");
        assertThat(page.locator("#keys").isVisible()).isFalse();
        page.keyboard().press("g");
        page.keyboard().press("o");
        page.waitForURL("**/console/");
        page.keyboard().press("g");
        page.keyboard().press("m");
        page.waitForURL("**/console/me");
        page.getByLabel("Single-key shortcuts").uncheck();
        page.getByText("Save the preferences").click();
        page.locator(".notice").waitFor();
        page.keyboard().press("g");
        page.keyboard().press("p");
        page.keyboard().press("?");
        assertThat(page.locator("#keys").isVisible()).isFalse();
        assertThat(page.url()).endsWith("/console/me");
        page.locator("[data-dismiss]").click();
        assertThat(page.locator(".notice").count()).isZero();
        assertThat(focused(page)).isEqualTo("main");
        page.context().close();
    }
}
