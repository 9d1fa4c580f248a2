package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.user.NewUsers.Wish;
import roster.support.Await;
import roster.support.Chromium;
import roster.support.HeldOrg;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Journeys in a browser, with script and without: people are invited by pasting, and many are disabled, stopped and undone.
@Timeout(180)
class BulkBrowserTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static Page open(TestOrg org, boolean script, String path) {
        return CHROMIUM.page(SignedIn.in(org.founder()), script, path);
    }

    private static void press(Page page, String name) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
    }

    private static long count(TestOrg org, String action) {
        return (long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = ?",
            org.id().value(), action);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void invite_by_paste_two_bad(boolean script) {
        var org = roster.newOrg("paste");
        org.newRole("Support", List.of());
        var page = open(org, script, "/console/invite");
        page.getByLabel("Who").fill("""
            Lee, Ann <ann.lee@contoso.example>; "Okafor, Chidi" <chidi@contoso.example>;
            joão.silva@contoso,example
            Yuki Tanabe <yuki@contoso.example> Suport
            """);
        page.getByLabel("Support").check();
        press(page, "Check");
        assertThat(page.locator("h1").innerText()).isEqualTo("Check before inviting");
        assertThat(page.locator("#show-fix").innerText()).contains("2");
        assertThat(page.locator("main").innerText()).contains("These two will be waiting in the field afterwards.",
            "Each of the 2 gets the role Support and an email");
        assertThat(count(org, "invitation.sent")).isZero();

        press(page, "Invite 2 people");

        assertThat(page.locator(".notice").innerText()).contains("2 people are invited.");
        assertThat(page.getByLabel("Who").inputValue().strip()).isEqualTo(
            "joão.silva@contoso,example\nYuki Tanabe <yuki@contoso.example> Suport");
        assertThat(count(org, "invitation.sent")).isEqualTo(2);
        page.goBack();
        assertThat(page.locator("h1").innerText()).isEqualTo("These invitations were sent");
        assertThat(page.locator(".lead").innerText()).startsWith("2 people were invited ");
        page.goBack();
        assertThat(page.locator("h1").innerText()).isEqualTo("Invite people");
        page.goForward();
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Open invitations")).click();
        assertThat(page.url()).endsWith("/console/invitations?state=open");
        assertThat(page.locator("#results").innerText()).isEqualTo("2 invitations");
        assertThat(count(org, "invitation.sent")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bulk_stopped_and_undone(boolean script) throws Exception {
        var org = roster.newOrg("stopped");
        var wishes = IntStream.range(0, 120).mapToObj(i -> new Wish("mart%d@stopped.test".formatted(i),
            Optional.of("Mart " + i), Optional.empty(), List.of())).toList();
        org.write(tx -> roster.program().user.newUsers.createAll(tx, wishes));
        var page = open(org, script, "/console/people?q=mart");
        page.getByText("Select all 120 that match").click();
        press(page, "Disable");
        assertThat(page.locator("h1").innerText()).isEqualTo("Disable 120 people?");
        assertThat(page.locator("main").innerText()).contains("120 will be disabled.");
        page.getByLabel("Type 120 to go on").fill("120");
        try (var held = new HeldOrg(org)) {
            press(page, "Disable 120 people");
            held.awaitWaiting(1);
            assertThat(page.locator("#show-not_reached").innerText()).contains("120");
            press(page, "Stop");
            held.release();
        }
        assertThat(page.locator("main").innerText()).contains("Stopped. 0 done, 120 not reached.");
        assertThat(count(org, "user.disabled")).isZero();

        page.navigate(roster.address() + "/console/people?q=mart&sel=all");
        press(page, "Disable");
        page.getByLabel("Type 120 to go on").fill("120");
        press(page, "Disable 120 people");
        Await.until("the page says that it is over", () -> page.locator("main").innerText().contains("Finished."));
        assertThat(count(org, "user.disabled")).isEqualTo(120);
        assertThat(page.locator("#show-done").innerText()).contains("120");
        if (!script) {
            page.reload();
        }
        press(page, "Undo");
        Await.until("all are enabled", () -> count(org, "user.enabled") == 120);
        Await.until("the page says so", () -> page.locator("main").innerText().contains("Finished."));
        assertThat(page.locator("h1").innerText()).isEqualTo("Enable 120 people");
        assertThat(page.locator("main").innerText()).contains("Undoes Disable 120 people");
    }
}
