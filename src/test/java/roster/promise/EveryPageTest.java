package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.Node;
import roster.base.http.Route;
import roster.door.web.Mailbox;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What holds for every page of the route table: it answers only to our name, and its headers keep a browser from doing
/// anything else with it.
@Timeout(180)
class EveryPageTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Node secure;
    private static TestOrg org;
    private static TestUser ada;
    private static String session;

    @BeforeAll
    static void signIn() {
        secure = roster.anotherNode(Map.of("ROSTER_PUBLIC_URL", "https://roster.test"));
        org = roster.newOrg("acme");
        ada = org.newUser("ada@acme.test");
        session = SignedIn.in(ada).token();
    }

    @AfterAll
    static void stop() {
        secure.close();
    }

    private static boolean isPage(Route route) {
        return route.errorPages().isPresent() || route.template().matches("/docs|/mailbox/.*");
    }

    static Stream<Named<Route>> pages() {
        return roster.node().routes.all().stream().filter(EveryPageTest::isPage)
            .map(route -> Named.of(route.method() + " " + route.template(), route));
    }

    /// A path of the route; the page of an invitation is there, others lead to nothing.
    private static String path(Route route) {
        var template = route.template();
        if (template.startsWith("/mailbox")) {
            template = template.replace("{token}", Mailbox.token(roster.folder(), null));
        }
        return template.replaceAll("\\{[a-z_]+}", "0123456789ab");
    }

    /// An answer as it was sent: the status, and headers by their names in lower case.
    private record Sent(int status, Map<String, String> headers) {
        private String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private static Sent send(String server, Route route, String host, String more) {
        var address = URI.create(server);
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                .write("%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n"
                    .formatted(route.method(), path(route), host, more).getBytes(StandardCharsets.US_ASCII));
            var lines =
                new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\r\n\r\n", 2)[0]
                    .split("\r\n");
            var headers = new TreeMap<String, String>();
            List.of(lines).stream().skip(1).map(line -> line.split(": ", 2))
                .forEach(pair -> assertThat(headers.put(pair[0].toLowerCase(Locale.ROOT), pair[1]))
                    .as("%s is sent once", pair[0]).isNull());
            return new Sent(Integer.parseInt(lines[0].split(" ")[1]), headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void it_answers_only_to_our_name(Route route) {
        var before = org.version();
        for (var host : List.of("evil.test", "localhost.evil.test", "127.0.0.1.evil.test:80", "evil.test:443")) {
            for (var cookie : List.of("", "Cookie: roster_session=" + session + "\r\n")) {
                var sent = send(roster.address(), route, host, cookie);
                assertThat(sent.status()).as(host).isEqualTo(421);
                assertThat(sent.header("set-cookie")).isEmpty();
            }
        }
        for (var host : List.of("localhost", "127.0.0.1:80", "[::1]:1")) {
            assertThat(send(roster.address(), route, host, "").status()).as(host).isNotEqualTo(421);
        }
        if (!route.template().startsWith("/mailbox")) { // only on a local trial
            for (var host : List.of("localhost", "127.0.0.1", "roster.test.evil.test", "roster.test:444")) {
                assertThat(send(secure.address(), route, host, "").status()).as(host).isEqualTo(421);
            }
            assertThat(send(secure.address(), route, "ROSTER.test:443", "").status()).isNotEqualTo(421);
        }
        assertThat(org.version()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void its_headers_leave_a_browser_nothing_else_to_do(Route route) {
        for (var cookie : List.of("", "Cookie: roster_session=" + session + "\r\n")) {
            var sent = send(roster.address(), route, "localhost", cookie);
            if (!sent.header("content-type").startsWith("text/html") && sent.status() != 303) {
                assertThat(route.template()).as("an answer for programs")
                    .matches("/mailbox/.*|/sign-in/logout/.*|/console/.*\\.(csv|ndjson)");
                continue;
            }
            var policy = sent.header("content-security-policy");
            assertThat(policy).contains("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
            assertThat(sent.headers()).containsEntry("cross-origin-opener-policy", "same-origin")
                .containsEntry("cross-origin-resource-policy", "same-origin")
                .containsEntry("x-content-type-options", "nosniff").doesNotContainKey("strict-transport-security")
                .doesNotContainKey("access-control-allow-origin");
            // The description of the API is the same for all.
            assertThat(sent.header("cache-control"))
                .isEqualTo(route.template().equals("/docs") ? "no-cache" : "no-store");
            if (sent.status() == 200 && !route.template().equals("/docs")) {
                assertThat(sent.header("referrer-policy"))
                    .isEqualTo(route.template().contains("{token}") ? "no-referrer" : "same-origin");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void over_https_it_is_never_asked_for_over_http_again(Route route) {
        if (!route.template().startsWith("/mailbox")) {
            assertThat(send(secure.address(), route, "roster.test", "").headers())
                .containsEntry("strict-transport-security", "max-age=31536000");
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void a_part_of_it_that_is_asked_for_without_a_session_leads_to_signing_in(Route route) {
        if (!route.needs().isSession()) {
            return;
        }
        var sent = send(roster.address(), route, "localhost",
            "HX-Request: true\r\nHX-Current-URL: http://localhost/me/security?x=1\r\nSec-Fetch-Site: same-origin\r\n");
        assertThat(sent.status()).isEqualTo(403);
        assertThat(sent.header("hx-redirect")).isEqualTo("/sign-in?then=%2Fme%2Fsecurity");
    }
}
