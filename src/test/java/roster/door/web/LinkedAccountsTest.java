package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.notice.Notices;
import roster.model.LoginMethod;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.FakeProvider;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Linked accounts at `/me/security`: users link an account at a provider by signing in there, and unlink it.
@Timeout(180)
class LinkedAccountsTest {
    private static final String HOME = "/me/security";
    private static final String IDENTITIES = HOME + "/identities";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    private static String configured(TestOrg org) {
        return OpenId.configured(org, provider.configuration("generic", "acme.test"));
    }

    /// Signed in by password, so that the session is fresh.
    private static BrowserUser signedIn(TestUser user) {
        BrowserUser.setPassword(user, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(user.org(), user.email(), Inviting.PASSWORD);
        assertThat(browser.isSignedIn()).isTrue();
        return browser;
    }

    private static String sent(BrowserUser browser, String id) {
        return browser.submit(HOME, IDENTITIES, Map.of("provider", id)).header("Location").orElseThrow();
    }

    private static long identities(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM identities WHERE org_id = ?", org.id().value());
    }

    private static String linked(TestUser user) {
        return roster.sqlValue("SELECT id FROM identities WHERE org_id = ? AND user_id = ?",
            user.org().id().value(), user.user().id().value()).toString();
    }

    private static String removal(TestUser user) {
        return IDENTITIES + "/" + linked(user) + "/remove";
    }

    @Test
    void a_user_links_an_account_by_signing_in_there_and_unlinks_it() {
        var org = roster.newOrg("acme");
        var id = configured(org);
        var ada = org.newUser("ada@acme.test");
        var browser = signedIn(ada);
        var page = browser.get(HOME);
        assertThat(page.text()).contains("Linked accounts", "Link your account at Example");
        assertThat(page.header("Content-Security-Policy").orElse("")).contains(provider.origin());
        var before = browser.session();

        // The account there has another address: what it is called does not matter, as its user is signed in here.
        var answer =
            browser.get(provider.back(sent(browser, id), FakeProvider.person("ada there", "lady@x.test", null)));
        assertThat(answer.header("Location")).as("%s", answer).contains(HOME);
        assertThat(browser.session()).isEqualTo(before);
        assertThat(browser.get(HOME).text()).contains("<strong>Example</strong>", "Unlink")
            .doesNotContain("Link your account at Example");
        assertThat(roster.sqlValue("SELECT how FROM identities WHERE org_id = ?", org.id().value()))
            .isEqualTo("session");
        assertThat(Emails.of(org, Notices.LETTER)).anySatisfy(
            mail -> assertThat(mail.letter().text()).contains("Example"));
        assertThat(roster.sql("SELECT 1 FROM role_members WHERE org_id = ? AND source = 'mapping'",
            org.id().value())).isEmpty();

        var other = new BrowserUser(roster);
        provider.signIn(other, id, FakeProvider.person("ada there", null, null));
        assertThat(other.isSignedIn()).isTrue();

        assertThat(browser.submit(HOME, removal(ada), Map.of()).header("Location")).contains(HOME);
        assertThat(identities(org)).isZero();
        assertThat(other.isSignedIn()).as("the session by the identity ended").isFalse();
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void linking_and_unlinking_need_a_fresh_session() {
        var org = roster.newOrg("acme");
        var id = configured(org);
        var ada = org.newUser("ada@acme.test");
        var browser = signedIn(ada);
        browser.get(provider.back(sent(browser, id), FakeProvider.person("ada there", null, null)));
        roster.sql("UPDATE sessions SET fresh_until = roster_now() WHERE org_id = ?", org.id().value());
        var second = configured(org);
        assertThat(sent(browser, second)).startsWith("/sign-in/again?then=");
        assertThat(browser.submit(HOME, removal(ada), Map.of("sure", "yes")).header("Location").orElse(""))
            .startsWith("/sign-in/again?then=");
        assertThat(identities(org)).isEqualTo(1);
    }

    @Test
    void the_last_way_in_is_not_unlinked_without_notice() {
        var org = roster.newOrg("acme");
        var id = OpenId.configured(org,
            OpenId.with(provider.configuration("generic", "acme.test"), "create_users", true));
        var browser = new BrowserUser(roster);
        provider.signIn(browser, id, FakeProvider.person("ada there", "ada@acme.test", true));
        roster.sql("UPDATE sessions SET fresh_until = roster_now() + interval '5 minutes' WHERE org_id = ?",
            org.id().value());
        var removal = IDENTITIES + "/" + roster.sqlValue("SELECT id FROM identities WHERE org_id = ?", org.id().value())
            + "/remove";
        var asked = browser.submit(HOME, removal, Map.of());
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.text()).contains("You have no other way to sign in", "name=\"sure\"");
        assertThat(identities(org)).isEqualTo(1);
        assertThat(browser.isSignedIn()).isTrue();

        assertThat(browser.post(removal, BrowserUser.csrf(asked), Map.of("sure", "yes"), Map.of()).status())
            .isEqualTo(303);
        assertThat(identities(org)).isZero();
        assertThat(browser.isSignedIn()).isFalse();
    }

    @Test
    void a_user_is_told_that_unlinking_ends_the_session_by_it() {
        var org = roster.newOrg("acme");
        var id =
            OpenId.configured(org, OpenId.with(provider.configuration("generic", "acme.test"), "link", "automatic"));
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        provider.signIn(browser, id, FakeProvider.person("ada there", ada.email(), true));
        roster.sql("UPDATE sessions SET fresh_until = roster_now() + interval '5 minutes' WHERE org_id = ?",
            org.id().value());
        var asked = browser.submit(HOME, removal(ada), Map.of());
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.text()).contains("You will be signed out here").doesNotContain("no other way");
        assertThat(identities(org)).isEqualTo(1);
    }

    @Test
    void L6_an_account_of_another_user_and_a_second_one_are_not_linked() {
        var org = roster.newOrg("acme");
        var id = configured(org);
        var eve = org.newUser("eve@acme.test");
        var ada = signedIn(org.newUser("ada@acme.test"));
        var first = sent(ada, id);
        var again = sent(ada, id);
        var browser = signedIn(eve);
        browser.get(provider.back(sent(browser, id), FakeProvider.person("of eve", null, null)));
        assertThat(identities(org)).isEqualTo(1);

        assertThat(ada.get(provider.back(first, FakeProvider.person("of eve", "ada@acme.test", true))).status())
            .isEqualTo(403);
        assertThat(linked(eve)).isNotNull();
        assertThat(identities(org)).isEqualTo(1);
        var third = sent(ada, id);
        ada.get(provider.back(again, FakeProvider.person("of ada", null, null)));
        assertThat(identities(org)).isEqualTo(2);
        assertThat(ada.get(provider.back(third, FakeProvider.person("of ada too", null, null))).status())
            .isEqualTo(403);
        assertThat(identities(org)).isEqualTo(2);
        // Nobody unlinks what is another's.
        assertThat(ada.submit(HOME, removal(eve), Map.of("sure", "yes")).status()).isEqualTo(404);
        assertThat(identities(org)).isEqualTo(2);
    }

    @Test
    void L6_it_counts_for_the_session_only_that_asked() {
        var org = roster.newOrg("acme");
        var id = configured(org);
        var ada = org.newUser("ada@acme.test");
        var browser = signedIn(ada);
        var back = provider.back(sent(browser, id), FakeProvider.person("of eve", null, null));
        var eve = signedIn(org.newUser("eve@acme.test"));
        browser.put("roster_session", eve.session());
        assertThat(browser.get(back).status()).isEqualTo(400);
        assertThat(identities(org)).isZero();
        // Nor does the answer to a link let a browser in.
        var mine = signedIn(ada);
        var late = provider.back(sent(mine, id), FakeProvider.person("of ada", "ada@acme.test", true));
        mine.submit("/sign-out", "/sign-out", Map.of());
        assertThat(mine.get(late).status()).isEqualTo(400);
        assertThat(mine.session()).isNull();
        assertThat(identities(org)).isZero();
    }

    @Test
    void L9_a_provider_that_was_disabled_and_a_method_that_is_off_link_nothing() {
        var org = roster.newOrg("acme");
        var id = configured(org);
        var ada = org.newUser("ada@acme.test");
        var browser = signedIn(ada);
        var back = provider.back(sent(browser, id), FakeProvider.person("of ada", null, null));
        org.write(tx -> {
            roster.program().saml.loginMethods.override(tx, ada.id(),
                List.of(LoginMethod.STANDARD.id(tx.org()).value().toString()));
            return null;
        });
        assertThat(browser.get(HOME).text()).doesNotContain("Link your account");
        assertThat(browser.get(back).status()).isEqualTo(403);
        assertThat(sent(browser, id)).isEqualTo(HOME);

        var bob = signedIn(org.newUser("bob@acme.test"));
        var flight = provider.back(sent(bob, id), FakeProvider.person("of bob", null, null));
        org.founder().delete(OpenId.PATH + "/" + id);
        assertThat(bob.get(flight).status()).isIn(400, 403);
        assertThat(identities(org)).isZero();
    }
}
