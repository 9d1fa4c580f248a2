package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.support.Await;

/// Clients that close their connection before their request has begun.
class LeavingTest {
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private static final int LEAVING = 20;

    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final AtomicInteger busy = new AtomicInteger();
    private volatile boolean released;

    private Response handle(Request request) {
        handled.add(request.path());
        if (request.path().equals("/busy")) {
            busy.incrementAndGet();
            while (!released) {
                Thread.onSpinWait(); // keeps its processor
            }
        }
        return Response.ok("text/plain", new byte[0]);
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    }

    private static Socket asking(WebServer server) throws IOException {
        var socket = new Socket("127.0.0.1", server.port());
        socket.setSoLinger(true, 0); // closing it then resets the connection, and does not only say that no more follows
        socket.getOutputStream().write(get("/left").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /// A thread that is interrupted closes the connection to the database that it uses.
    @Test
    @Timeout(60)
    void are_not_worked_for() throws Exception {
        try (var server =
            WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(), this::handle)) {
            for (var i = 0; i < PROCESSORS; i++) {
                Raw.to(server).send(get("/busy"));
            }
            Await.until("no processor is left", () -> busy.get() == PROCESSORS);
            List<Socket> leaving = new ArrayList<>();
            for (var i = 0; i < LEAVING; i++) {
                leaving.add(asking(server));
            }
            Await.until("they have come", () -> server.connections() == PROCESSORS + LEAVING);
            for (var socket : leaving) {
                socket.close();
            }
            Await.until("they are gone", () -> server.connections() == PROCESSORS);
            released = true;

            for (var i = 0; i < 50; i++) {
                assertThat(Raw.ask(server, get("/stays")).status()).isEqualTo(200);
            }
            assertThat(handled).containsExactlyInAnyOrder("/busy", "/stays");
        } finally {
            released = true;
        }
    }
}
