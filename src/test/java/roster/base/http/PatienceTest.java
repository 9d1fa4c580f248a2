package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.support.Await;

/// How long the server waits for a client, in each part of a request: in total, however often a byte arrives.
class PatienceTest {
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String BODY = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";

    private static WebServer server(Limits limits) {
        return WebServer.start("127.0.0.1", 0, limits, TrustedProxies.NONE, new Ids(),
            request -> Response.ok("text/plain", request.body()));
    }

    private static Limits limits(Duration head, Duration body, Duration idle, Duration write) {
        return Limits.STANDARD.withTimes(head, body, idle, write, SHORT);
    }

    private static void assertTimedOut(Raw raw) throws IOException {
        var answer = raw.answer();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.body()).isEqualTo("{\"errors\":[\"Request Timeout\"]}");
        assertThat(answer.header("X-Request-Id")).isPresent();
        assertThat(raw.ends()).isTrue();
    }

    @Test
    void a_head_that_stops() throws IOException {
        try (var server = server(limits(SHORT, LONG, LONG, LONG))) {
            for (var start : new String[] {"G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r"}) {
                try (var raw = Raw.to(server)) {
                    assertTimedOut(raw.send(start));
                }
            }
        }
    }

    @Test
    void a_head_that_drips() throws IOException {
        try (var server = server(limits(SHORT, LONG, LONG, LONG)); var raw = Raw.to(server)) {
            assertThat(raw.drip("GET / HTTP/1.1\r\nX: " + "a".repeat(1000), 10)).isTrue();
            assertTimedOut(raw);
        }
    }

    @Test
    void a_head_that_begins_behind_another_request_and_stops() throws IOException {
        try (var server = server(limits(SHORT, LONG, LONG, LONG)); var raw = Raw.to(server)) {
            assertThat(raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGE").answer().status()).isEqualTo(200);
            assertTimedOut(raw);
        }
    }

    @Test
    void a_body_that_stops() throws IOException {
        try (var server = server(limits(LONG, SHORT, LONG, LONG)); var raw = Raw.to(server)) {
            assertTimedOut(raw.send(BODY + "abc"));
        }
    }

    @Test
    void a_body_that_drips() throws IOException {
        try (var server = server(limits(LONG, SHORT, LONG, LONG))) {
            try (var raw = Raw.to(server)) {
                assertThat(raw.send(BODY).drip("a".repeat(999), 10)).isTrue();
                assertTimedOut(raw);
            }
            try (var raw = Raw.to(server)) {
                raw.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                assertThat(raw.drip("1\r\na\r\n".repeat(200), 10)).isTrue();
                assertTimedOut(raw);
            }
        }
    }

    @Test
    void a_connection_that_does_nothing() throws IOException {
        try (var server = server(limits(LONG, LONG, SHORT, LONG))) {
            try (var raw = Raw.to(server)) {
                assertThat(raw.ends()).isTrue();
            }
            try (var raw = Raw.to(server)) {
                assertThat(raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(200);
                assertThat(raw.ends()).isTrue();
            }
        }
    }

    @Test
    void a_client_that_does_not_take_its_answer() throws IOException {
        try (
            var server =
                WebServer.start("127.0.0.1", 0, limits(LONG, LONG, LONG, SHORT), TrustedProxies.NONE, new Ids(),
                    request -> Response.ok("text/plain", new byte[64 << 20]));
            var raw = Raw.to(server)) {
            assertThat(raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answerWithoutBody().status()).isEqualTo(200);

            Await.until("it gave up", () -> server.connections() == 0);
        }
    }

    @Test
    void a_refused_body_without_end() throws IOException {
        try (var server = server(limits(LONG, LONG, LONG, LONG)); var raw = Raw.to(server)) {
            assertThat(raw.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n").answer().status())
                .isEqualTo(413);
            assertThat(raw.drip("a".repeat(1000), 10)).isTrue();
        }
    }

    @Test
    void an_unread_body_that_never_comes_does_not_delay_the_answer() throws IOException {
        try (
            var server =
                WebServer.start("127.0.0.1", 0, limits(LONG, SHORT, LONG, LONG), TrustedProxies.NONE, new Ids(),
                    request -> Response.noContent());
            var raw = Raw.to(server)) {
            assertThat(raw.send(BODY).answer().status()).isEqualTo(204);
            assertThat(raw.ends()).isTrue();
        }
    }

    @Test
    void a_handler_may_take_its_time() throws Exception {
        var answer = new CompletableFuture<Response>();
        try (
            var server =
                WebServer.start("127.0.0.1", 0, limits(SHORT, SHORT, SHORT, SHORT), TrustedProxies.NONE, new Ids(),
                    request -> answer.orTimeout(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
            var raw = Raw.to(server)) {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            CompletableFuture.delayedExecutor(600, TimeUnit.MILLISECONDS)
                .execute(() -> answer.complete(Response.noContent()));
            assertThat(raw.answer().status()).isEqualTo(204);
        }
    }
}
