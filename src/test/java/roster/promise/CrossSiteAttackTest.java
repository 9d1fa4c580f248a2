package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.html.Csrf;
import roster.base.http.Needs;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// Attacks from other sites, C1 to C4.
@Timeout(180)
class CrossSiteAttackTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static List<String> posts(Predicate<Needs> needs, String start) {
        return roster.node().routes.all().stream()
            .filter(route -> route.method().equals("POST") && needs.test(route.needs())
                && route.template().startsWith(start))
            .map(route -> route.template()).toList();
    }

    private static Answer post(String path, String cookie, String csrf, Map<String, String> more) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", Inviting.FORM);
        headers.put("Cookie", cookie);
        headers.putAll(more);
        return roster.send("POST", path.replaceAll("\\{[a-z_]+}", "00000000-0000-7000-8000-000000000000"),
            SignedIn.encoded(Map.of(Csrf.FIELD, csrf, "password", Inviting.PASSWORD)), headers);
    }

    @Test
    void c1_each_form_is_refused_from_elsewhere_and_with_anothers_token() {
        var org = roster.newOrg("acme");
        var session = SignedIn.in(org.founder());
        var another = SignedIn.in(org.newAdmin("bob@acme.test"));
        var before = org.version();
        var own = posts(Needs::isSession, "/");
        assertThat(own).hasSizeGreaterThanOrEqualTo(4);
        var cookie = session.cookie().get("Cookie");
        for (var path : own) {
            for (var headers : List.of(Map.of("Sec-Fetch-Site", "cross-site"), Map.of("Sec-Fetch-Site", "same-site"),
                Map.of("Sec-Fetch-Site", "none"), Map.<String, String>of(), Map.of("Origin", "https://evil.test"),
                Map.of("Origin", "null"), Map.of("Origin", roster.address() + ".evil.test"))) {
                assertThat(post(path, cookie, session.csrf(), headers).status()).as(path + headers).isEqualTo(403);
            }
            for (var csrf : List.of(another.csrf(), "", session.csrf().substring(1))) {
                assertThat(post(path, cookie, csrf, Map.of("Sec-Fetch-Site", "same-origin")).status()).as(path)
                    .isEqualTo(403);
            }
            if (roster.node().routes.all().stream()
                .noneMatch(route -> route.method().equals("GET") && route.template().equals(path))) {
                assertThat(roster.send("GET", path.replaceAll("\\{[a-z_]+}", "x"), null, session.cookie()).status())
                    .as("GET " + path).isEqualTo(405);
            }
        }
        assertThat(org.version()).isEqualTo(before);
        assertThat(session.form("/me/security/sign-out-everywhere", Map.of()).status()).isEqualTo(303);
    }

    @Test
    void c2_a_sign_in_form_that_the_browser_was_not_shown_signs_nobody_in() {
        var org = roster.newOrg("acme");
        var mallory = org.newUser("mallory@acme.test");
        BrowserUser.setPassword(mallory, Inviting.PASSWORD);
        var attacker = new BrowserUser(roster);
        var page = BrowserUser.page(org);
        var csrf = BrowserUser.csrf(attacker.get(page));
        var victim = new BrowserUser(roster);
        victim.get(page);
        var fields = Map.of("address", "mallory@acme.test", "password", Inviting.PASSWORD);

        for (var path : List.of(page, "/sign-in", "/sign-in/choose")) {
            assertThat(victim.post(path, csrf, fields, Map.of()).status()).isEqualTo(403);
            assertThat(victim.post(path, csrf, fields, Map.of("Sec-Fetch-Site", "cross-site")).status())
                .isEqualTo(403);
        }
        assertThat(attacker.post(page, csrf, fields, Map.of("Sec-Fetch-Site", "same-site")).status()).isEqualTo(403);
        assertThat(victim.session()).isNull();
        assertThat(attacker.post(page, csrf, fields, Map.of()).status()).isEqualTo(303);
    }

    @Test
    void c3_no_route_of_the_api_answers_to_the_cookie_alone() {
        var org = roster.newOrg("acme");
        var session = SignedIn.in(org.founder());
        var another = SignedIn.in(org.founder());
        var before = org.version();
        var routes = roster.node().routes.all().stream()
            .filter(route -> route.needs() == Needs.Simple.KEYS || route.needs() instanceof Needs.OneOf
                || route.needs() == Needs.Simple.API_KEY || route.needs() instanceof Needs.AllOf)
            .toList();
        assertThat(routes).hasSizeGreaterThan(80);
        for (var route : routes) {
            var path = route.template().replaceAll("\\{[a-z_]+}", "00000000-0000-7000-8000-000000000000");
            var ways = new ArrayList<Map<String, String>>();
            ways.add(session.cookie());
            ways.add(Map.of("Cookie", session.cookie().get("Cookie"), Csrf.HEADER, another.csrf(), "Sec-Fetch-Site",
                "same-origin"));
            if (!route.method().equals("GET")) {
                ways.add(Map.of("Cookie", session.cookie().get("Cookie"), Csrf.HEADER, session.csrf(),
                    "Sec-Fetch-Site", "cross-site"));
            }
            if (path.contains("/validate")) {
                ways.add(Map.of("Cookie", session.cookie().get("Cookie"), Csrf.HEADER, session.csrf(),
                    "Sec-Fetch-Site", "same-origin"));
            }
            for (var headers : ways) {
                var answer = roster.send(route.method(), path, route.method().equals("GET") ? null : "{}", headers);
                if (route.protocol().isPresent()) {
                    assertThat(answer.status()).as(route.method() + " " + path + headers.keySet()).isEqualTo(401);
                    continue;
                }
                assertThat(answer.status()).as(route.method() + " " + path + headers.keySet()).isEqualTo(403);
                assertThat(answer.errors()).containsExactly("API key required");
            }
        }
        assertThat(org.version()).isEqualTo(before);
        assertThat(session.call("GET", "/api/v2/current_user", null).status()).isEqualTo(200);
    }

    @Test
    void c3_keys_win_over_the_cookie() {
        var org = roster.newOrg("acme");
        var session = SignedIn.in(org.founder());
        var headers = new LinkedHashMap<>(session.cookie());
        headers.put(Csrf.HEADER, session.csrf());
        headers.put("DD-API-KEY", "0".repeat(32));
        assertThat(roster.send("GET", "/api/v2/current_user", null, headers).status()).isEqualTo(403);
    }

    @Test
    void c4_pages_cannot_be_framed_and_show_names_as_text() {
        var org = roster.newOrg("acme");
        org.write(tx -> roster.program().org.orgs.update(tx, Optional.of("<script>alert(1)</script>"),
            Optional.empty()));
        var ada = org.founder();
        var session = SignedIn.in(ada);
        roster.sql("UPDATE sessions SET browser = '<img src=x> Firefox/1 Linux', address = '<b>' WHERE org_id = ?",
            org.id().value());
        var browser = new BrowserUser(roster);
        var page = BrowserUser.page(org);
        for (var answer : List.of(session.page("/me/security"), session.page("/sign-out"), browser.get(page),
            browser.get("/sign-in?all=true&then=%22%3E%3Cscript%3E"), browser.get("/sign-in/signed-out"),
            browser.get("/sign-in/once/x"),
            browser.submit(page, page, Map.of("address", "\"><script>x</script>", "password", "x")))) {
            assertThat(answer.text()).doesNotContain("<script", "<img", "<b>");
            assertThat(answer.header("Content-Security-Policy").orElseThrow())
                .contains("frame-ancestors 'none'", "default-src 'none'").doesNotContain("unsafe");
            assertThat(answer.header("Cross-Origin-Opener-Policy")).contains("same-origin");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).contains("same-origin");
            assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.header("Cache-Control")).contains("no-store");
            assertThat(answer.headers().keySet())
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"));
        }
    }

    @Test
    void o10_where_to_go_on_is_a_path_of_ours() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        BrowserUser.setPassword(ada, Inviting.PASSWORD);
        var targets = new LinkedHashMap<String, String>();
        targets.put("//evil.test", "/console/");
        targets.put("/\\evil.test", "/console/");
        targets.put("javascript:alert(1)", "/console/");
        targets.put("/a\r\nSet-Cookie: x=y", "/console/");
        targets.put("https://evil.test/", "/console/");
        targets.put("/" + "a".repeat(600), "/console/");
        targets.put("/docs?x=1", "/docs?x=1");
        targets.forEach((asked, led) -> {
            var browser = new BrowserUser(roster);
            var page = BrowserUser.page(org);
            var answer = browser.submit(page, page,
                Map.of("address", "ada@acme.test", "password", Inviting.PASSWORD, "then", asked));
            assertThat(answer.header("Location")).as(asked).contains(led);
        });
    }
}
