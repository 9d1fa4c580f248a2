package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;

/// Bodies that are sent from a file.
@Timeout(60)
class StoredBodyTest {
    private static WebServer server;

    @BeforeAll
    static void start() {
        server = WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(),
            request -> request.path().equals("/next") ? Response.text(200, "next")
                : Response.stored("application/octet-stream", body(Integer.parseInt(request.path().substring(1)))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private static StoredBody body(int length) {
        return StoredBody.of(out -> {
            try {
                out.write(bytes(length));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static HttpResponse<byte[]> send(HttpClient client, String method, String path) {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(server.address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, StoredBody.PIECE - 1, StoredBody.PIECE, StoredBody.PIECE + 1, 20_000_000})
    void a_body_of_any_length_arrives_whole_and_the_connection_goes_on(int length) {
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            var answer = send(client, "GET", "/" + length);
            assertThat(answer.headers().firstValue("Content-Length")).contains(Integer.toString(length));
            assertThat(answer.body()).isEqualTo(bytes(length));
            var head = send(client, "HEAD", "/" + length);
            assertThat(head.headers().firstValue("Content-Length")).contains(Integer.toString(length));
            assertThat(head.body()).isEmpty();
            assertThat(new String(send(client, "GET", "/next").body(), StandardCharsets.US_ASCII))
                .isEqualTo("next");
        }
    }

    @Test
    void what_stops_the_writing_is_told_and_leaves_nothing() {
        assertThatIllegalStateException().isThrownBy(() -> StoredBody.of(_ -> {
            throw new IllegalStateException("no");
        })).withMessage("no");
    }
}
