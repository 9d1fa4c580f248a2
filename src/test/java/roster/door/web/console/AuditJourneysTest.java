package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Chromium;
import roster.support.Pictures;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// What readers of the audit trail do, in a browser with and without script, on paper and in forced colours.
@Timeout(180)
class AuditJourneysTest {
    private static final Chromium CHROMIUM = new Chromium();
    private static final Path PICTURES = Path.of("target", "console");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static SignedIn admin;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("journeys");
        admin = SignedIn.in(org.founder());
        for (var name : List.of("Support", "Night watch", "Billing")) {
            org.newRole(name, List.of("dashboards_read"));
        }
        org.newPending("kwame@journeys.test");
    }

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static void press(Page page, AriaRole role, String name) {
        page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
    }

    private static List<String> lines(Page page) {
        return page.locator(".trail .told").allInnerTexts();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trail_exported_and_verified(boolean script) throws IOException {
        var page = CHROMIUM.page(admin, script, "/console/audit");
        assertThat(page.locator("#results").innerText()).matches("[0-9]+ changes in the last 7 days");
        page.locator("#what").selectOption("roles");
        if (script) {
            page.waitForURL("**/console/audit?what=roles");
        } else {
            press(page, AriaRole.BUTTON, "Show");
        }
        assertThat(lines(page)).contains("operator test created the role Night watch")
            .allMatch(line -> line.contains("the role"));

        page.locator("#q").fill("night");
        if (script) {
            page.waitForURL("**/console/audit?q=night&what=roles");
        } else {
            page.locator("#q").press("Enter");
        }
        assertThat(page.locator("#results").innerText()).isEqualTo("1 change matches “night” in the last 7 days");
        if (script) {
            page.locator("#q").blur();
            page.keyboard().press("j");
            page.keyboard().press("Enter");
        } else {
            page.locator(".trail summary").first().click();
        }
        assertThat(page.locator(".trail .diff").first().isVisible()).isTrue();

        page.getByText("Export", new Page.GetByTextOptions().setExact(true)).click();
        var csv = page.waitForDownload(() -> press(page, AriaRole.LINK, "CSV, for spreadsheets"));
        assertThat(csv.suggestedFilename()).matches("journeys-audit-[0-9-]{10}\\.csv");
        assertThat(Files.readString(csv.path())).contains("created the role Night watch").hasLineCount(2);
        var json = page.waitForDownload(() -> press(page, AriaRole.LINK, "JSON, an event a line"));
        assertThat(Files.readString(json.path())).contains("\"message\":\"role Night watch created by cli:test\"")
            .hasLineCount(1);

        press(page, AriaRole.LINK, "Link to this entry");
        assertThat(page.locator("h1").innerText()).startsWith("Entry ");
        press(page, AriaRole.LINK, "Only changes by operator test");
        assertThat(page.locator(".filter-chip").innerText()).isEqualTo("By operator test");

        page.navigate(roster.address() + "/console/audit/verification");
        press(page, AriaRole.BUTTON, "Verify the whole trail");
        assertThat(page.locator(".notice").innerText()).contains("The audit trail is being verified");
        page.locator(".seal.ok").waitFor();
        assertThat(page.locator("#results").innerText()).startsWith("Verified to entry ");
        assertThat(page.locator("tbody tr").first().innerText()).contains("The whole trail",
            "Nothing is missing or altered");
        assertThat(page.locator("#head").inputValue())
            .isEqualTo(roster.program().audit().trail.head(org.id()).toString());
        assertThat(page.locator("[data-copy]").isVisible()).isEqualTo(script);
        page.context().close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_query_is_written_and_mended(boolean script) {
        var page = CHROMIUM.page(admin, script, "/console/audit");
        page.getByText("Write a query").click();
        page.locator("#query").fill("@action:(created OR deleted");
        page.locator(".broad button").click();
        assertThat(page.title()).startsWith("Error: Audit trail");
        assertThat(page.locator("#query-fault-text").innerText())
            .isEqualTo("A closing parenthesis is missing at the end.");
        Pictures.take(page, new Page.ScreenshotOptions().setPath(PICTURES.resolve("audit-fault-" + script + ".png")));
        page.locator("#query").fill("@action:(created OR deleted) @asset.type:role");
        page.locator(".broad button").click();
        assertThat(lines(page)).allMatch(line -> line.contains("created the role"));
        page.getByLabel("Remove the filter Query: @action:(created OR deleted) @asset.type:role").click();
        assertThat(page.url()).endsWith("/console/audit");

        page.getByText("Dates", new Page.GetByTextOptions().setExact(true)).click();
        page.locator("#day").fill("2021-05-01");
        press(page, AriaRole.BUTTON, "Show the day");
        assertThat(page.url()).endsWith("/console/audit?from=2021-05-01&to=2021-05-01");
        assertThat(page.locator("#results").innerText()).isEqualTo("No changes on 1 May 2021");
        assertThat(page.locator(".filter-chip").allInnerTexts()).containsExactly("On 1 May 2021");
        page.locator(".filter-chip a").click();
        assertThat(page.url()).endsWith("/console/audit");
        page.getByText("Dates", new Page.GetByTextOptions().setExact(true)).click();
        page.locator("#to").fill("2021-05-01T10:00");
        page.locator("button[form=between]").click();
        assertThat(page.locator("#results").innerText()).isEqualTo("No changes until 1 May 2021, 10:00");
        page.locator("#when").selectOption("30d");
        if (script) {
            page.waitForURL("**/console/audit?when=30d");
        } else {
            press(page, AriaRole.BUTTON, "Show");
        }
        assertThat(page.locator("#results").innerText()).endsWith(" changes in the last 30 days");
        page.context().close();
    }

    @Test
    void a_page_is_printed_with_what_was_asked_for_and_nothing_to_press() {
        var page = CHROMIUM.page(admin, false, "/console/audit?q=night&what=roles");
        assertThat(page.locator(".printed").isVisible()).isFalse();
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(page.locator(".printed").innerText()).contains("Audit trail matching “night”", "journeys",
            "q: night, what: roles", "1 change matches “night”", "(UTC), founder@journeys.test");
        for (var gone : List.of(".nav", "#find", ".filter-chips", "#export", ".pager nav")) {
            assertThat(page.locator(gone).first().isVisible()).as(gone).isFalse();
        }
        assertThat(page.locator(".trail .from").first().isVisible()).as("details are open").isTrue();
        assertThat(page.locator(".trail > li").first().evaluate("row => getComputedStyle(row).breakInside"))
            .isEqualTo("avoid");
        Pictures.take(page,
            new Page.ScreenshotOptions().setPath(PICTURES.resolve("audit-printed.png")).setFullPage(true));

        page.navigate(roster.address() + "/console/people?q=kwame");
        assertThat(page.locator(".printed").innerText()).contains("q: kwame", "1 person matches “kwame”");
        page.navigate(roster.address() + "/console/");
        assertThat(page.locator("details table").first().isVisible()).as("charts are tables as well").isTrue();
        page.context().close();
    }

    @Test
    void nothing_is_told_by_colours_alone() {
        var page = CHROMIUM.signedIn(admin, new Browser.NewContextOptions().setForcedColors(ForcedColors.ACTIVE))
            .newPage();
        page.navigate(roster.address() + "/console/audit?q=night&by=cli%3Atest");
        for (var bordered : List.of(".seal", ".filter-chip", ".avatar")) {
            assertThat(page.locator(bordered).first().evaluate("one => getComputedStyle(one).borderTopStyle"))
                .as(bordered).isEqualTo("solid");
        }
        page.locator(".trail summary").first().click();
        assertThat(page.locator(".diff del").first().evaluate("one => getComputedStyle(one).textDecorationLine"))
            .isEqualTo("line-through");
        Pictures.take(page,
            new Page.ScreenshotOptions().setPath(PICTURES.resolve("audit-forced.png")).setFullPage(true));
        page.context().close();
    }
}
