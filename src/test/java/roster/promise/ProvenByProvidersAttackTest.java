package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import roster.core.identity.LinkSignIn;
import roster.core.signin.Links;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.FakeProvider;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// M2: what providers say, and ways in, prove no address and verify no user; Google does, where it is authoritative.
@Timeout(180)
class ProvenByProvidersAttackTest {
    private static final String HOME = "/me/security";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    private static String configured(TestOrg org, String addresses, String link) {
        return OpenId.configured(org, OpenId.with(
            OpenId.with(provider.configuration("generic", "acme.test"), "addresses", addresses), "link", link));
    }

    private static BrowserUser byPassword(TestUser user) {
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(user.org(), user.email(), Inviting.PASSWORD);
        assertThat(browser.isSignedIn()).isTrue();
        return browser;
    }

    private static void patched(TestOrg org, String user, String attributes) {
        org.founder().patch("/api/v2/users/" + user,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":%s}}".formatted(user, attributes));
    }

    /// What lets a user in, or changes how, and proves no address of theirs.
    private enum Act {
        PASSWORD((user, id) -> byPassword(user)),
        LINK_OF_THE_OPERATOR((user, id) -> {
            var link = Links.path(user.org().write(
                tx -> roster.program().signIn.links.make(tx, user.user(), Duration.ofMinutes(15))));
            var browser = new BrowserUser(roster);
            browser.submit(link, link, Map.of());
            assertThat(browser.isSignedIn()).isTrue();
        }),
        PROVIDER_LINKED_AT_ONCE_AND_AGAIN((user, id) -> {
            for (int i = 0; i < 2; i++) {
                var browser = new BrowserUser(roster);
                provider.signIn(browser, id, FakeProvider.person("ada", user.email(), true));
                assertThat(browser.isSignedIn()).isTrue();
            }
        }),
        PROVIDER_LINKED_BY_PASSWORD((user, id) -> {
            BrowserUser.setPassword(user, Inviting.PASSWORD);
            var browser = new BrowserUser(roster);
            provider.signIn(browser, configured(user.org(), "trusted", "confirm"),
                FakeProvider.person("ada", user.email(), true));
            browser.submit("/sign-in/link", "/sign-in/link", Map.of("password", Inviting.PASSWORD));
            assertThat(browser.isSignedIn()).isTrue();
        }),
        PROVIDER_LINKED_IN_A_SESSION((user, id) -> {
            var browser = byPassword(user);
            var location = browser.submit(HOME, HOME + "/identities", Map.of("provider", id)).header("Location");
            browser.get(provider.back(location.orElseThrow(), FakeProvider.person("ada", user.email(), true)));
            assertThat(browser.get(HOME).text()).contains("Unlink");
        }),
        PASSWORD_CHANGED((user, id) -> assertThat(byPassword(user).submit(HOME, HOME + "/password",
            Map.of("current", Inviting.PASSWORD, "password", "Zk3vTq8sPb5nWd1y")).status()).isEqualTo(303)),
        SECOND_FACTOR((user, id) -> {
            var app = App.of(user);
            BrowserUser.setPassword(user, Inviting.PASSWORD);
            var browser = new BrowserUser(roster);
            browser.signIn(user.org(), user.email(), Inviting.PASSWORD);
            browser.submit("/sign-in/second", "/sign-in/second", Map.of("code", app.code()));
            assertThat(browser.isSignedIn()).isTrue();
        }),
        RESET_ASKED_FOR((user, id) -> new BrowserUser(roster).submit("/sign-in/forgot", "/sign-in/forgot",
            Map.of("address", user.email()))),
        MEMBERS_OF_A_REQUEST((user, id) -> patched(user.org(), user.id(),
            "{\"name\":\"Ada\",\"verified\":true,\"email_proved\":true}"));

        private final BiConsumer<TestUser, String> done;

        /// @param done with the id of a provider whose addresses the organisation trusts
        Act(BiConsumer<TestUser, String> done) {
            this.done = done;
        }
    }

    @ParameterizedTest
    @EnumSource
    void m2_an_address_is_not_proved_by_what_is_no_proof_of_it(Act act) {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-%d@acme.test".formatted(act.ordinal()));
        unproved(org, ada);
        act.done.accept(ada, configured(org, "trusted", "automatic"));
        assertThat(roster.sqlValue("SELECT email_proved FROM users WHERE org_id = ? AND id = ?", org.id().value(),
            ada.user().id().value())).isEqualTo(false);
        assertThat(roster.sql("SELECT 1 FROM address_pointers WHERE org_id = ? AND user_id = ?", org.id().value(),
            ada.user().id().value())).isEmpty();
    }

    /// What Google says of addresses that it is authoritative for is believed everywhere.
    @Test
    void an_address_is_proved_by_Google_where_it_is_authoritative_for_it() {
        var org = roster.newOrg("acme");
        var attributes = new HashMap<>(provider.configuration("google", "acme.test"));
        attributes.remove("issuer");
        attributes.put("link", "automatic");
        var id = OpenId.configured(org, attributes);
        roster.sql("UPDATE oidc_providers SET issuer = ? WHERE id = ?::uuid RETURNING id", provider.issuer(), id);
        for (var authoritative : List.of(false, true)) {
            var ada = org.newUser("ada-%s@gmail.com".formatted(authoritative));
            unproved(org, ada);
            var sub = "ada " + authoritative;
            if (!authoritative) { // linked in a session, as Google says nothing about the address
                var browser = byPassword(ada);
                var location = browser.submit(HOME, HOME + "/identities", Map.of("provider", id)).header("Location");
                browser.get(provider.back(location.orElseThrow(), FakeProvider.person(sub, ada.email(), false)));
            }
            provider.signIn(new BrowserUser(roster), id, FakeProvider.person(sub, ada.email(), authoritative));
            assertThat(roster.sqlValue("SELECT email_proved FROM users WHERE org_id = ? AND id = ?", org.id().value(),
                ada.user().id().value())).isEqualTo(authoritative);
        }
    }

    private static void unproved(TestOrg org, TestUser user) {
        roster.sql("UPDATE users SET email_proved = false WHERE org_id = ? AND id = ?", org.id().value(),
            user.user().id().value());
        roster.sql("DELETE FROM address_pointers WHERE org_id = ? AND user_id = ?", org.id().value(),
            user.user().id().value());
    }

    /// What happens around a user who has accepted no invitation.
    private enum Attempt {
        PASSWORD((org, user) -> new BrowserUser(roster).signIn(org, user, Inviting.PASSWORD)),
        PROVIDER_THAT_IS_NOT_BELIEVED((org, user) -> provider.signIn(new BrowserUser(roster),
            configured(org, "claim", "automatic"), FakeProvider.person("eve", user, false))),
        AN_E_MAIL_THAT_IS_ONLY_OPENED((org, user) -> {
            var browser = new BrowserUser(roster);
            provider.signIn(browser, configured(org, "letter", "automatic"), FakeProvider.person("eve", user, true));
            browser.submit("/sign-in/link", "/sign-in/link/letter", Map.of());
            var text = Emails.of(org, LinkSignIn.LETTER).getLast().letter().text();
            var path = text.replaceAll("(?s).*(/sign-in/confirm/[A-Za-z0-9_-]+).*", "$1");
            var page = browser.get(path);
            assertThat(page.status()).isEqualTo(200);
            var stranger = new BrowserUser(roster);
            stranger.get("/sign-in");
            assertThat(stranger.post(path, BrowserUser.csrf(stranger.get("/sign-in?all=true")), Map.of(), Map.of())
                .status()).isEqualTo(410);
        }),
        RESET_ASKED_FOR((org, user) -> new BrowserUser(roster).submit("/sign-in/forgot", "/sign-in/forgot",
            Map.of("address", user))),
        MEMBERS_OF_A_REQUEST((org, user) -> patched(org, roster.sqlValue(
            "SELECT id FROM users WHERE org_id = ? AND email = ?", org.id().value(), user).toString(),
            "{\"verified\":true,\"email_proved\":true,\"status\":\"Active\"}"));

        private final BiConsumer<TestOrg, String> done;

        Attempt(BiConsumer<TestOrg, String> done) {
            this.done = done;
        }
    }

    @ParameterizedTest
    @EnumSource
    void m2_a_user_is_not_verified_by_what_is_no_proof_of_their_address(Attempt attempt) {
        var org = roster.newOrg("acme");
        var ada = org.newPending("pending-%d@acme.test".formatted(attempt.ordinal()));
        attempt.done.accept(org, ada.email());
        assertThat(roster.sql("SELECT verified, email_proved FROM users WHERE org_id = ? AND id = ?", org.id().value(),
            ada.id().value()).toString()).isEqualTo("[[false, false]]");
        assertThat(roster.sql("SELECT 1 FROM sessions WHERE org_id = ?", org.id().value())).isEmpty();
    }
}
