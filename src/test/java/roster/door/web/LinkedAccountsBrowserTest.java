package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.BrowserUser;
import roster.support.Chromium;
import roster.support.FakeProvider;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Linking an account at a provider, confirming by it, and unlinking it, in a browser: it looks itself at where the answers to
/// forms lead.
@Timeout(180)
class LinkedAccountsBrowserTest {
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @AfterAll
    static void stop() {
        CHROMIUM.close();
    }

    /// The user signs in at the provider, which the browser shows now.
    private static void comeBack(Page page, UnaryOperator<Map<String, Object>> person) {
        assertThat(page.url()).startsWith(provider.issuer() + "/authorize");
        page.navigate(roster.address() + provider.back(page.url(), person));
    }

    private static void fresh(TestOrg org, String until) {
        roster.sql("UPDATE sessions SET fresh_until = roster_now() + ?::interval WHERE org_id = ?", until,
            org.id().value());
    }

    @Test
    void an_account_is_linked_used_and_unlinked() {
        var org = roster.newOrg("Acme");
        var ada = org.newUser("ada-links@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var id = OpenId.configured(org, provider.configuration("generic", "acme.test"));
        var person = FakeProvider.person("ada", null, null);
        try (var context = CHROMIUM.newContext(new Browser.NewContextOptions())) {
            var page = context.newPage();
            var looks = new Looks(page);
            page.navigate(roster.address() + BrowserUser.page(org));
            page.locator("#address").fill(ada.email());
            page.locator("#password").fill(Inviting.PASSWORD);
            looks.press("Sign in");
            looks.at("linked-none", roster.address() + "/me/security");
            looks.press("Link your account at Example");
            comeBack(page, person);
            assertThat(page.url()).endsWith("/me/security");
            looks.at("linked");

            page.navigate(roster.address() + "/sign-in/with/" + id);
            looks.press("Continue with Example");
            comeBack(page, person);
            assertThat(page.url()).endsWith("/console/");

            fresh(org, "0 seconds");
            looks.at("again-provider", roster.address() + "/sign-in/again?then=/me/security");
            looks.press("Continue with Example");
            comeBack(page, claims -> {
                var all = person.apply(claims);
                all.put("auth_time", Instant.now().getEpochSecond());
                return all;
            });
            assertThat(page.url()).endsWith("/me/security");
            looks.press("Unlink");
            assertThat(page.locator("h1").innerText()).isEqualTo("Unlink Example?");
            looks.at("unlink");
            looks.press("Unlink Example");
            assertThat(page.url()).contains("/sign-in");
            looks.end();
        }
    }
}
