package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Chromium;
import roster.support.TestRoster;

/// The console without script: everything works, but what is found while one types.
@Timeout(180)
class NoScriptTest {
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
        return CHROMIUM.page(org.caller(which), false, path);
    }

    @Test
    void people_are_found_filtered_sorted_and_paged() {
        var page = open("admin", "/console/people");
        page.locator("#q").fill("mart");
        page.locator("#q").press("Enter");
        assertThat(page.url()).endsWith("/console/people?q=mart");
        assertThat(page.locator("#results").innerText()).matches("[0-9]+ people match “mart”");
        assertThat(page.title()).isEqualTo("People matching “mart” · Northwind · Roster");

        page.locator("#status-disabled").click();
        assertThat(page.url()).endsWith("/console/people?q=mart&status=disabled");
        assertThat(page.locator("tbody tr").count()).isEqualTo(1);
        assertThat(page.locator("tbody mark").first().innerText()).isEqualTo("Mart");

        page.locator("#status-all").click();
        page.locator("#by-created_at").click();
        assertThat(page.url()).endsWith("?q=mart&sort=created_at");
        page.locator("#by-created_at").click();
        assertThat(page.url()).endsWith("?q=mart&sort=-created_at");
        assertThat(page.locator("th[aria-sort=descending]").innerText()).isEqualTo("Added");

        page.locator("details.filters summary").click();
        page.getByLabel("Without a second factor").check();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show").setExact(true)).click();
        assertThat(page.url()).contains("q=mart", "mfa=no", "sort=-created_at");
        page.getByLabel("Remove the filter Second factor: no").click();
        assertThat(page.url()).doesNotContain("mfa");

        page.navigate(roster.address() + "/console/people");
        page.locator("#next").click();
        assertThat(page.url()).contains("?after=");
        assertThat(page.locator(".pager").innerText()).contains("51 to ");
        page.locator("#previous").click();
        assertThat(page.locator(".pager").innerText()).contains("1 to 50 of ");
        page.locator("#last").click();
        assertThat(page.url()).endsWith("before=end");
        page.context().close();
    }

    @Test
    void invitations_are_found_filtered_and_selected() {
        var page = open("admin", "/console/invitations");
        page.locator("#q").fill("reception1");
        page.locator("#q").press("Enter");
        assertThat(page.url()).endsWith("/console/invitations?q=reception1");
        assertThat(page.locator("#results").innerText()).matches("[0-9]+ invitations match “reception1”");

        page.navigate(roster.address() + "/console/invitations");
        page.locator("#state-open").click();
        assertThat(page.url()).endsWith("?state=open");
        page.locator("details.filters summary").click();
        page.getByLabel("State and delivery").selectOption("bounced");
        page.getByLabel("Sent by").selectOption("Me");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Show").setExact(true)).click();
        assertThat(page.url()).contains("state=bounced&sender=");
        assertThat(page.locator("#results").innerText()).isEqualTo("1 invitation matches");
        page.getByLabel("Remove the filter State: Bounced").click();
        assertThat(page.url()).doesNotContain("state=");
        page.locator("input.row").first().check();
        assertThat(page.locator(".bulk").isVisible()).isTrue();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Cancel invitations")).click();
        assertThat(page.locator("h1").innerText()).isEqualTo("Cancel 1 invitation?");
        page.context().close();
    }

    @Test
    void preferences_and_profile_are_kept() {
        var page = open("standard", "/console/me");
        page.getByLabel("Dark").check();
        page.getByLabel("Compact").check();
        page.locator("#zone").fill("Europe/Nowhere");
        page.getByText("Save the preferences").click();
        assertThat(page.title()).startsWith("Error: ");
        assertThat(page.locator("[role=alert]").innerText()).contains("Choose a time zone");
        assertThat(page.locator("#zone").inputValue()).isEqualTo("Europe/Nowhere");
        page.getByLabel("Dark").check();
        page.getByLabel("Compact").check();
        page.locator("#zone").fill("Europe/Vienna");
        page.getByText("Save the preferences").click();
        assertThat(page.locator(".notice").innerText()).contains("Your preferences are saved.");
        assertThat(page.locator("html").getAttribute("data-theme")).isEqualTo("dark");
        assertThat(page.locator("html").getAttribute("data-density")).isEqualTo("compact");
        assertThat(page.locator("footer").innerText()).contains("Times are in Europe/Vienna");

        page.reload();
        assertThat(page.locator(".notice").count()).as("told once").isZero();
        page.locator("#name").fill("W".repeat(56));
        page.getByText("Save the profile").click();
        assertThat(page.locator("#name-fault").innerText()).isEqualTo("Use at most 55 characters; this has 56.");
        assertThat(page.locator("#name").inputValue()).hasSize(56);
        page.locator("#name").fill("Stan Dard");
        page.getByText("Save the profile").click();
        assertThat(page.locator("h1").innerText()).isEqualTo("Stan Dard");
        page.context().close();
    }

    @Test
    void roles_of_a_person_are_reviewed_saved_and_taken_back() {
        var page = open("admin", "/console/people/" + org.person);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Change roles")).first().click();
        page.getByLabel("Billing", new Page.GetByLabelOptions().setExact(true)).check();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Review")).click();
        assertThat(page.locator("h1").innerText()).isEqualTo("Review the roles of Marta Fernández Ruiz");
        assertThat(page.locator(".signs").last().innerText()).contains("Billing", "1 permission");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Save the roles")).click();
        assertThat(page.locator("[role=status] .notice").innerText())
            .contains("Marta Fernández Ruiz has the role Billing now.");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Undo")).click();
        assertThat(page.locator("[role=status] .notice").innerText())
            .contains("Marta Fernández Ruiz no longer has the role Billing.");
        page.context().close();
    }

    @Test
    void who_was_slower_chooses_what_to_keep() {
        var one = open("support", "/console/me");
        var other = open("support", "/console/me");
        one.locator("#name").fill("Sue Port");
        one.locator("#title").fill("Lead");
        one.getByText("Save the profile").click();
        other.locator("#name").fill("Susan Port");
        other.getByText("Save the profile").click();
        assertThat(other.locator("h1").innerText()).isEqualTo("This was changed while you were editing");
        assertThat(other.locator("tbody tr").count()).isEqualTo(2);
        other.getByLabel("Yours: Susan Port").check();
        other.getByText("Save this version").click();
        assertThat(other.locator("h1").innerText()).isEqualTo("Susan Port");
        assertThat(other.locator("#title").inputValue()).isEqualTo("Lead");
        one.context().close();
        other.context().close();
    }

    @Test
    void settings_are_saved_and_taken_back() {
        var page = open("admin", "/console/settings/organisation");
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Invitations").setExact(true)).last().click();
        assertThat(page.url()).endsWith("/console/settings/invitations");
        page.getByLabel("30 days").check();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Save")).click();
        assertThat(page.locator(".notice").innerText())
            .contains("Saved. An invitation can be accepted for: 30 days.");
        assertThat(page.getByLabel("30 days").isChecked()).isTrue();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Undo")).click();
        assertThat(page.locator(".notice").innerText())
            .contains("As it was: An invitation can be accepted for: 2 days.");
        assertThat(page.getByLabel("2 days").isChecked()).isTrue();
        page.context().close();
    }

    @Test
    void the_menu_opens_on_a_phone() {
        var page = open("admin", "/console/people");
        page.setViewportSize(360, 740);
        assertThat(page.locator("#menu").isVisible()).isFalse();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Menu")).click();
        assertThat(page.locator("#menu").isVisible()).isTrue();
        page.locator("#menu a").filter(new com.microsoft.playwright.Locator.FilterOptions().setHasText("Overview"))
            .click();
        assertThat(page.url()).endsWith("/console/");
        page.context().close();
    }
}
