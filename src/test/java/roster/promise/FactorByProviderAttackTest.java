package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.org.OrgConfig;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.Inviting;
import roster.support.OpenId;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// F5: whoever has a second factor is asked for it, by a provider and by a switch too. And those who must set one up after a
/// provider let them in.
@Timeout(180)
class FactorByProviderAttackTest {
    private static final String SECOND = "/sign-in/second";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    private static String configured(TestOrg org, Map<String, Object> more) {
        var attributes = provider.configuration("generic", "acme.test");
        for (var one : more.entrySet()) {
            attributes = OpenId.with(attributes, one.getKey(), one.getValue());
        }
        return OpenId.configured(org, OpenId.with(attributes, "link", "automatic"));
    }

    private static void require(TestOrg org, String whom) {
        org.write(tx -> roster.program().org.configs.set(tx, OrgConfig.SECOND_FACTOR, whom));
    }

    private static long sessions(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ?", org.id().value());
    }

    private static String factors(TestOrg org) {
        return roster.sqlValue("SELECT array_to_string(factors, ' ') FROM sessions WHERE org_id = ? "
            + "AND ended_at IS NULL", org.id().value()).toString();
    }

    @Test
    void F5_a_provider_asks_for_the_factor_that_is_there() {
        var org = roster.newOrg("acme");
        var id = configured(org, Map.of());
        var ada = org.newUser("ada@acme.test");
        var app = App.of(ada);
        var browser = new BrowserUser(roster);
        for (int i = 0; i < 2; i++) { // the first time it is linked, too
            var answer = provider.signIn(browser, id, FakeProvider.person("ada", ada.email(), true));
            assertThat(answer.header("Location")).contains(SECOND);
            assertThat(browser.session()).isNull();
            assertThat(sessions(org)).isEqualTo(i);
            assertThat(browser.submit(SECOND, SECOND, Map.of("code", app.wrong())).status()).isEqualTo(422);
            assertThat(browser.session()).isNull();
            App.again(ada);
            assertThat(browser.submit(SECOND, SECOND, Map.of("code", app.code())).status()).isEqualTo(303);
            assertThat(browser.isSignedIn()).isTrue();
            assertThat(factors(org)).isEqualTo("provider totp");
            // The code was shown just now, which the provider does not say of what it asked for.
            assertThat(roster.sqlValue("SELECT fresh_until > roster_now() + interval '14 minutes' FROM sessions "
                + "WHERE org_id = ? AND ended_at IS NULL", org.id().value())).isEqualTo(true);
            assertThat(browser.get("/me/security").text()).contains("by provider and authenticator app");
            browser.submit("/sign-out", "/sign-out", Map.of());
        }
    }

    @Test
    void F5_a_provider_is_not_believed_about_a_factor_unless_it_was_configured_so() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        App.of(ada);
        var plain = configured(org, Map.of("second_factor_values", List.of("mfa")));
        var browser = new BrowserUser(roster);
        var strong = with(FakeProvider.person("ada", ada.email(), true), "amr", List.of("pwd", "mfa"));
        assertThat(provider.signIn(browser, plain, strong).header("Location")).contains(SECOND);
        assertThat(browser.session()).isNull();

        var believed = configured(org, Map.of("second_factor", "provider", "second_factor_values", List.of("mfa")));
        var weak = with(FakeProvider.person("ada", ada.email(), true), "amr", List.of("pwd"));
        assertThat(provider.signIn(browser, believed, weak).header("Location")).contains(SECOND);
        assertThat(browser.session()).isNull();
        provider.signIn(browser, believed, strong);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(factors(org)).isEqualTo("provider provider_second");
    }

    private static UnaryOperator<Map<String, Object>> with(
        UnaryOperator<Map<String, Object>> person, String name, Object value) {
        return claims -> {
            var all = person.apply(claims);
            all.put(name, value);
            return all;
        };
    }

    /// A browser that is signed in to two organisations, of which the second is current.
    private static BrowserUser inBoth(TestUser first, TestUser second) {
        var browser = new BrowserUser(roster);
        for (var user : List.of(first, second)) {
            BrowserUser.setPassword(user, Inviting.PASSWORD);
            browser.signIn(user.org(), user.email(), Inviting.PASSWORD);
        }
        assertThat(browser.isSignedIn()).isTrue();
        return browser;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void F5_a_switch_asks_for_the_factor_that_is_there_by_now(boolean enrolled) {
        var first = roster.newOrg("first");
        var ada = first.newUser("ada-switch-%s@acme.test".formatted(enrolled));
        var browser = inBoth(ada, roster.newOrg("second").newUser(ada.email()));
        var current = browser.session();
        var before = sessions(first);
        if (enrolled) {
            App.of(ada);
        } else {
            require(first, "everyone");
        }

        var answer = browser.submit("/me/security", "/sign-in/switch", Map.of("org", first.id().toString()));
        assertThat(answer.header("Location").orElse("")).as("%s", answer).startsWith("/sign-in/");
        assertThat(browser.session()).isEqualTo(current);
        assertThat(sessions(first)).isEqualTo(before);
        assertThat(browser.get("/me/security").text()).contains("<strong>second</strong>");
    }

    @Test
    void a_switch_to_a_session_of_two_factors_asks_for_none() {
        var first = roster.newOrg("first");
        var ada = first.newUser("ada-two@acme.test");
        var app = App.of(ada);
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(first, ada.email(), Inviting.PASSWORD);
        browser.submit(SECOND, SECOND, Map.of("code", app.code()));
        var other = roster.newOrg("second").newUser(ada.email());
        BrowserUser.setPassword(other, Inviting.PASSWORD);
        browser.signIn(other.org(), other.email(), Inviting.PASSWORD);
        browser.submit("/me/security", "/sign-in/switch", Map.of("org", first.id().toString()));
        assertThat(browser.get("/me/security").text()).contains("<strong>first</strong>");
    }

    @Test
    void a_user_whom_a_provider_makes_sets_up_the_factor_that_is_required_before_any_session() {
        var org = roster.newOrg("acme");
        require(org, "everyone");
        var id = configured(org, Map.of("create_users", true));
        var browser = new BrowserUser(roster);
        var answer = provider.signIn(browser, id, FakeProvider.person("new", "new@acme.test", true));
        assertThat(answer.header("Location")).contains("/sign-in/enrol");
        assertThat(browser.session()).isNull();
        assertThat(sessions(org)).isZero();
        var page = browser.get("/sign-in/enrol");
        assertThat(page.text()).contains("<strong>acme</strong> asks for a second step. Set it up once.");
        var done = browser.post("/sign-in/enrol", BrowserUser.csrf(page),
            Map.of("secret", App.sealed(page), "code", App.reading(page).code()), Map.of());
        assertThat(done.header("Location").orElse("")).as("%s", done).startsWith("/me/security/codes");
        assertThat(browser.get("/me/security/codes").text())
            .contains("Save these codes. Each works once. They are not shown again.");
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(factors(org)).isEqualTo("provider totp");
    }

    @Test
    void within_five_minutes_a_user_of_a_provider_sets_up_a_factor_in_their_session_and_not_later() {
        var org = roster.newOrg("acme");
        var id = configured(org, Map.of("create_users", true));
        var early = new BrowserUser(roster);
        provider.signIn(early, id, FakeProvider.person("new", "new@acme.test", true));
        var late = new BrowserUser(roster);
        provider.signIn(late, id, FakeProvider.person("late", "late@acme.test", true));
        roster.sql("UPDATE sessions SET created_at = created_at - interval '5 minutes' WHERE org_id = ? AND user_id = "
            + "(SELECT id FROM users WHERE org_id = ? AND email = 'late@acme.test')", org.id().value(),
            org.id().value());
        require(org, "everyone");

        // Both are confined with the commit.
        for (var browser : List.of(early, late)) {
            assertThat(browser.get("/me/security").header("Location").orElse("")).isEqualTo("/sign-in/enrol");
        }
        assertThat(late.get("/me/security/second-step").header("Location").orElse("")).startsWith("/sign-in/again");
        var page = early.get("/me/security/second-step");
        assertThat(page.status()).isEqualTo(200);
        assertThat(early.post("/me/security/second-step", BrowserUser.csrf(page),
            Map.of("secret", App.sealed(page), "code", App.reading(page).code()), Map.of()).status()).isEqualTo(303);
        assertThat(early.isSignedIn()).isTrue();

        // Later the provider is asked again who they are.
        var sent = late.submit("/sign-in/again", "/sign-in/again",
            Map.of("by", "provider", "then", "/me/security/second-step")).header("Location").orElseThrow();
        late.get(provider.back(sent, with(FakeProvider.person("late", null, null), "auth_time",
            Instant.now().getEpochSecond())));
        assertThat(late.get("/me/security/second-step").status()).isEqualTo(200);
    }

    @Test
    void a_user_of_a_provider_who_has_a_password_shows_it_before_they_set_up_a_factor() {
        var org = roster.newOrg("acme");
        var id = configured(org, Map.of());
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        provider.signIn(browser, id, FakeProvider.person("ada", ada.email(), true));
        assertThat(browser.get("/me/security/second-step").header("Location").orElse(""))
            .startsWith("/sign-in/again");
        browser.submit("/sign-in/again", "/sign-in/again", Map.of("by", "password", "password", Inviting.PASSWORD));
        assertThat(browser.get("/me/security/second-step").status()).isEqualTo(200);
    }
}
