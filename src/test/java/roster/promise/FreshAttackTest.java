package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.http.Needs;
import roster.base.http.Route;
import roster.base.http.SessionMust;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// Attacks with a session that a user left open, F8 and F9.
@Timeout(180)
class FreshAttackTest {
    private static final String REFUSED = "[\"Forbidden\",\"Sign in again to do this\"]";

    /// What the contract asks a fresh session for (3.5), written a second time by hand. All other routes that change something
    /// do not need one: they are in [#OTHERS].
    private static final Pattern FRESH = Pattern.compile(String.join("|",
        "(POST|PATCH|DELETE) /api/v2/users(/\\{user_id})?", "POST /api/v2/service_accounts",
        "PUT /api/v2/anonymize_users", "(POST|PATCH|DELETE) /api/v2/roles.*",
        "(GET|POST) /console/roles/(new|\\{id})/review", "(GET|POST) /console/roles/\\{id}/delete",
        "GET /console/roles/(new|\\{id}/(edit|clone))",
        "POST /console/settings/.*", "GET /console/settings/(organisation/disable|sign-in/.*|provisioning/token)",
        "(POST|PATCH) /api/v2/(current_user/)?application_keys.*",
        "(POST|PATCH) /api/v2/service_accounts/\\{service_account_id}/(application_keys|access_tokens).*",
        "(POST|PATCH) /api/v2/personal_access_tokens.*", "POST /api/v2/api_keys", "GET /api/v2/api_keys/\\{api_key_id}",
        "(POST|PATCH|DELETE) /api/v2/(roster/)?identity_providers(/\\{[a-z_]+})?",
        "PATCH /api/v2/users/\\{user_id}/relationships/identity_providers", "(POST|PATCH) /api/v2/(org/)?saml_conf.*",
        "(POST|PATCH|DELETE) /api/v2/authn_mappings.*", "PATCH /api/v2/(ip|domain)_allowlist",
        "PATCH /api/v2/org_configs/.*", "PUT /api/v2/login/org_configs/.*", "PUT /api/v1/org/.*",
        "POST /api/v2/org/disable", "POST /api/v1/org",
        "DELETE /api/v2/roster/users/\\{user_id}/(sessions|identities).*",
        "DELETE /api/v2/roster/org/sessions", "DELETE /api/v2/roster/users/\\{user_id}/second_factors",
        "POST /api/v2/roster/users/\\{user_id}/password_reset",
        "(GET|POST) /console/bulk/new", "POST /console/bulk/\\{job}/undo", "GET /console/invite/check",
        "POST /console/invite",
        "POST /console/people/\\{id}/(access|edit|roles/edit|disable|enable|anonymise|password-link|second-factors)",
        "GET /console/people/\\{id}/(anonymise|password-link|second-factors)",
        "(GET|POST) /console/keys/(api|application|tokens)/new", "(GET|POST) /console/keys/api/\\{id}/show",
        "POST /console/keys/(application|tokens)/\\{id}/edit", "POST /console/service-accounts/new",
        "POST /me/security/(password|second-step/remove|codes|passkeys/\\{passkey_id}/.*|identities.*)"));

    private static final Pattern OTHERS = Pattern.compile(String.join("|",
        "DELETE /api/v2/roster/sessions.*", "PATCH /api/v2/current_user", "PATCH /api/v2/api_keys/.*",
        "DELETE /api/v2/.*(api_keys|application_keys|access_tokens)/.*",
        ".* /api/v2/(user_invitations|roster/invitations).*",
        "DELETE /api/v2/users/\\{user_id}/invitations", "POST /api/v2/audit/.*",
        "POST /api/v2/roster/identity_providers/\\{[a-z_]+}/check",
        "POST /console/(kept|me/(profile|preferences))",
        "POST /console/(bulk|bulk/\\{job}/stop|people/paste|people/paste/act|invite/check|audit/verification)",
        "POST /console/roles/(new|\\{id}/edit)", // what they are sent is reviewed
        "POST /console/keys/(api/\\{id}/edit|[a-z]+/\\{id}/revoke)",
        "POST /console/invitations/\\{id}/(resend|cancel|bounced)",
        "POST /(sign-out|sign-in/.*|me/security/(sessions/.*|sign-out-everywhere|codes/saved|second-step|passkeys/new))"));

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static String name(Route route) {
        return route.method() + " " + route.template();
    }

    private static boolean bySession(Route route) {
        return route.needs() instanceof Needs.OneOf || route.needs() == Needs.Simple.KEYS
            || route.needs().isSession();
    }

    static Stream<Named<Route>> flagged() {
        return roster.node().routes.all().stream().filter(route -> route.session() == SessionMust.BE_FRESH)
            .map(route -> Named.of(name(route), route));
    }

    private static void age(SignedIn session) {
        roster.sql("UPDATE sessions SET fresh_until = roster_now() - interval '1 second', "
            + "created_at = created_at - interval '16 minutes' WHERE id = ?", session.session());
    }

    @Test
    void f9_the_routes_that_need_a_fresh_session_are_those_of_the_contract() {
        for (var route : roster.node().routes.all()) {
            if (bySession(route)) {
                assertThat(route.session() == SessionMust.BE_FRESH).as(name(route))
                    .isEqualTo(FRESH.matcher(name(route)).matches());
                if (Recipes.changes(route) && route.session() != SessionMust.BE_FRESH) {
                    assertThat(name(route)).matches(OTHERS);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("flagged")
    void f9_a_stale_session_is_refused_and_keys_are_not_asked(Route route) {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var session = SignedIn.in(ada);
        var path = route.template().replaceAll("\\{[a-z_]+}", UUID.randomUUID().toString());
        if (route.needs().isSession()) {
            age(session);
            var before = org.version();
            var answer = route.method().equals("GET") ? session.page(path)
                : session.form(path, Map.of("password", "Zk3vTq8sPb5nWd1y"));
            assertThat(answer.header("Location").orElse(""))
                .startsWith("/sign-in/again?then=");
            assertThat(org.version()).isEqualTo(before);
            return;
        }
        assertThat(session.call(route.method(), path, "{}").text()).doesNotContain("Sign in again");
        var stale = SignedIn.in(ada); // the call may have ended the first
        age(stale);
        var before = org.version();
        var refused = stale.call(route.method(), path, "{}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().at("/errors").toString()).isEqualTo(REFUSED);
        assertThat(org.version()).isEqualTo(before);
        assertThat(ada.send(route.method(), path, "{}").text()).doesNotContain("Sign in again");
    }

    @Test
    void a_factor_makes_a_session_fresh_with_another_token() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        roster.sql("UPDATE sessions SET fresh_until = roster_now() WHERE org_id = ?", org.id().value());
        var other = Map.of("current", Inviting.PASSWORD, "password", "Zk3vTq8sPb5nWd1y");
        assertThat(browser.submit("/me/security", "/me/security/password", other).header("Location"))
            .contains("/sign-in/again?then=%2Fme%2Fsecurity");
        var before = browser.session();

        assertThat(browser.submit("/sign-in/again", "/sign-in/again", Map.of("by", "password", "password",
            "Qf7mZr2LtWx9KvHe")).status()).isEqualTo(422);
        assertThat(browser.session()).isEqualTo(before);
        assertThat(browser.submit("/sign-in/again", "/sign-in/again", Map.of("by", "password", "password",
            Inviting.PASSWORD, "then", "//evil.test")).header("Location")).contains("/console/");
        assertThat(browser.session()).isNotEqualTo(before);
        var old = new BrowserUser(roster);
        old.put("roster_session", before);
        assertThat(old.isSignedIn()).isFalse();
        assertThat(browser.submit("/me/security", "/me/security/password", other).header("Location"))
            .contains("/me/security?told=password");
    }

    @Test
    void a_code_makes_a_session_fresh_and_is_guessed_no_more_than_at_sign_in() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var app = App.of(ada);
        var browser = new BrowserUser(roster);
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        browser.submit("/sign-in/second", "/sign-in/second", Map.of("code", app.code()));
        App.again(ada);
        roster.sql("UPDATE sessions SET fresh_until = roster_now() WHERE org_id = ?", org.id().value());
        assertThat(browser.submit("/sign-in/again", "/sign-in/again", Map.of("code", app.code())).header("Location"))
            .contains("/console/");
        assertThat((boolean) roster.sqlValue("SELECT fresh_until > roster_now() FROM sessions WHERE org_id = ? "
            + "AND ended_at IS NULL", org.id().value())).isTrue();
        App.again(ada);
        for (int i = 0; i < 30; i++) {
            assertThat(browser.submit("/sign-in/again", "/sign-in/again", Map.of("code", app.wrong())).status())
                .isEqualTo(422);
        }
        assertThat(browser.submit("/sign-in/again", "/sign-in/again", Map.of("code", app.code())).status())
            .isEqualTo(429);
    }

    @Test
    void a_stale_session_sets_up_no_factor() {
        var org = roster.newOrg("acme");
        var session = SignedIn.in(org.newUser("ada@acme.test"));
        var page = session.page("/me/security/second-step");
        age(session);
        assertThat(session.page("/me/security/second-step").header("Location").orElse(""))
            .startsWith("/sign-in/again");
        assertThat(session.form("/me/security/second-step", Map.of("secret", App.sealed(page), "code",
            App.reading(page).code())).header("Location").orElse("")).startsWith("/sign-in/again");
        assertThat(roster.sql("SELECT 1 FROM totp_secrets WHERE org_id = ?", org.id().value())).isEmpty();
        assertThat(List.of(session.page("/me/security").status())).containsExactly(200);
    }
}
