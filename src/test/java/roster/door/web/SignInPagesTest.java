package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.identity.LinkSignIn;
import roster.core.org.OrgConfig;
import roster.core.signin.Links;
import roster.model.LoginMethod;
import roster.support.Answer;
import roster.support.App;
import roster.support.Await;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.FakeProvider;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// What pages for signing in say, and where they lead on.
@Timeout(180)
class SignInPagesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String AGAIN = "<li><a href=\"/sign-in\">Sign in again</a></li>";

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    private static Answer page(TestOrg org) {
        return new BrowserUser(roster).get(BrowserUser.page(org));
    }

    private static void setMethod(TestOrg org, LoginMethod method, boolean enabled) {
        org.write(tx -> roster.program().saml.identityProviders.setEnabled(tx, method, enabled));
    }

    private static void assertLeadsOn(Answer page) {
        assertThat(page.text()).containsPattern("<ul class=\"ways\"><li><a href=\"[^\"]+\">[^<]+</a>");
    }

    @Test
    void the_page_that_asks_to_prove_an_account_and_its_e_mail() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var id = OpenId.configured(org, provider.configuration("generic", "acme.test"));
        var browser = new BrowserUser(roster);
        provider.signIn(browser, id, FakeProvider.person("ada", ada.email(), true));
        assertThat(browser.get("/sign-in/link").text()).contains(
            "Example says you are <strong>ada@acme.test</strong>. Prove once that this account is yours.");
        assertLeadsOn(browser.submit("/sign-in/link", "/sign-in/link/letter", Map.of()));
        var path = Emails.of(org, LinkSignIn.LETTER).getLast().letter().text()
            .replaceAll("(?s).*(/sign-in/confirm/[A-Za-z0-9_-]+).*", "$1");
        assertThat(browser.get(path).text()).contains("<strong>acme</strong>", "<strong>ada@acme.test</strong>")
            .containsPattern("until \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC");
        var closed = new BrowserUser(roster).get(path);
        assertThat(closed.status()).isEqualTo(410);
        assertThat(closed.text()).contains("This link was used or has expired. Ask for a new one.");
        assertLeadsOn(closed);
    }

    @Test
    void pages_lead_on_whose_question_a_user_does_not_want_to_answer() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        for (var path : List.of("/sign-out", "/sign-in/switch", "/me/security/second-step")) {
            assertThat(browser.get(path).text()).as(path).contains("<li><a href=\"/me/security\">Back</a></li>");
        }
        org.write(tx -> roster.program().org.configs.set(tx, OrgConfig.SECOND_FACTOR, "everyone"));
        assertThat(browser.get("/me/security/second-step").text()).contains(AGAIN);
        var another = new BrowserUser(roster);
        another.signIn(org, ada.email(), Inviting.PASSWORD);
        assertThat(another.get("/sign-in/enrol").text()).contains(AGAIN);
        App.of(ada);
        assertThat(browser.get("/sign-in/again").text()).as("a recovery code is taken there").contains(AGAIN)
            .doesNotContain("/sign-out");
        another.signIn(org, ada.email(), Inviting.PASSWORD);
        assertThat(another.get("/sign-in/second").text()).contains(AGAIN);
    }

    @Test
    void a_link_that_is_used_leads_on() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var link = Links.path(org.write(
            tx -> roster.program().signIn.links.make(tx, ada.user(), Duration.ofMinutes(15))));
        new BrowserUser(roster).submit(link, link, Map.of());
        for (var path : List.of(link, "/sign-in/reset/" + "x".repeat(43))) {
            var closed = new BrowserUser(roster).get(path);
            assertThat(closed.status()).isEqualTo(410);
            assertThat(closed.text()).contains("This link was used or has expired. Ask for a new one.");
            assertLeadsOn(closed);
        }
    }

    @Test
    void a_network_that_is_not_allowed_leads_on() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        roster.sql("INSERT INTO ip_allowlists (org_id, enabled, version) VALUES (?, true, 1)", org.id().value());
        roster.sql("SELECT roster_touch(?, 'allowlist')", org.id().value());
        var refused = new BrowserUser(roster).signIn(org, ada.email(), Inviting.PASSWORD);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("Network not allowed");
        assertLeadsOn(refused);
    }

    @Test
    void what_was_wrong_is_said_at_the_field_and_above() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        var wrong = browser.submit("/sign-in/again", "/sign-in/again", Map.of("by", "password", "password", "no"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text()).contains("<a href=\"#password\">This is not your password.</a>",
            "id=\"password-fault\">This is not your password.");
    }

    @Test
    void a_page_offers_only_ways_that_work() {
        var org = roster.newOrg("acme");
        assertThat(page(org).text()).contains("name=\"password\"", "Forgot your password?");
        // Google is enabled, and has no client: once passwords are off, there is no way that works.
        setMethod(org, LoginMethod.STANDARD, false);
        var none = page(org);
        assertThat(none.status()).isEqualTo(403);
        assertThat(none.text()).contains("There is no working way to sign in to acme.", "roster user sign-in-link")
            .doesNotContain("name=\"password\"");
        assertLeadsOn(none);

        OpenId.configured(org, provider.configuration("generic", "acme.test"));
        assertThat(page(org).text()).contains("Continue with Example")
            .doesNotContain("name=\"password\"", "Forgot your password?");

        // One user keeps a password for emergencies.
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        org.write(tx -> {
            roster.program().saml.loginMethods.override(tx, ada.id(),
                List.of(LoginMethod.STANDARD.id(tx.org()).value().toString()));
            return null;
        });
        assertThat(page(org).text()).contains("Continue with Example", "name=\"password\"");
        var browser = new BrowserUser(roster);
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        assertThat(browser.isSignedIn()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/page", "/sign-in/enrol/more", "/me/security/password", "/api/v2/users", "/%zz",
        "/%ff", "/me/security/", "/sign-in/callback/google?code=a&state=b", "/\\evil", "//evil.test"})
    void O10_what_is_no_page_of_ours_is_not_gone_on_to(String then) {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-then@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        var page = BrowserUser.page(org);
        assertThat(browser.submit(page, page,
            Map.of("address", ada.email(), "password", Inviting.PASSWORD, "then", then)).header("Location"))
            .contains("/console/");
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void a_user_of_Google_is_told_that_they_are_still_signed_in_there() {
        var org = roster.newOrg("acme");
        Map<String, Object> attributes = new HashMap<>(provider.configuration("google", "acme.test"));
        attributes.remove("issuer");
        attributes.put("link", "automatic");
        var id = OpenId.configured(org, attributes);
        roster.sql("UPDATE oidc_providers SET issuer = ? WHERE id = ?::uuid RETURNING id", provider.issuer(), id);
        var ada = org.newUser("ada.lovelace@gmail.com");
        var browser = new BrowserUser(roster);
        provider.signIn(browser, id, FakeProvider.person("ada", ada.email(), true));
        browser.submit("/sign-out", "/sign-out", Map.of());
        assertThat(browser.get("/sign-in/signed-out").text()).contains("You are signed out.",
            "You are still signed in to Example.", "has no way to sign out from here").doesNotContain("<button");
    }

    @Test
    void the_trail_and_the_metrics_tell_by_which_way() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var id = OpenId.configured(org,
            OpenId.with(provider.configuration("generic", "acme.test"), "link", "automatic"));
        var before = counted("oidc", "succeeded");
        provider.signIn(new BrowserUser(roster), id, FakeProvider.person("ada", ada.email(), true));
        assertThat(counted("oidc", "succeeded")).isGreaterThanOrEqualTo(before + 1);
        assertThat(roster.sqlValue("SELECT after->>'provider' FROM audit_entries WHERE org_id = ? "
            + "AND action = 'sign_in.succeeded'", org.id().value())).isEqualTo(id);
        var failed = counted("standard", "failed");
        new BrowserUser(roster).signInAnywhere("nobody@nowhere.test", "wrong");
        assertThat(counted("standard", "failed")).isGreaterThanOrEqualTo(failed + 1);
    }

    /// Browsers look at where the answer to a form leads, so the page must name it before anyone has signed in.
    @Test
    void a_page_comes_to_name_where_its_buttons_lead_before_anyone_signed_in() {
        var org = roster.newOrg("acme");
        var id = OpenId.configured(org, provider.configuration("generic", "acme.test"));
        provider.metadata = all -> {
            all.put("authorization_endpoint", "http://localhost:1/elsewhere");
            return all;
        };
        Await.until("the page names it", () -> List.of(BrowserUser.page(org), "/sign-in/with/" + id).stream()
            .allMatch(path -> new BrowserUser(roster).get(path).header("Content-Security-Policy").orElse("")
                .contains("http://localhost:1")));
    }

    private static double counted(String method, String outcome) {
        var counter = roster.program().kernel().meters().find("roster.sign.in").tag("method", method)
            .tag("outcome", outcome).counter();
        return counter == null ? 0 : counter.count();
    }
}
