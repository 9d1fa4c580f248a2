package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Await;
import roster.support.TestRoster;

class IdleTimeoutTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_IDLE_TIMEOUT", "1s"));

    /// Nothing is sent when it closes: a 408 could be taken for the answer to a request that is on its way.
    @Test
    void a_connection_without_a_request_is_closed_silently() throws IOException {
        var address = URI.create(roster.address());
        try (var fresh = new Socket(address.getHost(), address.getPort());
            var used = new Socket(address.getHost(), address.getPort())) {
            fresh.setSoTimeout((int) Await.PATIENCE.toMillis());
            used.setSoTimeout((int) Await.PATIENCE.toMillis());
            used.getOutputStream()
                .write("GET /health/live HTTP/1.1\r\nHost: roster\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(used.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                .startsWith("HTTP/1.1 200 ").doesNotContain(" 408 ");
            assertThat(fresh.getInputStream().readAllBytes()).isEmpty();
        }
    }
}
