package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.promise.SecondSteps.codes;
import static roster.promise.SecondSteps.halfIn;
import static roster.promise.SecondSteps.require;
import static roster.promise.SecondSteps.sessions;
import static roster.promise.SecondSteps.show;
import static roster.promise.SecondSteps.user;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.base.http.Needs;
import roster.base.http.Route;
import roster.core.signin.Links;
import roster.support.App;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Attacks on what second steps protect, and on how they are set up: F1, F5, F6 and R5.
@Timeout(300)
class FactorAttackTest {
    private static final String SECOND = SecondSteps.PATH;

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_TRUSTED_PROXIES", "127.0.0.1"));

    private static Node nodeB;

    @BeforeAll
    static void anotherNode() {
        nodeB = roster.anotherNode(Map.of());
    }

    @AfterAll
    static void stop() {
        nodeB.close();
    }

    @Test
    void a_user_sets_up_an_app_and_is_asked_for_its_code() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var browser = new BrowserUser(roster);
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        var before = browser.session();

        var page = browser.get("/me/security/second-step");
        assertThat(page.text()).contains("<svg").doesNotContain("asks for a second step");
        var app = App.reading(page);
        assertThat(browser.submit("/me/security/second-step", "/me/security/second-step",
            Map.of("secret", App.sealed(page), "code", app.wrong())).status()).isEqualTo(422);
        assertThat(browser.submit("/me/security/second-step", "/me/security/second-step",
            Map.of("secret", App.sealed(page), "code", app.code())).header("Location")).contains("/me/security/codes");
        assertThat(browser.session()).isNotEqualTo(before);
        var codes = codes(browser.get("/me/security/codes"));
        assertThat(codes).hasSize(10).doesNotHaveDuplicates();
        assertThat(browser.get("/me/security/codes/download").text().lines().toList()).isEqualTo(codes);
        browser.submit("/me/security/codes", "/me/security/codes/saved", Map.of());
        assertThat(browser.get("/me/security/codes").header("Location")).contains("/me/security");
        assertThat(browser.get("/me/security").text()).contains("10 left");
        assertThat(ada.get("/api/v2/current_user").json().at("/data/attributes/mfa_enabled").asBoolean()).isTrue();

        App.again(ada);
        var other = halfIn(ada);
        assertThat(other.isSignedIn()).isFalse();
        assertThat(show(other, app.code()).header("Location")).contains("/console/");
        assertThat(other.isSignedIn()).isTrue();
        assertThat(roster.sql("SELECT factors::text FROM sessions WHERE org_id = ? ORDER BY created_at DESC LIMIT 1",
            org.id().value())).containsExactly(List.of("{password,totp}"));
        assertThat(roster.sql("SELECT action FROM audit_entries WHERE org_id = ? AND action ~ '^(second|recov)' "
            + "ORDER BY version, entry", org.id().value())).containsExactly(List.of("second_factor.added"),
                List.of("recovery_codes.made"));
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
        assertThat(roster.sql("SELECT what FROM notices WHERE org_id = ?", org.id().value()))
            .contains(List.of("second_factor_added"));

        assertThat(other.submit("/me/security", "/me/security/second-step/remove", Map.of()).header("Location"))
            .contains("/me/security");
        assertThat(ada.get("/api/v2/current_user").json().at("/data/attributes/mfa_enabled").asBoolean()).isFalse();
        assertThat(new BrowserUser(roster).signIn(org, ada.email(), Inviting.PASSWORD).header("Location"))
            .contains("/console/");
        assertThat(roster.sql("SELECT 1 FROM recovery_codes WHERE org_id = ?", org.id().value())).isEmpty();
    }

    /// Every address of pages for users who are signed in, and of the API.
    private static List<Route> closed() {
        return roster.node().routes.all().stream().filter(route -> route.needs() != Needs.Simple.NOTHING
            && route.needs() != Needs.Simple.KEYS_IF_SENT && route.needs() != Needs.Simple.HEALTH
            && !route.template().contains("validate")).toList();
    }

    @Test
    void f1_the_first_factor_alone_opens_no_page_and_no_call() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        App.of(ada);
        var browser = halfIn(ada);
        assertThat(browser.session()).isNull();
        for (var route : closed()) {
            var path = route.template().replaceAll("\\{[a-z_]+}", ada.id());
            var answer = roster.send(route.method(), path, null, Map.of("Cookie",
                "roster_flow=" + browser.cookie("roster_flow").orElseThrow(), "Sec-Fetch-Site", "same-origin"));
            if (route.needs().isSession()) {
                assertThat(answer.header("Location").orElse("")).as(path).startsWith("/sign-in");
            } else {
                assertThat(answer.status()).as(path).isEqualTo(route.protocol().isPresent() ? 401 : 403);
            }
        }
        assertThat(sessions(org)).isZero();
    }

    @Test
    void f1_a_session_of_one_factor_is_confined_when_the_organisation_asks_for_two() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = user(org, "bob");
        var admin = SignedIn.in(ada);
        var leaving = SignedIn.in(ada);
        var standard = SignedIn.in(bob);
        require(org, "administrators");

        assertThat(standard.page("/me/security").status()).isEqualTo(200);
        assertThat(admin.page("/me/security").header("Location")).contains("/sign-in/enrol");
        for (var address : List.of(roster.address(), nodeB.address())) {
            assertThat(admin.callOn(address, "GET", "/api/v2/users", null).json().at("/errors").toString())
                .isEqualTo("[\"Forbidden\",\"Complete the second step of signing in to do this\"]");
            assertThat(standard.callOn(address, "GET", "/api/v2/current_user", null).status()).isEqualTo(200);
        }
        assertThat(ada.get("/api/v2/users").status()).as("keys are no session").isEqualTo(200);
        assertThat(leaving.page("/sign-out").status()).as("leaving needs no second step").isEqualTo(200);
        assertThat(leaving.form("/sign-out", Map.of()).header("Location")).contains("/sign-in/signed-out");
        assertThat(leaving.page("/sign-out").header("Location")).as("it has ended")
            .contains("/sign-in/signed-out");
        assertThat(admin.page("/sign-in/enrol").header("Location")).contains("/me/security/second-step");
        var page = admin.page("/me/security/second-step");
        assertThat(page.text()).contains("acme</strong> asks for a second step");
        var added = admin.form("/me/security/second-step",
            Map.of("secret", App.sealed(page), "code", App.reading(page).code()));
        assertThat(added.header("Location")).contains("/me/security/codes");
        assertThat(admin.page("/me/security").header("Location")).as("its token has ended").isPresent();

        var older = SignedIn.in(bob);
        App.of(bob);
        assertThat(older.page("/me/security").header("Location")).as("it began before the app was set up")
            .contains("/sign-in/again");
        assertThat(older.call("GET", "/api/v2/users", null).status()).isEqualTo(403);
    }

    @Test
    void f5_a_link_asks_for_the_factor_that_is_there() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var app = App.of(ada);
        var link = Links.path(org.write(
            tx -> roster.program().signIn.links.make(tx, ada.user(), Duration.ofMinutes(15))));
        var browser = new BrowserUser(roster);
        assertThat(browser.submit(link, link, Map.of()).header("Location")).contains(SECOND);
        assertThat(browser.isSignedIn()).isFalse();
        assertThat(new BrowserUser(roster).get(link).status()).as("it was used up").isEqualTo(410);
        assertThat(show(browser, app.code()).header("Location")).contains("/me/security");
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void r5_a_reset_by_link_leaves_the_factor_and_the_operators_removes_it() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        App.of(ada);
        require(org, "everyone");
        var secret = roster.sql("SELECT sealed, confirmed_at FROM totp_secrets WHERE org_id = ?", org.id().value());
        var link = Links.path(org.write(
            tx -> roster.program().signIn.links.make(tx, ada.user(), Duration.ofMinutes(15))));
        assertThat(new BrowserUser(roster).submit(link, link, Map.of()).header("Location")).contains(SECOND);
        assertThat(roster.sql("SELECT sealed, confirmed_at FROM totp_secrets WHERE org_id = ?", org.id().value()))
            .isEqualTo(secret);

        var resetting = Links.path(org.write(
            tx -> roster.program().signIn.links.make(tx, ada.user(), Duration.ofMinutes(15), true)));
        var browser = new BrowserUser(roster);
        assertThat(browser.get(resetting).status()).isEqualTo(200);
        assertThat(roster.sql("SELECT 1 FROM totp_secrets WHERE org_id = ?", org.id().value())).hasSize(1);
        assertThat(browser.submit(resetting, resetting, Map.of()).header("Location")).contains("/sign-in/enrol");
        assertThat(browser.isSignedIn()).isFalse();
        var page = browser.get("/sign-in/enrol");
        assertThat(page.text()).contains("acme</strong> asks for a second step. Set it up once.");
        assertThat(browser.submit("/sign-in/enrol", "/sign-in/enrol", Map.of("secret", App.sealed(page), "code",
            App.reading(page).code())).header("Location").orElseThrow()).startsWith("/me/security/codes");
        assertThat(codes(browser.get("/me/security/codes"))).hasSize(10);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(roster.sql("SELECT factors::text FROM sessions WHERE org_id = ?", org.id().value()))
            .containsExactly(List.of("{link,totp}"));
    }

    @Test
    void f6_a_flow_of_one_factor_neither_adds_nor_removes_one() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var enrolling = new BrowserUser(roster);
        require(org, "everyone");
        assertThat(enrolling.signIn(org, ada.email(), Inviting.PASSWORD).header("Location")).contains("/sign-in/enrol");
        var page = enrolling.get("/sign-in/enrol");
        var offered = Map.of("secret", App.sealed(page), "code", App.reading(page).code());
        var csrf = BrowserUser.csrf(page);

        var app = App.of(ada); // meanwhile
        var before = roster.sql("SELECT sealed FROM totp_secrets WHERE org_id = ?", org.id().value());
        assertThat(enrolling.post("/sign-in/enrol", csrf, offered, Map.of()).status()).isNotEqualTo(200);
        assertThat(enrolling.isSignedIn()).isFalse();
        assertThat(enrolling.get("/sign-in/enrol").header("Location")).contains("/sign-in");

        var half = halfIn(ada);
        for (var path : List.of("/me/security/second-step", "/me/security/second-step/remove", "/me/security/codes",
            "/me/security/password", "/sign-in/enrol")) {
            half.post(path, BrowserUser.csrf(half.get(SECOND)), offered, Map.of());
        }
        var older = SignedInBefore.in(ada, app);
        assertThat(older.form("/me/security/second-step", offered).header("Location")).contains("/sign-in/again");
        assertThat(older.form("/me/security/second-step/remove", Map.of()).header("Location"))
            .contains("/sign-in/again");
        assertThat(older.form("/sign-in/again", Map.of("by", "password", "password", Inviting.PASSWORD)).header(
            "Location").orElse("")).as("a password is not the factor that is missing").startsWith("/sign-in/again");
        assertThat(roster.sql("SELECT sealed FROM totp_secrets WHERE org_id = ?", org.id().value())).isEqualTo(before);
        assertThat(sessions(org)).isEqualTo(1);
        var again = older.form("/sign-in/again", Map.of("code", app.code()));
        assertThat(again.header("Location")).contains("/console/");
    }

    /// A session that began while its user had no second factor.
    private static final class SignedInBefore {
        static SignedIn in(TestUser user, App app) {
            roster.sql("UPDATE users SET second_factor = false WHERE org_id = ? AND id = ?",
                user.org().id().value(), user.user().id().value());
            require(user.org(), "off");
            var session = SignedIn.in(user);
            roster.sql("UPDATE users SET second_factor = true WHERE org_id = ? AND id = ?",
                user.org().id().value(), user.user().id().value());
            require(user.org(), "everyone");
            App.again(user);
            assertThat(app.code()).hasSize(6);
            return session;
        }
    }

    @Test
    void f6_a_secret_that_another_browser_was_shown_confirms_nothing() {
        var org = roster.newOrg("acme");
        var ada = SignedIn.in(user(org, "ada"));
        var bob = SignedIn.in(user(org, "bob"));
        var page = ada.page("/me/security/second-step");
        var answer = bob.form("/me/security/second-step",
            Map.of("secret", App.sealed(page), "code", App.reading(page).code()));
        assertThat(answer.header("Location")).contains("/me/security/second-step");
        assertThat(roster.sql("SELECT 1 FROM totp_secrets WHERE org_id = ?", org.id().value())).isEmpty();
    }

    @Test
    void s8_secrets_and_codes_are_readable_nowhere() {
        var org = roster.newOrg("acme");
        var ada = user(org, "ada");
        var session = SignedIn.in(ada);
        var page = session.page("/me/security/second-step");
        var text = page.text();
        var secret = text.substring(text.indexOf("<code>") + 6, text.indexOf("</code>")).replace(" ", "");
        session.form("/me/security/second-step", Map.of("secret", App.sealed(page), "code",
            App.reading(page).code()));
        var codes = org.<List<String>>write(tx -> roster.program().factor.codes.make(tx, ada.user()));
        var all = new StringBuilder();
        for (var table : List.of("totp_secrets", "recovery_codes", "sign_in_flows", "audit_entries", "sessions",
            "users")) {
            roster.sql("SELECT t::text FROM %s t".formatted(table)).forEach(row -> all.append(row).append('\n'));
        }
        assertThat(all.toString()).doesNotContain(secret).doesNotContain(codes.getFirst());
    }
}
