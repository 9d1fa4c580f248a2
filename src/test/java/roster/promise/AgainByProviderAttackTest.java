package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.Answer;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// F8: a session is made fresh by a provider only by the identity that it began by, asked just now.
@Timeout(180)
class AgainByProviderAttackTest {
    private static final String AGAIN = "/sign-in/again";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    @BeforeEach
    void allIsRight() {
        provider.reset();
    }

    private static String configured(TestOrg org, String profile) {
        return OpenId.configured(org,
            OpenId.with(provider.configuration(profile, "acme.test"), "link", "automatic"));
    }

    private static UnaryOperator<Map<String, Object>> person(TestUser user) {
        return FakeProvider.person("sub of " + user.email(), user.email(), true);
    }

    private static BrowserUser signedIn(String id, TestUser user) {
        var browser = new BrowserUser(roster);
        provider.signIn(browser, id, person(user));
        assertThat(browser.isSignedIn()).isTrue();
        return browser;
    }

    /// The page sends the browser to the provider.
    private static String sent(BrowserUser browser) {
        return browser.submit(AGAIN, AGAIN, Map.of("by", "provider", "then", "/sign-in/switch")).header("Location")
            .orElseThrow();
    }

    private static UnaryOperator<Map<String, Object>> asked(UnaryOperator<Map<String, Object>> person, Object when) {
        return claims -> {
            var all = person.apply(claims);
            if (when != null) {
                all.put("auth_time", when);
            }
            return all;
        };
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }

    private static boolean fresh(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM sessions WHERE org_id = ? AND ended_at IS NULL "
            + "AND fresh_until > roster_now()", org.id().value()) > 0;
    }

    private static void assertRefused(Answer answer, BrowserUser browser, String before, TestOrg org) {
        assertThat(answer.status()).as("%s", answer).isIn(400, 403);
        assertThat(browser.session()).isEqualTo(before);
        assertThat(fresh(org)).isFalse();
        assertThat(browser.submit("/me/security", "/me/security/codes", Map.of()).header("Location").orElse(""))
            .startsWith("/sign-in/again?then=");
    }

    @Test
    void F8_the_identity_of_the_session_makes_it_fresh_with_another_token() {
        var org = roster.newOrg("acme");
        var browser = signedIn(configured(org, "generic"), org.newUser("ada@acme.test"));
        assertThat(fresh(org)).isFalse();
        var page = browser.get(AGAIN);
        assertThat(page.text()).contains("Confirm that it is you", "Continue with Example");
        assertThat(page.header("Content-Security-Policy").orElse("")).contains(provider.origin());

        var before = browser.session();
        var location = sent(browser);
        assertThat(FakeProvider.asked(location)).containsEntry("max_age", "0").containsEntry("prompt", "login");
        var person = FakeProvider.person("sub of ada@acme.test", null, null); // addresses do not matter any more
        var answer = browser.get(provider.back(location, asked(person, now())));

        assertThat(answer.header("Location")).as("%s", answer).contains("/sign-in/switch");
        assertThat(browser.session()).isNotEqualTo(before);
        assertThat(fresh(org)).isTrue();
        var old = new BrowserUser(roster);
        old.put("roster_session", before);
        assertThat(old.isSignedIn()).isFalse();
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void F8_a_strangers_account_is_refused() {
        var org = roster.newOrg("acme");
        var id = configured(org, "generic");
        var eve = org.newUser("eve@acme.test");
        signedIn(id, eve);
        var browser = signedIn(id, org.newUser("ada@acme.test"));
        var before = browser.session();
        for (var stranger : List.of(person(eve), FakeProvider.person("nobody", "ada@acme.test", true),
            FakeProvider.person("nobody", "eve@acme.test", true))) {
            assertRefused(browser.get(provider.back(sent(browser), asked(stranger, now()))), browser, before, org);
        }
        assertThat((long) roster.sqlValue("SELECT count(*) FROM identities WHERE org_id = ?", org.id().value()))
            .isEqualTo(2);
        assertThat(roster.sql("SELECT 1 FROM audit_entries WHERE org_id = ? AND action = 'sign_in.refused' "
            + "AND after->>'reason' = 'another_identity'", org.id().value())).hasSize(3);
    }

    @Test
    void F8_another_identity_of_the_same_user_is_not_that_of_the_session() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var first = configured(org, "generic");
        var second = configured(org, "generic");
        signedIn(second, ada);
        var browser = signedIn(first, ada);
        var before = browser.session();
        var location = sent(browser);
        var other = provider.back(location, asked(person(ada), now())).replace(first, second);
        assertRefused(browser.get(other), browser, before, org);
    }

    @Test
    void F8_a_sign_in_that_was_not_asked_for_just_now_is_refused() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var browser = signedIn(configured(org, "generic"), ada);
        var before = browser.session();
        for (var when : Arrays.<Object>asList(null, now() - 70, 0L, "now", Long.toString(now()), now() + 600)) {
            assertRefused(browser.get(provider.back(sent(browser), asked(person(ada), when))), browser, before, org);
        }
        assertThat(browser.get(provider.back(sent(browser), asked(person(ada), now() - 30))).header("Location"))
            .contains("/sign-in/switch");
    }

    @Test
    void F8_only_the_session_that_asked_is_made_fresh() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var id = configured(org, "generic");
        var browser = signedIn(id, ada);
        var back = provider.back(sent(browser), asked(person(ada), now()));
        var another = signedIn(id, ada);
        browser.put("roster_session", another.session());
        assertRefused(browser.get(back), browser, another.session(), org);

        var late = provider.back(sent(browser), asked(person(ada), now()));
        browser.submit("/sign-out", "/sign-out", Map.of());
        assertThat(browser.get(late).status()).isEqualTo(400);
        assertThat(browser.session()).isNull();
    }

    @Test
    void F8_signing_in_again_by_the_provider_makes_nothing_fresh() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var id = configured(org, "generic");
        var browser = signedIn(id, ada);
        provider.signIn(browser, id, asked(person(ada), now()));
        assertThat(fresh(org)).isFalse();
    }

    @Test
    void F8_it_does_not_replace_a_second_step_that_is_missing() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var browser = signedIn(configured(org, "generic"), ada);
        App.of(ada);
        var page = browser.get(AGAIN);
        assertThat(page.text()).contains("Code from your authenticator app").doesNotContain("Continue with");
        assertThat(browser.submit(AGAIN, AGAIN, Map.of("by", "provider")).header("Location").orElse(""))
            .startsWith("/sign-in/again");
    }

    @ParameterizedTest
    @CsvSource({"okta,0,", "keycloak,0,login", "google,,"})
    void each_product_is_asked_as_it_can_be(String profile, String age, String prompt) {
        var org = roster.newOrg("acme");
        Map<String, Object> attributes = new HashMap<>(provider.configuration(profile, "acme.test"));
        if (profile.equals("google")) {
            attributes.remove("issuer");
        }
        attributes.put("link", "automatic");
        attributes.put("addresses", profile.equals("google") ? "claim" : "trusted");
        var id = OpenId.configured(org, attributes);
        if (profile.equals("google")) {
            roster.sql("UPDATE oidc_providers SET issuer = ? WHERE id = ?::uuid RETURNING id", provider.issuer(), id);
        }
        var browser = new BrowserUser(roster);
        var ada = org.newUser(profile.equals("google") ? "ada@gmail.com" : "ada@acme.test");
        provider.signIn(browser, id, person(ada));
        var asked = FakeProvider.asked(sent(browser));
        assertThat(asked.get("max_age")).isEqualTo(age);
        assertThat(asked.get("prompt")).isEqualTo(prompt);
        assertThat(asked.getOrDefault("claims", "")).isEqualTo(profile.equals("google")
            ? "{\"id_token\":{\"auth_time\":{\"essential\":true}}}" : "");
    }

    @Test
    void a_session_by_password_is_not_led_to_a_provider() {
        var org = roster.newOrg("acme");
        configured(org, "generic");
        var session = SignedIn.in(org.newUser("ada@acme.test"));
        assertThat(session.page(AGAIN).text()).doesNotContain("Continue with");
        assertThat(session.form(AGAIN, Map.of("by", "provider")).header("Location").orElse(""))
            .startsWith("/sign-in/again");
    }
}
