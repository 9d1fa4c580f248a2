package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// One browser in several organisations.
@Timeout(120)
class SwitchTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestUser withPassword(TestOrg org, String email) {
        var user = org.newUser(email);
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        return user;
    }

    private static BrowserUser signedIn(String email, TestOrg... orgs) {
        var browser = new BrowserUser(roster);
        for (var org : orgs) {
            assertThat(browser.signIn(org, email, Inviting.PASSWORD).status()).isEqualTo(303);
        }
        return browser;
    }

    private static int swap(BrowserUser browser, TestOrg to) {
        return browser.submit("/me/security", "/sign-in/switch", Map.of("org", to.id().toString())).status();
    }

    @Test
    void sessions_are_swapped_at_once_and_get_another_token() {
        var first = roster.newOrg("first");
        var second = roster.newOrg("second");
        var third = roster.newOrg("third");
        List.of(first, second, third).forEach(org -> withPassword(org, "ada@switch.test"));
        var browser = signedIn("ada@switch.test", first, second);
        var before = browser.session().split("\\.");

        var page = browser.get("/sign-in/switch").text();
        assertThat(page)
            .contains("signed in to <strong>second</strong>", "first, as ada@switch.test</button>",
                BrowserUser.page(third))
            .doesNotContain(BrowserUser.page(first));
        assertThat(browser.get("/console/me/organisations").text()).contains("You are here", "Switch to first",
            BrowserUser.page(third)).doesNotContain(BrowserUser.page(first));
        assertThat(browser.submit("/console/me/organisations", "/sign-in/switch",
            Map.of("org", first.id().toString())).status()).isEqualTo(303);

        var after = browser.session().split("\\.");
        assertThat(after).hasSize(2);
        assertThat(after[1]).as("that of the second stays").isEqualTo(before[0]);
        assertThat(after[0]).isNotIn((Object[]) before);
        assertThat(browser.get("/me/security").text()).contains("first");
        assertThat(roster.sql(
            "SELECT action FROM audit_entries WHERE org_id = ? AND actor_kind = 'USER' ORDER BY version, entry",
            first.id().value())).contains(List.of("session.ended"), List.of("sign_in.succeeded"));
        var old = new BrowserUser(roster);
        old.put("roster_session", before[1]);
        assertThat(old.isSignedIn()).isFalse();
        assertThat((boolean) roster.sqlValue("SELECT count(DISTINCT created_at) = 1 FROM sessions WHERE org_id = ?",
            first.id().value())).as("it lasts no longer than before").isTrue();
    }

    @Test
    void a_session_that_ended_by_itself_says_after_how_long() {
        var org = roster.newOrg("idle");
        withPassword(org, "ada@idle.test");
        var browser = signedIn("ada@idle.test", org);
        assertThat(browser.get(BrowserUser.page(org)).text()).doesNotContain("without activity");
        roster.sql("UPDATE sessions SET last_seen_at = last_seen_at - interval '61 minutes' WHERE org_id = ?",
            org.id().value());
        roster.sql("SELECT roster_touch(?, 'changed by hand')", org.id().value());
        assertThat(browser.isSignedIn()).isFalse();
        assertThat(browser.get(BrowserUser.page(org)).text())
            .contains("You were signed out after 1 hour without activity.");
        assertThat(new BrowserUser(roster).get(BrowserUser.page(org)).text()).doesNotContain("without activity");
    }

    @Test
    void a_form_of_before_the_switch_is_refused() {
        var first = roster.newOrg("first");
        var second = roster.newOrg("second");
        List.of(first, second).forEach(org -> withPassword(org, "ada@tab.test"));
        var browser = signedIn("ada@tab.test", first, second);
        var tab = BrowserUser.csrf(browser.get("/me/security"));
        swap(browser, first);

        var answer = browser.post("/me/security/sign-out-everywhere", tab, Map.of(), Map.of());

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("You are signed in differently now");
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void what_keeps_a_user_out_keeps_them_out_here_too() {
        var here = roster.newOrg("here");
        withPassword(here, "ada@out.test");
        for (var how : List.of("disabled", "ended", "network", "method", "org", "foreign")) {
            var there = roster.newOrg("there");
            var ada = withPassword(there, "ada@out.test");
            var browser = signedIn("ada@out.test", there, here);
            switch (how) {
                case "disabled" -> there.founder().delete("/api/v2/users/" + ada.id());
                case "ended" -> there.founder().delete("/api/v2/roster/users/%s/sessions".formatted(ada.id()));
                case "network" -> there.founder().patch("/api/v2/ip_allowlist", """
                    {"data":{"type":"ip_allowlist","attributes":{"enabled":true,"entries":[{"data":{"type":"ip_allowlist_entry",
                    "attributes":{"cidr_block":"127.0.0.1/32","note":"x"}}}]}}}""");
                case "method" ->
                    roster.sql("UPDATE users SET login_methods = '{google_oidc}' WHERE org_id = ? AND id = ?",
                        there.id().value(), ada.user().id().value());
                case "org" -> roster.sql("UPDATE orgs SET disabled = true WHERE id = ?", there.id().value());
                default -> browser.put("roster_session", browser.session().split("\\.")[0]);
            }
            roster.sql("SELECT roster_touch(?, 'changed by hand')", there.id().value());
            if (how.equals("network")) { // this machine is let in: another one is asked for
                roster.sql("UPDATE ip_allowlist_entries SET cidr_block = '192.0.2.0/24' WHERE org_id = ?",
                    there.id().value());
                roster.sql("SELECT roster_touch(?, 'changed by hand')", there.id().value());
            }
            var before = browser.session();
            assertThat(browser.get("/sign-in/switch").text()).as(how).doesNotContain(there.id().toString());
            assertThat(swap(browser, there)).as(how).isEqualTo(303);
            assertThat(browser.session()).as(how).isEqualTo(before);
            assertThat(browser.get("/me/security").text()).as(how).contains("<strong>here</strong>");
        }
    }
}
