package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.Resetting;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Help for people who can't sign in any more.
@Timeout(120)
class PersonHelpTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String path(TestUser user) {
        return "/console/people/" + user.id();
    }

    private static boolean hasFactor(TestUser user) {
        return user.org().founder().get("/api/v2/users/" + user.id()).json().at("/data/attributes/mfa_enabled")
            .asBoolean();
    }

    @Test
    void a_password_link_is_sent_by_which_they_choose_a_new_password() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-link@acme.test"));
        var bob = org.newUser("bob-link@acme.test");
        BrowserUser.setPassword(bob, Inviting.PASSWORD);
        assertThat(ada.page(path(bob) + "/edit").text()).contains("Send a password link…")
            .doesNotContain("Remove second factors…");
        assertThat(ada.page(path(bob) + "/password-link").text())
            .contains("Send a password link to bob-link@acme.test?", "within 30 minutes");

        assertThat(ada.form(path(bob) + "/password-link", Map.of()).header("Location").orElseThrow())
            .endsWith(path(bob));

        assertThat(Resetting.reset(Resetting.stranger(roster), Resetting.link(org)).status()).isEqualTo(303);
        var browser = new BrowserUser(roster);
        assertThat(browser.signIn(org, bob.email(), Resetting.PASSWORD).status()).isEqualTo(303);
        assertThat(browser.get("/me/security").status()).isEqualTo(200);
    }

    @Test
    void no_link_is_sent_to_who_could_not_use_it() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-none@acme.test"));
        var pending = org.newPending("pending-none@acme.test");
        var gone = org.newUser("gone-none@acme.test");
        org.founder().delete("/api/v2/users/" + gone.id());
        for (var id : List.of(pending.id(), gone.user().id())) {
            var link = "/console/people/" + id + "/password-link";
            assertThat(ada.page(link).text()).contains("cannot sign in: the user is ")
                .doesNotContain("<button class=\"button main\">");
            var refused = ada.form(link, Map.of());
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.text()).contains("cannot sign in: the user is ");
        }
        assertThat(Resetting.queued(org)).isZero();
    }

    @Test
    void beyond_ten_an_hour_it_says_when_to_try_again() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-many@acme.test"));
        var bob = org.newUser("bob-many@acme.test");
        for (var i = 0; i < 10; i++) {
            assertThat(ada.form(path(bob) + "/password-link", Map.of()).status()).isEqualTo(303);
        }
        var refused = ada.form(path(bob) + "/password-link", Map.of());
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("At most 10", "Try again in ");
        assertThat(Resetting.queued(org)).isEqualTo(10);
    }

    @Test
    void second_factors_are_removed_but_not_ones_own() {
        var org = roster.newOrg("acme");
        var admin = org.newAdmin("ada-lost@acme.test");
        var ada = SignedIn.in(admin);
        var bob = org.newUser("bob-lost@acme.test");
        App.of(bob);
        assertThat(ada.page(path(bob) + "/edit").text()).contains("Remove second factors…");
        assertThat(ada.page(path(bob) + "/second-factors").text()).contains(
            "Remove the second factors of bob-lost@acme.test?", "permanent");

        assertThat(ada.form(path(bob) + "/second-factors", Map.of()).status()).isEqualTo(303);

        assertThat(hasFactor(bob)).isFalse();
        assertThat(ada.page(path(bob) + "/second-factors").text()).contains("They have no second factor.");
        var version = org.version();
        assertThat(ada.form(path(bob) + "/second-factors", Map.of()).status()).isEqualTo(303);
        assertThat(org.version()).isEqualTo(version);

        assertThat(ada.page(path(admin) + "/edit").text()).doesNotContain("They can't sign in");
        assertThat(ada.page(path(admin) + "/second-factors").text()).contains("You can't reset your own");
        assertThat(ada.form(path(admin) + "/second-factors", Map.of()).status()).isEqualTo(403);
    }

    @Test
    void it_needs_user_access_manage_a_fresh_session_and_someone_of_the_organisation() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(org.newAdmin("ada-may@acme.test"));
        var bob = org.newUser("bob-may@acme.test");
        var app = App.of(bob);
        assertThat(app).isNotNull();
        var eve = SignedIn.in(org.newStandard("eve-may@acme.test"));
        var other = SignedIn.in(roster.newOrg("other").newAdmin("mal-may@other.test"));
        for (var act : List.of("/password-link", "/second-factors")) {
            assertThat(eve.page(path(bob) + act).status()).isEqualTo(403);
            assertThat(eve.form(path(bob) + act, Map.of()).status()).isEqualTo(403);
            assertThat(other.page(path(bob) + act).status()).isEqualTo(404);
            assertThat(other.form(path(bob) + act, Map.of()).status()).isEqualTo(404);
            assertThat(ada.page("/console/people/" + UUID.randomUUID() + act).status()).isEqualTo(404);
        }
        roster.sql("UPDATE sessions SET fresh_until = roster_now() - interval '1 second' WHERE id = ?", ada.session());
        for (var act : List.of("/password-link", "/second-factors")) {
            assertThat(ada.form(path(bob) + act, Map.of()).header("Location").orElseThrow()).contains("/sign-in/again");
        }
        assertThat(hasFactor(bob)).isTrue();
        assertThat(Resetting.queued(org)).isZero();
    }
}
