package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Axe;
import roster.support.Chromium;
import roster.support.Pictures;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Keys are made in a browser, with and without script, and used as the page says.
@Timeout(180)
class KeyJourneysTest {
    private static final Chromium CHROMIUM = new Chromium();
    private static final Path PICTURES = Path.of("target", "console");
    private static final Path CURL = Path.of("/usr/bin/curl");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg org;
    private static SignedIn admin;

    @BeforeAll
    static void seed() {
        org = roster.newOrg("Northwind");
        admin = SignedIn.in(org.founder());
    }

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    private static void press(Page page, AriaRole role, String name) {
        page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true)).first().click();
    }

    /// What a shell prints.
    private static String pasted(String command) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(CURL), "skipped: there is no " + CURL);
        var shell = new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
        shell.getOutputStream().close();
        var printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return printed;
    }

    private static void picture(Page page, String name) {
        Pictures.take(page, new Page.ScreenshotOptions().setFullPage(true).setPath(PICTURES.resolve(name + ".png")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void key_used_by_curl(boolean script) throws IOException, InterruptedException {
        var page = CHROMIUM.page(admin, script, "/console/keys/application");
        press(page, AriaRole.LINK, "New application key");
        page.locator("#name").fill("terraform-prod " + script);
        assertThat(page.locator(".scopes").isVisible()).as("scopes, while everything is chosen").isFalse();
        page.getByLabel("Only what is ticked here").check();
        page.locator("input[value=user_access_read]").check();
        page.locator("input[value=audit_logs_read]").check();
        press(page, AriaRole.BUTTON, "Create the key");

        assertThat(page.locator("h1").innerText()).isEqualTo("Key “terraform-prod %s” created".formatted(script));
        assertThat(page.locator("#secret").inputValue()).matches("[0-9a-f]{40}");
        assertThat(page.locator("#secret").getAttribute("readonly")).isNotNull();
        assertThat(page.locator("[data-copy]").first().isVisible()).isEqualTo(script);
        picture(page, "key-made-" + script);
        var command = page.locator("#curl").innerText();
        assertThat(pasted(command)).contains("\"type\":\"users\"", org.founder().id());
        if (script) {
            assertThat(Axe.faults(page)).isEmpty();
            page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
            page.locator("[data-copy]").first().click();
            page.getByText("Copied").first().waitFor();
        }

        press(page, AriaRole.LINK, "Done");
        assertThat(page.url()).endsWith("/console/keys/application");
        assertThat(page.locator("tbody").innerText()).contains("terraform-prod " + script, "2 scopes");
        try {
            page.goBack();
            assertThat(page.content()).as("what Back shows")
                .doesNotContain(command.replaceAll("(?s).*APPLICATION-KEY: ([0-9a-f]+).*", "$1"));
        } catch (PlaywrightException e) {
            assertThat(e).as("the browser keeps nothing of it").hasMessageContaining("ERR_CACHE_MISS");
        }
        page.context().close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_service_account_gets_a_token_and_loses_it(boolean script) throws IOException, InterruptedException {
        var page = CHROMIUM.page(admin, script, "/console/service-accounts");
        press(page, AriaRole.LINK, "New service account");
        page.locator("#name").fill("Okta provisioning " + script);
        page.locator("#email").fill("okta@northwind.example");
        page.locator("input[value='" + org.managed(Role.Managed.STANDARD) + "']").check();
        press(page, AriaRole.BUTTON, "Create the account");
        assertThat(page.locator(".notice").innerText()).contains("Okta provisioning %s is created.".formatted(script));

        page.locator(".tabs a", new Page.LocatorOptions().setHasText("Keys")).click();
        press(page, AriaRole.LINK, "New access token");
        page.locator("#name").fill("deploy");
        page.locator("#ends").fill("");
        page.locator("input[value=user_access_read]").check();
        press(page, AriaRole.BUTTON, "Create the key");
        assertThat(page.locator("#secret").inputValue()).startsWith("ddsat_");
        var command = page.locator("#curl").innerText();
        assertThat(pasted(command)).contains("\"service_account\":true");
        press(page, AriaRole.LINK, "Done");
        assertThat(page.locator("main").innerText()).contains("1 access token", "deploy", "1 scope");

        roster.program().access.lastUse.note();
        page.getByLabel("Revoke deploy").click();
        assertThat(page.locator("h1").innerText()).isEqualTo("Revoke deploy?");
        page.locator("#typed").fill("deploy");
        press(page, AriaRole.BUTTON, "Revoke deploy");
        assertThat(page.locator(".notice").innerText()).contains("The access token deploy is revoked.");
        assertThat(page.locator("main").innerText()).contains("0 access tokens");
        assertThat(pasted(command)).doesNotContain("service_account").contains("errors");
        page.context().close();
    }
}
