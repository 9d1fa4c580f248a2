package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.support.Await;

/// What clients use together is bounded: those who want more get 503 or lose an idle connection, and others are served.
class BudgetTest {
    private static final int LARGE = 24 << 20; // more than the buffers between the two take

    private static final int PAGE = 40 << 10; // fits into half of the memory of a test on heads

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String LARGE_GET = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n";

    static WebServer server(Limits limits) {
        return WebServer.start("127.0.0.1", 0, limits, TrustedProxies.parse("127.0.0.9"), new Ids(), request -> {
            if (request.path().equals("/large")) {
                return Response.ok("text/plain", new byte[LARGE]);
            }
            if (request.path().equals("/page")) {
                return Response.ok("text/plain", new byte[PAGE]);
            }
            return Response.text(200, "read " + request.body().length);
        });
    }

    static void assertBusy(Raw.Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).contains("1");
        assertThat(answer.body()).isEqualTo("{\"errors\":[\"Service Unavailable\"]}");
    }

    @Test
    void what_a_vanished_client_held_is_free_again() throws IOException {
        try (var server = server(Raw.LIMITS)) {
            for (var begun : List.of("G", "GET / HTTP/1.1\r\nHost",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\nabc",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", LARGE_GET)) {
                for (int i = 0; i < 20; i++) {
                    Raw.to(server).send(begun).close();
                }
                Await.until("the bytes are free again after " + begun,
                    () -> server.connections() == 0 && server.bytes() == 0);
            }
        }
    }

    @Test
    void answers_to_changes_that_nobody_takes_are_bounded_too() throws IOException {
        try (var server = server(Raw.LIMITS.withBytes(LARGE * 4, LARGE * 4)); var first = Raw.to(server);
            var second = Raw.to(server); var third = Raw.to(server)) {
            var change = LARGE_GET.replace("GET", "POST");
            assertThat(first.send(change).answerWithoutBody().status()).isEqualTo(200);
            assertThat(second.send(change).answerWithoutBody().status()).isEqualTo(200);
            assertThat(third.send(change).ends()).isTrue();
        }
    }

    @Test
    void where_fewer_connections_are_possible_each_address_may_have_fewer() {
        var limits = Raw.LIMITS.withConnections(1000, 500);
        assertThat(limits.within(1000)).isEqualTo(limits);
        assertThat(limits.within(100)).isEqualTo(limits.withConnections(100, 50));
        assertThat(limits.within(1)).isEqualTo(limits.withConnections(1, 1));
    }

    @Test
    void many_connections_at_once_stay_within_the_limits() throws IOException {
        try (var server = server(Raw.LIMITS.withConnections(50, 20))) {
            var all = new ArrayList<Raw>();
            try {
                for (int i = 0; i < 300; i++) {
                    all.add(Raw.from("127.0.0." + (2 + i % 5), server));
                }
                // Before that, some may wait to be accepted, and crowd out the one that asks.
                Await.until("250 were closed", () -> all.stream().filter(Raw::hasHeard).count() >= 250);
                Await.until("some were closed", () -> server.connections() <= 50);
                assertThat(Raw.ask(server, GET).status()).isEqualTo(200);
            } finally {
                for (var each : all) {
                    each.close();
                }
            }
        }
    }

    @Test
    void bodies_that_do_not_end() throws IOException {
        try (var server = server(Raw.LIMITS.withBytes(2_000_000, 2_000_000)); var slow = Raw.to(server)) {
            slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n" + "x".repeat(800_000));
            Await.until("the body arrives", () -> server.bytes() >= 800_000);

            for (var framing : List.of("Content-Length: 900000\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nDBBA0\r\n")) {
                try (var other = Raw.to(server)) {
                    assertBusy(other.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing + "x".repeat(900_000)).answer());
                    assertThat(other.ends()).isTrue();
                }
            }
            try (var other = Raw.to(server)) {
                assertThat(other.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").answer().body())
                    .isEqualTo("read 5");
            }
            assertThat(slow.send("x".repeat(100_000)).answer().body()).isEqualTo("read 900000");
            Await.until("the bytes are free again", () -> server.bytes() == 0);
        }
    }

    /// Bodies that do not end may use half of it. From the same address, too.
    @Test
    void small_requests_pass_while_bodies_use_all_they_may() throws IOException {
        try (var server = server(Raw.LIMITS.withBytes(2_000_000, 2_000_000)); var slow = Raw.to(server);
            var other = Raw.to(server)) {
            slow.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(999_000));
            Await.until("the body arrives", () -> server.bytes() >= 999_000);

            var post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n";
            for (var i = 0; i < 100; i++) {
                assertThat(other.send(post.formatted(30_000) + "x".repeat(30_000)).answer().body())
                    .isEqualTo("read 30000");
            }
            assertBusy(other.send(post.formatted(40_000) + "x".repeat(40_000)).answer());
        }
    }

    /// Parsed, they take many times their size.
    @Test
    void documents_of_many_values() throws IOException {
        try (var server = server(Raw.LIMITS.withBytes(1_000_000, 1_000_000))) {
            var post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 45000\r\n\r\n";
            assertBusy(Raw.ask(server, post + "{},".repeat(15_000)));
            assertThat(Raw.ask(server, post + "xyz".repeat(15_000)).body()).isEqualTo("read 45000");
            Await.until("the bytes are free again", () -> server.bytes() == 0);
        }
    }

    /// Where too many are awaited, the one that has been for longest goes: others may come in two pieces.
    @Test
    void heads_that_do_not_end() throws IOException {
        var one = Limits.STANDARD.headBytes();
        try (var server = server(Raw.LIMITS.withBytes(12L * one, 24L * one))) {
            var slow = new ArrayList<Raw>();
            try {
                for (int i = 1; i <= 3; i++) {
                    var bytes = i * one;
                    slow.add(Raw.to(server).send("GET / HTTP/1.1\r\n"));
                    Await.until("the head began", () -> server.bytes() == bytes);
                }
                try (var other = Raw.from("127.0.0.2", server)) {
                    other.send("GET / HTTP/1.1\r\n");
                    assertBusy(slow.getFirst().answer());
                    assertThat(slow.removeFirst().ends()).isTrue();
                    assertThat(other.send("Host: a\r\n\r\n").answer().body()).isEqualTo("read 0");
                }
                assertThat(Raw.ask(server, GET).body()).as("at once").isEqualTo("read 0");
                assertThat(Raw.ask(server, GET.replace("/ ", "/page ")).body()).as("a larger answer").hasSize(PAGE);
                assertThat(
                    Raw.ask(server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n" + "x".repeat(40_000))
                        .body())
                    .as("a larger body").isEqualTo("read 40000");
                for (var each : slow) {
                    assertThat(each.send("Host: a\r\n\r\n").answer().body()).isEqualTo("read 0");
                }
                Await.until("the bytes are free again", () -> server.bytes() == 0);
            } finally {
                for (var each : slow) {
                    each.close();
                }
            }
        }
    }

    @Test
    void heads_that_do_not_end_from_one_address() throws IOException {
        var one = Limits.STANDARD.headBytes();
        try (var server = server(Raw.LIMITS.withBytes(16L * one, 8L * one)); var first = Raw.to(server);
            var second = Raw.to(server); var third = Raw.to(server); var other = Raw.from("127.0.0.2", server)) {
            first.send("GET / HTTP/1.1\r\n");
            second.send("GET / HTTP/1.1\r\n");
            Await.until("the heads began", () -> server.bytes() == 2 * one);
            assertBusy(third.send("GET / HTTP/1.1\r\n").answer());
            other.send("GET / HTTP/1.1\r\n");
            Await.until("the head began", () -> server.bytes() == 3 * one);
            assertThat(other.send("Host: a\r\n\r\n").answer().body()).isEqualTo("read 0");
        }
    }

    @Test
    void one_address_cannot_have_the_connections_of_others_unless_it_is_a_trusted_proxy() throws IOException {
        try (var server = server(Raw.LIMITS.withConnections(100, 2)); var first = Raw.to(server);
            var other = Raw.from("127.0.0.2", server)) {
            assertThat(other.send(GET).answer().status()).isEqualTo(200);
            assertThat(first.send(GET).answer().status()).isEqualTo(200);
            try (var second = Raw.to(server)) {
                assertThat(second.send(GET).answer().status()).isEqualTo(200);
                try (var third = Raw.to(server)) {
                    assertThat(third.send(GET).answer().status()).isEqualTo(200);
                    assertThat(first.ends()).as("the one that was idle for longest").isTrue();
                    assertThat(second.send(GET).answer().status()).isEqualTo(200);
                    assertThat(other.send(GET).answer().status()).isEqualTo(200);
                }
            }
            var proxied = new ArrayList<Raw>();
            for (int i = 0; i < 5; i++) {
                proxied.add(Raw.from("127.0.0.9", server));
            }
            for (var each : proxied) {
                assertThat(each.send(GET).answer().status()).isEqualTo(200);
                each.close();
            }
        }
    }
}
