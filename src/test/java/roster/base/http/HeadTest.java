package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;

/// Request lines and headers that are refused before anybody sees them.
class HeadTest {
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final AtomicInteger seen = new AtomicInteger();
    private static WebServer server;

    @BeforeAll
    static void start() {
        server = WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(), request -> {
            seen.incrementAndGet();
            return Response.text(200, request.method());
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /// Sends it with another request right behind, which must not be answered.
    private static void assertRefused(String request, int status, String text) throws IOException {
        var before = seen.get();
        try (var raw = Raw.to(server)) {
            var answer = raw.send(request + NEXT).answer();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo("{\"errors\":[\"%s\"]}".formatted(text));
            assertThat(answer.header("Content-Type")).contains("application/json");
            assertThat(answer.header("Connection")).contains("close");
            assertThat(answer.header("X-Request-Id").orElseThrow()).hasSize(36);
            assertThat(raw.ends()).isTrue();
        }
        assertThat(seen).hasValue(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 0",
        "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\ncontent-length: 6", "Content-Length: 5, 5",
        "Content-Length: +5", "Content-Length: -5", "Content-Length: 0x5", "Content-Length: 5 5", "Content-Length:",
        "Content-Length: 9999999999999999999", "Content-Length: 5\r\n ", "Content-Length : 5", " Content-Length: 5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Transfer-Encoding : chunked",
        "Transfer-Encoding:\r\n chunked",
        "X: a\r\n b", "X: a\r\n\tb: c", "X: a\nY: b", "X: a\rY: b", "X: a\u0000b", "X: \u0001", "X\u0000: a", "X Y: a",
        "X", ": a", "(X): a", "X\u00e9: a", "Host: b", "Host: a/b", "X: a\r\n\n"})
    void ambiguous_or_broken_headers(String headers) throws IOException {
        assertRefused("POST / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n", 400, "Bad Request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip, chunked", "chunked, gzip", "identity", "xchunked", "chunked, chunked", "chunked;a=b",
        "\u000bchunked"})
    void codings_other_than_chunked(String coding) throws IOException {
        assertRefused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: " + coding + "\r\n\r\n",
            coding.startsWith("\u000b") ? 400 : 501, coding.startsWith("\u000b") ? "Bad Request" : "Not Implemented");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\n", "GET\t/ HTTP/1.1\r\nHost: a\r\n", "GET /\tHTTP/1.1\r\nHost: a\r\n",
        "GET /\r\nHost: a\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n",
        "GET / HTTP/1.1 \r\nHost: a\r\n",
        "GET / http/1.1\r\nHost: a\r\n", "GET / HTTP/11\r\nHost: a\r\n", "GET / HTTP/1.10\r\nHost: a\r\n",
        "GET / HTTP/1.x\r\nHost: a\r\n", "GET / HTTP/1.\r\nHost: a\r\n", "GET / HTTP/\r\nHost: a\r\n",
        "\nGET / HTTP/1.1\r\nHost: a\r\n", "\r\rGET / HTTP/1.1\r\nHost: a\r\n",
        "GET / HTTP/1.1\nHost: a\n", "GET / HTTP/1.1\rHost: a\r\n",
        "\u0016\u0003\u0001\u0002\r\n", "/\r\n", " \r\n"})
    void broken_request_lines(String head) throws IOException {
        assertRefused(head + "\r\n", 400, "Bad Request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n", "GET / HTTP/2.0\r\nHost: a\r\n", "GET / HTTP/0.9\r\nHost: a\r\n",
        "GET / HTTP/3.1\r\nHost: a\r\n"})
    void other_versions_of_the_protocol(String head) throws IOException {
        assertRefused(head + "\r\n", 505, "HTTP Version Not Supported");
    }

    /// RFC 9112, 2.3: whatever differs between minor versions can be ignored.
    @Test
    void a_newer_minor_version_is_answered_like_our_own() throws IOException {
        try (var raw = Raw.to(server)) {
            for (var i = 0; i < 2; i++) {
                var answer = raw.send("GET / HTTP/1.%d\r\nHost: a\r\n\r\n".formatted(2 + i * 7)).answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Connection")).isEmpty();
            }
        }
        assertThat(Raw.ask(server, "GET / HTTP/1.2\r\n\r\n").status()).isEqualTo(400);
    }

    /// RFC 9110, 9.3.6: what follows would be for another server.
    @ParameterizedTest
    @ValueSource(strings = {"evil.test:443", "/", "http://evil.test/", "*"})
    void nothing_is_read_behind_a_request_for_a_tunnel(String target) throws IOException {
        var before = seen.get();
        try (var raw = Raw.to(server)) {
            var answer = raw.send("CONNECT " + target + " HTTP/1.1\r\nHost: evil.test\r\n\r\n" + NEXT).answer();
            assertThat(answer.header("Connection")).contains("close");
            assertThat(raw.ends()).isTrue();
        }
        assertThat(seen.get() - before).isLessThanOrEqualTo(1);
    }

    /// RFC 9110, 9.3.7: a ping. For another method it is no target.
    @Test
    void the_server_as_a_whole_can_be_asked_for_its_options() throws IOException {
        assertThat(Raw.ask(server, "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").body()).isEqualTo("OPTIONS");
        assertThat(Raw.ask(server, "OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n").body()).isEqualTo("OPTIONS");
        for (var method : new String[] {"GET", "POST", "options"}) {
            assertThat(Raw.ask(server, method + " * HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(400);
        }
    }

    /// RFC 9112, 2.2: some clients send one behind a body.
    @Test
    void empty_lines_before_a_request_are_skipped() throws IOException {
        try (var raw = Raw.to(server)) {
            assertThat(raw.send("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(200);
            assertThat(raw.send("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n").answer().status()).isEqualTo(200);
            assertThat(raw.send("\r").send("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(200);
        }
    }

    /// Without a body that could be told apart from the next request.
    @Test
    void an_old_version_with_a_coding_that_it_does_not_know() throws IOException {
        assertRefused("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "Bad Request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"200-ok", "100-continue, 100-continue", ""})
    void an_expectation_that_is_not_known(String expected) throws IOException {
        assertRefused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: " + expected + "\r\n\r\n", 417,
            "Expectation Failed");
    }

    @Test
    void two_expectations() throws IOException {
        assertRefused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nExpect: 100-continue\r\nExpect: x\r\n\r\n",
            417,
            "Expectation Failed");
    }

    @Test
    void what_is_not_http_is_refused_at_once() throws IOException {
        assertThat(Raw.ask(server, "\u0016\u0003\u0001\u0002").status()).isEqualTo(400);
    }

    @Test
    void a_request_line_that_is_too_long() throws IOException {
        assertRefused("GET /" + "a".repeat(8 << 10) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414, "URI Too Long");
    }

    @Test
    void headers_that_are_too_large_together_or_one_alone() throws IOException {
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(100 << 10) + "\r\n\r\n", 431,
            "Request Header Fields Too Large");
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\n" + "X: %s\r\n".formatted("a".repeat(90)).repeat(1000) + "\r\n",
            431,
            "Request Header Fields Too Large");
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\n" + "a".repeat(100 << 10) + "\r\n\r\n", 431,
            "Request Header Fields Too Large");
    }

    @Test
    void a_client_in_the_middle_of_sending_still_hears_why() throws IOException {
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(8_000_000) + "\r\n\r\n", 431,
            "Request Header Fields Too Large");
    }

    @Test
    void headers_that_are_too_many() throws IOException {
        var many = new StringBuilder();
        for (var i = 0; i < 120; i++) {
            many.append("X-").append(i).append(": a\r\n");
        }
        assertRefused("GET / HTTP/1.1\r\nHost: a\r\n" + many + "\r\n", 431, "Request Header Fields Too Large");
    }

    /// RFC 9110, 9.1: any token, in upper or lower case.
    @ParameterizedTest
    @ValueSource(strings = {"get", "VERSION-CONTROL", "_", "_GET", "G_T", "M1", "1", "!#$%&'*+-.^_`|~"})
    void a_method_is_a_token(String method) throws IOException {
        assertThat(Raw.ask(server, method + " / HTTP/1.1\r\nHost: a\r\n\r\n").body()).isEqualTo(method);
    }

    @ParameterizedTest
    @ValueSource(strings = {"G\u0000T", "G\u00e9T", "\u00e9", "G(T", "G/T", "\"GET\"", "G@T", "{GET}", "G\u007fT"})
    void other_methods_are_none(String method) throws IOException {
        assertRefused(method + " / HTTP/1.1\r\nHost: a\r\n\r\n", 400, "Bad Request");
    }

    @Test
    void large_but_fair_heads_pass() throws IOException {
        var request = "GET /" + "a".repeat(7 << 10) + " HTTP/1.1\r\nHost: a\r\nX: " + "b".repeat(8 << 10) + "\r\n\r\n";
        assertThat(Raw.ask(server, request).status()).isEqualTo(200);
    }
}
