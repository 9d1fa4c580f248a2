package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.base.html.Csrf;
import roster.base.html.SessionCookie;
import roster.base.html.Site;
import roster.base.net.PublicUrl;
import roster.model.LoginMethod;
import roster.model.Role;
import roster.support.BrowserUser;
import roster.support.HeldOrg;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Attacks on sessions, S1 to S9.
@Timeout(180)
class SessionAttackTest {
    private static final String SELF = "/api/v2/current_user";
    private static final String USERS = "/api/v2/users";

    /// A quick run; 10,000 by `-Droster.rounds=2000`.
    private static final int ROUNDS = Integer.getInteger("roster.rounds", 4);

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Node nodeB;

    @BeforeAll
    static void anotherNode() {
        nodeB = roster.anotherNode(Map.of());
    }

    @AfterAll
    static void stop() {
        nodeB.close();
    }

    private static int onB(SignedIn session, String path) {
        return session.callOn(nodeB.address(), "GET", path, null).status();
    }

    private static TestUser admin(TestOrg org, String name) {
        return org.newAdmin("%s@acme.test".formatted(name));
    }

    @Test
    void a_session_calls_the_api_as_its_user() {
        var ada = roster.newOrg("acme").founder();
        var session = SignedIn.in(ada);

        assertThat(session.call("GET", SELF, null).json().at("/data")).isEqualTo(ada.get(SELF).json().at("/data"));
        assertThat(onB(session, USERS)).isEqualTo(200);
        var created = session.call("POST", USERS, """
            {"data":{"type":"users","attributes":{"email":"bob@acme.test"}}}""");
        assertThat(created.status()).isEqualTo(201);
        assertThat(roster.sql("SELECT actor_kind, actor_id, session_id FROM audit_entries "
            + "WHERE org_id = ? AND action = 'user.created' AND subject_name = 'bob@acme.test'",
            ada.org().id().value())).containsExactly(List.of("USER", ada.user().id().value(), session.session()));
        assertThat(roster.program().audit().trail.verify(ada.org().id(), Optional.empty()).faults()).isEmpty();
    }

    /// What cuts a session off.
    private record Cut(String name, BiConsumer<TestUser, TestUser> cut) {}

    private static final List<Cut> CUTS = List.of(
        new Cut("disable", (ada, bob) -> ada.delete("/api/v2/users/" + bob.id())),
        new Cut("role lost", (ada, bob) -> ada.delete("/api/v2/roles/%s/users".formatted(
            ada.org().managed(Role.Managed.ADMIN)), """
                {"data":{"type":"users","id":"%s"}}""".formatted(bob.id()))),
        new Cut("organisation disabled", (ada, bob) -> ada.org().write(
            tx -> roster.program().org.orgs.setDisabled(tx, true))),
        new Cut("allowlist", (ada, bob) -> { // by SQL, as the caller would lock themselves out
            roster.sql("INSERT INTO ip_allowlists (org_id, enabled, version) VALUES (?, true, 1) "
                + "ON CONFLICT (org_id) DO UPDATE SET enabled = true", ada.org().id().value());
            roster.sql("SELECT roster_touch(?, 'allowlist')", ada.org().id().value());
        }),
        new Cut("anonymised", (ada, bob) -> ada.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(bob.id()))));

    @Test
    @Timeout(1800) // of which 10,000 rounds take several minutes
    void s2_what_ends_on_one_node_is_refused_by_the_next_request_on_the_other() {
        for (int round = 0; round < ROUNDS; round++) {
            for (var cut : CUTS) {
                var org = roster.newOrg("acme");
                var ada = org.founder();
                var bob = admin(org, "bob");
                var session = SignedIn.in(bob);
                assertThat(onB(session, "/api/v2/api_keys")).as(cut.name()).isEqualTo(200);

                cut.cut().accept(ada, bob);

                assertThat(onB(session, "/api/v2/api_keys")).as(cut.name()).isEqualTo(403);
            }
        }
    }

    @Test
    void s2_a_method_that_is_allowed_no_longer_ends_its_sessions_for_good() {
        var org = roster.newOrg("acme");
        var bob = admin(org, "bob");
        var session = SignedIn.in(bob);
        roster.sql("UPDATE sessions SET method = 'standard' WHERE org_id = ?", org.id().value());
        assertThat(onB(session, SELF)).isEqualTo(200);

        org.write(tx -> roster.program().saml.identityProviders.setEnabled(tx, LoginMethod.STANDARD, false));
        assertThat(onB(session, SELF)).isEqualTo(403);
        org.write(tx -> roster.program().saml.identityProviders.setEnabled(tx, LoginMethod.STANDARD, true));
        assertThat(onB(session, SELF)).isEqualTo(403);

        var another = SignedIn.in(bob);
        roster.sql("UPDATE sessions SET method = 'standard' WHERE org_id = ? AND id = ?", org.id().value(),
            another.session());
        assertThat(org.founder()
            .patch("/api/v2/users/%s/relationships/identity_providers".formatted(bob.id()),
                """
            {"data":[{"type":"identity_providers","id":"%s"}]}"""
                    .formatted(LoginMethod.GOOGLE_OIDC.id(org.id()).value()))
            .status()).isEqualTo(204);
        assertThat(onB(another, SELF)).isEqualTo(403);
        assertThat(roster.sqlValue("SELECT ended_why FROM sessions WHERE org_id = ? AND id = ?", org.id().value(),
            another.session())).isEqualTo("method_disabled");
    }

    @Test
    void s3_a_write_let_in_before_the_cut_is_refused_under_the_lock() throws Exception {
        var org = roster.newOrg("acme");
        var bob = admin(org, "bob");
        var session = SignedIn.in(bob);
        assertThat(session.call("GET", SELF, null).status()).isEqualTo(200);
        try (var held = new HeldOrg(org); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var cut = threads.submit(() -> org.founder().delete("/api/v2/users/" + bob.id()));
            held.awaitWaiting(1, cut);
            var write = threads.submit(() -> session.call("POST", USERS, """
                {"data":{"type":"users","attributes":{"email":"late@acme.test"}}}"""));
            held.awaitWaiting(2, write);
            held.release();

            if (cut.get().status() == 204) {
                assertThat(write.get().status()).isEqualTo(403);
            }
        }
    }

    @Test
    void s5_a_session_that_ended_is_refused_everywhere_and_leaves_no_pointer() {
        var org = roster.newOrg("acme");
        var bob = admin(org, "bob");
        var session = SignedIn.in(bob);
        assertThat(onB(session, SELF)).isEqualTo(200);

        org.write(tx -> roster.program().session.sessions.endAll(tx, bob.user().id(), Optional.empty(), "test"));

        assertThat(session.call("GET", SELF, null).errors()).containsExactly("Forbidden");
        assertThat(onB(session, SELF)).isEqualTo(403);
        assertThat(roster.sql("SELECT 1 FROM key_pointers WHERE org_id = ? AND kind = 'session'", org.id().value()))
            .isEmpty();
    }

    @Test
    void s6_what_is_not_to_the_letter_a_token_in_its_cookie_is_none() {
        var session = SignedIn.in(roster.newOrg("acme").founder());
        var token = session.token();
        var name = SessionCookie.NAME + "=";
        var values = new LinkedHashMap<String, Integer>();
        for (var cookie : List.of(name + token.substring(0, 46), name + token + "A", name + token + ".",
            name + token + "; " + name + token, name + "\"" + token + "\"", name + "rst_" + "x".repeat(8000),
            name + token.toUpperCase(Locale.ROOT), "other=" + token, name + "rst_founder@acme.test",
            name + String.join(".", Collections.nCopies(6, token)))) {
            values.put(cookie, roster.send("GET", SELF, null, Map.of("Cookie", cookie, Csrf.HEADER, session.csrf()))
                .status());
        }
        assertThat(values.values()).allMatch(status -> status == 403 || status == 431);
        for (var headers : List.of(Map.of("DD-API-KEY", token), Map.of("Authorization", "Bearer " + token),
            Map.of("DD-API-KEY", session.org().apiKey(), "DD-APPLICATION-KEY", token))) {
            assertThat(roster.send("GET", SELF, null, headers).status()).isEqualTo(403);
        }
        assertThat(roster.send("GET", SELF + "?session=" + token, null).status()).isEqualTo(403);
        assertThat(session.call("GET", SELF, null).status()).as("the token itself").isEqualTo(200);
    }

    @Test
    void s7_idle_and_absolute_ends_hold_on_both_nodes_and_shortened_settings_at_once() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var idle = SignedIn.in(ada);
        var old = SignedIn.in(ada);
        var good = SignedIn.in(ada);
        roster.sql("UPDATE sessions SET method = 'standard', ends_at = NULL WHERE org_id = ?", org.id().value());
        age(org, idle, "last_seen_at", "61 minutes");
        age(org, old, "created_at", "25 hours");
        age(org, good, "created_at", "50 minutes");
        age(org, good, "last_seen_at", "50 minutes");

        for (var ended : List.of(idle, old)) {
            assertThat(onB(ended, SELF)).isEqualTo(403);
            assertThat(ended.call("GET", SELF, null).status()).isEqualTo(403);
        }
        assertThat(onB(good, SELF)).isEqualTo(200);
        assertThat((Boolean) roster.sqlValue(
            "SELECT last_seen_at > clock_timestamp() - interval '1 minute' FROM sessions WHERE org_id = ? AND id = ?",
            org.id().value(), good.session())).as("a use is known to all nodes at once").isTrue();

        assertThat(ada.patch("/api/v2/org_configs/roster_session_idle", """
            {"data":{"type":"org_configs","attributes":{"value":299}}}""").status()).isEqualTo(400);
        assertThat(ada.send("PUT", "/api/v2/login/org_configs/max_session_duration", """
            {"data":{"type":"max_session_duration","attributes":{"max_session_duration":1800}}}""").status())
            .isEqualTo(204);
        assertThat(onB(good, SELF)).isEqualTo(403);
    }

    private static void age(TestOrg org, SignedIn session, String column, String by) {
        roster.sql("UPDATE sessions SET %s = %1$s - interval '%s' WHERE org_id = ? AND id = ?".formatted(column, by),
            org.id().value(), session.session());
    }

    @Test
    void s1_a_token_that_was_there_before_is_another_afterwards() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-s1@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var planted = SignedIn.in(ada);
        var foreign = SignedIn.in(org.newUser("mallory@acme.test"));
        for (var token : List.of("rst_" + "A".repeat(43), foreign.token(), planted.token())) {
            var browser = new BrowserUser(roster);
            browser.put(SessionCookie.NAME, token);
            assertThat(browser.signIn(org, ada.email(), Inviting.PASSWORD).status()).isEqualTo(303);
            assertThat(browser.session()).isNotEqualTo(token).doesNotContain(token);
            assertThat(browser.isSignedIn()).isTrue();
        }
        assertThat(planted.call("GET", SELF, null).status()).as("the user's own was replaced").isEqualTo(403);
    }

    @Test
    void s4_a_changed_password_ends_all_other_sessions() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-s4@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var stolen = SignedIn.in(ada);
        var browser = new BrowserUser(roster);
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        var before = browser.session();
        var other = "Zk3vTq8sPb5nWd1y";

        assertThat(browser.submit("/me/security", "/me/security/password",
            Map.of("current", "Zk3vTq8sPb5nWd1x", "password", other)).status()).isEqualTo(422);
        assertThat(browser.submit("/me/security", "/me/security/password",
            Map.of("current", Inviting.PASSWORD, "password", "short")).text()).contains("too short");
        assertThat(onB(stolen, SELF)).isEqualTo(200);
        var changed = browser.submit("/me/security", "/me/security/password",
            Map.of("current", Inviting.PASSWORD, "password", other));
        assertThat(changed.status()).isEqualTo(303);
        assertThat(browser.get(changed.header("Location").orElseThrow()).text()).contains("Your password is set.");

        assertThat(onB(stolen, SELF)).isEqualTo(403);
        assertThat(browser.isSignedIn()).isTrue();
        assertThat(browser.session()).isNotEqualTo(before);
        var old = new BrowserUser(roster);
        old.put(SessionCookie.NAME, before);
        assertThat(old.isSignedIn()).as("the token before").isFalse();
        assertThat(new BrowserUser(roster).signIn(org, ada.email(), Inviting.PASSWORD).status()).isEqualTo(422);
        assertThat(new BrowserUser(roster).signIn(org, ada.email(), other).status()).isEqualTo(303);
    }

    @Test
    void s5_after_signing_out_the_old_cookie_is_of_no_use() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-s5@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        browser.signIn(org, ada.email(), Inviting.PASSWORD);
        var cookie = browser.session();

        assertThat(browser.submit("/sign-out", "/sign-out", Map.of()).header("Location"))
            .contains("/sign-in/signed-out");
        assertThat(browser.get("/sign-in/signed-out").text()).contains("You are signed out.");
        assertThat(browser.session()).isNull();
        browser.put(SessionCookie.NAME, cookie);
        assertThat(browser.isSignedIn()).isFalse();
        assertThat(browser.at(nodeB.address()).isSignedIn()).isFalse();
    }

    @Test
    void s8_no_token_and_no_password_is_found_in_the_database_or_an_answer() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada-s8@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var browser = new BrowserUser(roster);
        var answers = List.of(browser.signIn(org, ada.email(), "Zk3vTq8sPb5nWd1y"),
            browser.get("/me/security"), browser.get("/sign-out"));
        assertThat(browser.signIn(org, ada.email(), Inviting.PASSWORD).status()).isEqualTo(303);
        var token = browser.session();
        var shown = List.of(browser.get("/me/security"), browser.get("/sign-out"),
            org.founder().get("/api/v2/roster/users/%s/sessions".formatted(ada.id())),
            org.founder().get("/api/v2/audit/events"));
        var rows = roster.sql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'").stream()
            .flatMap(table -> roster.sql("SELECT t::text FROM %s t".formatted(table.getFirst())).stream())
            .map(row -> row.getFirst().toString()).toList();
        for (var secret : List.of(token, token.substring(4), "Zk3vTq8sPb5nWd1y", Inviting.PASSWORD,
            browser.device())) {
            assertThat(rows).noneMatch(row -> row.contains(secret));
            assertThat(answers).noneMatch(answer -> answer.text().contains(secret));
            assertThat(shown).noneMatch(answer -> answer.text().contains(secret));
        }
        for (var table : List.of("sign_in_pointers", "guesses", "sign_in_flows", "link_pointers")) {
            assertThat(roster.sql("SELECT t::text FROM %s t".formatted(table)).stream()
                .map(row -> row.getFirst().toString())).as(table).noneMatch(row -> row.contains("@"));
        }
    }

    @Test
    void s9_another_name_of_the_host_is_misdirected_and_gets_no_cookie() throws Exception {
        for (var host : List.of("evil.test", "127.0.0.1.evil.test", "localhost.evil.test:80", "")) {
            for (var path : List.of("/sign-in", "/me/security", "/sign-out", "/sign-in/once/x", "/sign-in/choose")) {
                var answer = raw(host, path);
                assertThat(answer).as(host + path).startsWith("HTTP/1.1 421").doesNotContain("Set-Cookie");
            }
        }
    }

    private static String raw(String host, String path) throws IOException {
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                .formatted(path, host).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void s9_over_http_elsewhere_nobody_signs_in_and_over_https_cookies_have_the_prefix() {
        for (var url : List.of("http://roster.test", "https://roster.test")) {
            var site = new Site(new PublicUrl(Optional.of(URI.create(url))));
            assertThat(site.canSignIn()).isEqualTo(url.startsWith("https"));
        }
        var site = new Site(new PublicUrl(Optional.of(URI.create("https://roster.test"))));
        assertThat(site.setting(SessionCookie.NAME, "x", Optional.empty()).value())
            .isEqualTo("__Host-roster_session=x; Path=/; HttpOnly; SameSite=Lax; Secure");
        assertThat(new Site(new PublicUrl(Optional.of(URI.create("http://localhost:8080")))).canSignIn()).isTrue();
    }
}
