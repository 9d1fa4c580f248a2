package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invited;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Chromium;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// What administrators do with invitations, in a browser with and without script.
@Timeout(180)
class InvitationJourneysTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static void press(Page page, AriaRole role, String name) {
        page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bounced_sent_again(boolean script) {
        var org = roster.newOrg("Northwind");
        var id = invited(org.founder(), org.newPending("ann@contoso.example").id());
        invited(org.founder(), org.newPending("bob@contoso.example").id());
        Inviting.sent(org, id);

        var page = CHROMIUM.page(SignedIn.in(org.founder()), script, "/console/");
        page.locator(".nav a", new Page.LocatorOptions().setHasText("Invitations")).click();
        assertThat(page.locator("#results").innerText()).isEqualTo("2 invitations");
        page.locator("#q").fill("ann@");
        page.locator("#q").press("Enter");
        page.waitForURL("**/console/invitations?q=ann%40");
        press(page, AriaRole.LINK, "It came back from ann@contoso.example");
        page.getByLabel("What did the message say?").fill("550 5.1.1 user unknown");
        press(page, AriaRole.BUTTON, "It came back");

        assertThat(page.locator(".notice").innerText())
            .contains("It is recorded that the email to ann@contoso.example came back.");
        assertThat(page.locator(".head .badge").innerText()).isEqualTo("Bounced");
        assertThat(page.locator(".head").innerText()).contains("Came back: 550 5.1.1 user unknown");
        assertThat(page.locator(".nav .count").innerText()).startsWith("1");
        assertThat(page.locator(".trail").first().innerText()).contains("noted that the invitation of");
        press(page, AriaRole.LINK, "Send again");
        assertThat(page.locator("main").innerText()).contains("An email with a new link goes to ann@contoso.example",
            "The link in earlier emails stops working", "The latest email: came back: 550 5.1.1 user unknown");
        press(page, AriaRole.BUTTON, "Send again to ann@contoso.example");

        assertThat(page.locator(".notice").innerText()).contains("is sent again, with a new link.");
        assertThat(page.locator(".head .badge").innerText()).isEqualTo("Queued");
        assertThat(page.locator(".nav .count").count()).as("nothing needs attention any more").isZero();
        Inviting.sent(org, id);
        press(page, AriaRole.LINK, "Invitations matching “ann@”");
        assertThat(page.url()).endsWith("/console/invitations?q=ann%40");
        assertThat(page.locator("tbody .badge").innerText()).isEqualTo("Sent");
        page.context().close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_invitation_is_opened_from_the_mailbox(boolean script) {
        var org = roster.newOrg("Trial");
        invited(org.founder(), org.newPending("ann@contoso.example").id());
        var page = CHROMIUM.page(SignedIn.in(org.founder()), script, "/console/");
        page.locator(".nav a", new Page.LocatorOptions().setHasText("Mailbox")).click();
        assertThat(page.locator("#results").innerText()).as("one is about signing in").isEqualTo("2 emails");
        press(page, AriaRole.LINK, "Invitation to join Trial");
        assertThat(page.locator("pre.letter").innerText()).contains("You have been invited to join Trial");
        assertThat(page.frameLocator("iframe.letter").locator("body").innerText())
            .contains("You have been invited to join");
        page.locator("pre.letter a").click();
        assertThat(page.url()).startsWith(roster.address() + "/invitations/");
        assertThat(page.locator("body").innerText()).contains("Join Trial");
        assertThat(page.locator("input[value='ann@contoso.example']").count()).isEqualTo(1);
        page.context().close();
    }
}
