package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.support.Await;

/// Stopping: what runs may end, what waits is closed, and it never takes longer than allowed.
class DrainTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CompletableFuture<Throwable> interrupted = new CompletableFuture<>();

    private final WebServer server =
        WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(), request -> {
            if (request.path().equals("/quick")) {
                return Response.noContent();
            }
            running.countDown();
            try {
                assertThat(go.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                interrupted.complete(e);
            }
            return Response.text(200, "done");
        });

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Soon, if not at once: idle connections may be closed a moment earlier.
    private void assertNobodyListens() {
        var end = System.nanoTime() + 5_000_000_000L;
        while (listens()) {
            assertThat(System.nanoTime()).as("listens").isLessThan(end);
        }
    }

    private boolean listens() {
        try (var raw = Raw.to(server)) {
            return raw != null;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void a_running_request_ends_and_is_the_last_of_its_connection() throws Exception {
        try (var raw = Raw.to(server); var idle = Raw.to(server)) {
            assertThat(idle.send("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(204);
            raw.send(GET);
            running.await();
            var drained = Thread.ofVirtual().start(() -> server.drain(Duration.ofHours(1)));

            assertThat(idle.ends()).isTrue();
            assertNobodyListens();
            assertThat(drained.isAlive()).isTrue();
            go.countDown();
            var answer = raw.answer();

            assertThat(answer.body()).isEqualTo("done");
            assertThat(answer.header("Connection")).contains("close");
            assertThat(raw.ends()).isTrue();
            assertThat(drained.join(Await.PATIENCE)).isTrue();
        }
    }

    @Test
    void a_request_that_does_not_end_is_cut_off() throws Exception {
        try (var raw = Raw.to(server)) {
            raw.send(GET);
            running.await();
            server.drain(Duration.ofMillis(100));

            assertThat(interrupted.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(InterruptedException.class);
            assertThat(raw.ends()).isTrue();
            assertNobodyListens();
        }
    }

    @Test
    void stopping_twice_or_without_clients_is_quick() {
        server.drain(Duration.ofHours(1));
        server.close();
        assertNobodyListens();
    }

    @Test
    void a_connection_that_has_just_been_answered_counts_as_idle() throws IOException {
        for (var i = 0; i < 20; i++) {
            try (
                var some =
                    WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(),
                        r -> Response.noContent());
                var raw = Raw.to(some)) {
                assertThat(raw.send(GET).answer().status()).isEqualTo(204);
                var start = System.nanoTime();
                some.drain(Duration.ofHours(1));
                assertThat(System.nanoTime() - start).isLessThan(Await.PATIENCE.toNanos());
            }
        }
    }

    @Test
    void a_taken_port_is_told() throws IOException {
        try (server; var raw = Raw.to(server)) {
            assertThat(raw.send("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(204);
            assertThatIllegalStateException()
                .isThrownBy(
                    () -> WebServer.start("127.0.0.1", server.port(), Raw.LIMITS, TrustedProxies.NONE, new Ids(),
                        r -> null))
                .withMessageContaining("127.0.0.1 port " + server.port());
        }
    }

    @Test
    void of_more_connections_than_allowed_the_one_that_was_idle_for_longest_is_closed() throws IOException {
        try (server;
            var two =
                WebServer.start("127.0.0.1", 0, Raw.LIMITS.withConnections(2, 2), TrustedProxies.NONE, new Ids(),
                    request -> Response.text(200, "served"));
            var first = Raw.to(two); var second = Raw.to(two)) {
            assertThat(first.send(GET).answer().body()).isEqualTo("served");
            for (int i = 0; i < 20; i++) { // the server notes that one is idle after the client has its answer
                assertThat(second.send(GET).answer().body()).isEqualTo("served");
            }
            try (var third = Raw.to(two)) {
                assertThat(third.send(GET).answer().body()).isEqualTo("served");
                assertThat(first.ends()).isTrue();
                assertThat(second.send(GET).answer().body()).isEqualTo("served");
            }
        }
    }

    @Test
    void while_all_connections_are_busy_more_of_them_wait_for_their_turn() throws Exception {
        try (server;
            var one =
                WebServer.start("127.0.0.1", 0, Raw.LIMITS.withConnections(1, 9), TrustedProxies.NONE, new Ids(),
                    request -> {
                        running.countDown();
                        await(go);
                        return Response.text(200, "served");
                    });
            var first = Raw.to(one)) {
            first.send(GET);
            running.await();
            try (var second = Raw.to(one); var third = Raw.to(one)) {
                second.send(GET);
                third.send(GET);
                assertThat(one.connections()).isLessThanOrEqualTo(2);
                go.countDown();
                assertThat(first.answer().body()).isEqualTo("served");
                assertThat(second.answer().body()).isEqualTo("served");
                assertThat(third.answer().body()).isEqualTo("served");
            }
        }
    }
}
