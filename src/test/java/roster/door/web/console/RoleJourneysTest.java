package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Chromium;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// What administrators do with roles, in a browser with and without script.
@Timeout(180)
class RoleJourneysTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static SignedIn admin;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("journeys");
        admin = SignedIn.in(org.founder());
    }

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static Page open(boolean script, String path) {
        return CHROMIUM.page(admin, script, path);
    }

    private static void press(Page page, AriaRole role, String name) {
        page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
    }

    private static Role.Id role(String name, String... permissions) {
        return org.newRole(name, List.of(permissions));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void role_reviewed(boolean script) {
        var name = "Support lead " + script;
        var lead = role(name, "audit_logs_read", "cases_read");
        var other = role("Billing " + script, "audit_logs_read");
        org.newUserWith("ann-%s@journeys.test".formatted(script), List.of(lead.toString()));
        org.newUserWith("bob-%s@journeys.test".formatted(script), List.of(lead.toString(), other.toString()));

        var page = open(script, "/console/roles?q=" + script);
        page.locator("tbody a", new Page.LocatorOptions().setHasText(name)).click();
        press(page, AriaRole.LINK, "Edit");
        assertThat(page.locator("#filter").isVisible()).isEqualTo(script);
        if (script) {
            page.locator("#filter").fill("service account write");
            assertThat(page.locator("#filtered").innerText()).isEqualTo("1 permission matches");
            assertThat(page.locator(".boxes .choice:not([hidden])").count()).isEqualTo(1);
            page.locator("input[value=service_account_write]").check();
            page.locator("#filter").fill("");
        } else {
            page.locator("input[value=service_account_write]").check();
        }
        page.locator("input[value=audit_logs_read]").uncheck();
        press(page, AriaRole.BUTTON, "Review");

        var shown = page.locator("main").innerText();
        assertThat(shown).contains("Permissions: 2 now, 2 after", "2 people hold this role",
            "2 of them gain Service Account Write, which they hold from no other role",
            "1 loses Audit Trail Read; 1 keeps it from another role", "1 active administrator stays");
        press(page, AriaRole.LINK, "Change it again");
        assertThat(page.locator("input[value=service_account_write]").isChecked()).as("what was ticked").isTrue();
        press(page, AriaRole.BUTTON, "Review");
        press(page, AriaRole.BUTTON, "Save " + name);

        assertThat(page.locator("h1").innerText()).isEqualTo(name);
        assertThat(page.locator(".notice").innerText()).contains(name + " is changed: 1 permission more, 1 fewer.");
        assertThat(page.locator(".group").allInnerTexts().toString()).contains("service_account_write")
            .doesNotContain("audit_logs_read");
        press(page, AriaRole.BUTTON, "Undo");
        assertThat(page.locator(".group").allInnerTexts().toString()).contains("audit_logs_read")
            .doesNotContain("service_account_write");
        page.context().close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void roles_compared(boolean script) {
        var first = role("First " + script, "audit_logs_read", "cases_read");
        var second = role("Second " + script, "cases_read", "api_keys_write");
        org.newUserWith("both-%s@journeys.test".formatted(script), List.of(first.toString(), second.toString()));

        var page = open(script, "/console/roles?q=" + script);
        page.locator("input[value='" + first + "']").check();
        page.locator("input[value='" + second + "']").check();
        assertThat(page.locator(".bulk").isVisible()).isTrue();
        press(page, AriaRole.BUTTON, "Compare");
        assertThat(page.url()).endsWith("/console/roles/compare?a=" + first + "&b=" + second);
        assertThat(page.locator("#results").innerText()).isEqualTo("2 differ, 1 is alike");
        assertThat(page.locator("main").innerText()).contains("1 only in First " + script + ", 1 only in Second "
            + script, "1 person holds both roles").doesNotContain("cases_read", "Cases Read");

        page.locator("#show-all").click();
        assertThat(page.locator("main").innerText()).contains("Cases Read");
        press(page, AriaRole.LINK, "Swap the two");
        assertThat(page.url()).contains("a=" + second + "&b=" + first);
        press(page, AriaRole.LINK, "Add the 1 to First " + script + "…");
        assertThat(page.locator("h1").innerText()).isEqualTo("Review the change to First " + script);
        press(page, AriaRole.BUTTON, "Save First " + script);
        assertThat(page.locator(".notice").innerText()).contains("is changed: 1 permission more, 0 fewer.");

        page.navigate(roster.address() + "/console/roles/compare");
        page.locator("#a").selectOption(first.toString());
        page.locator("#b").selectOption(second.toString());
        press(page, AriaRole.BUTTON, "Compare");
        assertThat(page.locator("#results").innerText()).isEqualTo("1 differs, 2 are alike");
        page.context().close();
    }
}
