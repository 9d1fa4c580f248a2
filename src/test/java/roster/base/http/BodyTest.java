package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.model.Problem;
import roster.model.Refused;

/// Bodies: read, refused and left alone, and that the next request on the connection is the one the client meant.
class BodyTest {
    private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

    /// What the limit of the server is not for.
    private static final Map<String, Route> AT = Map.of("/small", route(8), "/large", route(400_000));

    private static WebServer server;

    private static Route route(int bodyBytes) {
        return new Route("POST", "/", Needs.Simple.NOTHING, BodyTest::handle, OptionalInt.of(bodyBytes),
            Optional.empty(), SessionMust.BE_COMPLETE);
    }

    @BeforeAll
    static void start() {
        server = WebServer.start("127.0.0.1", 0, Raw.LIMITS.withBodyBytes(200_000), TrustedProxies.NONE, new Ids(),
            BodyTest::handle);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /// Answers with what it was sent, but leaves `/unread` alone.
    private static Response handle(Request request) {
        if (request.path().equals("/unread") || request.path().equals("/next")) {
            return Response.text(200, request.path());
        }
        try {
            var there = request.at(AT.get(request.path()), Map.of());
            assertThat(there.body()).isSameAs(request.at(null, Map.of()).body());
            return Response.ok("application/octet-stream", there.body());
        } catch (Refused e) {
            var status = switch (e.problem()) {
                case Problem.TooLarge() -> 413;
                case Problem.TooSlow() -> 408;
                case Problem.Encoded() -> 415;
                default -> 400;
            };
            return Response.text(status, e.problem().toString());
        }
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n\r\n" + body;
    }

    private static Raw assertNextIsServed(Raw raw) throws IOException {
        assertThat(raw.send(NEXT).answer().body()).isEqualTo("/next");
        return raw;
    }

    @Test
    void a_counted_body_arrives() throws IOException {
        try (var raw = Raw.to(server)) {
            assertThat(raw.send(post("/", "Content-Length: 5", "hello")).answer().body()).isEqualTo("hello");
            assertThat(raw.send(post("/", "Content-Length: 0", "")).answer().body()).isEmpty();
            assertThat(raw.send(post("/", "X: no body", "")).answer().body()).isEmpty();
            var long1 = "0123456789".repeat(20_000);
            assertThat(raw.send(post("/", "content-length:  0200000 ", long1)).answer().body()).isEqualTo(long1);
            assertNextIsServed(raw);
        }
    }

    @Test
    void a_chunked_body_arrives() throws IOException {
        try (var raw = Raw.to(server)) {
            var answer = raw.send(post("/", "Transfer-Encoding: Chunked",
                "3\r\nabc\r\n00A;x=\"y\"\r\n0123456789\r\n0;last\r\n\r\n")).answer();
            assertThat(answer.body()).isEqualTo("abc0123456789");
            assertThat(raw.send(post("/", "Transfer-Encoding: chunked", "0\r\n\r\n")).answer().body()).isEmpty();
            assertNextIsServed(raw);
        }
    }

    @Test
    void trailers_are_ignored_up_to_their_limit() throws IOException {
        try (var raw = Raw.to(server)) {
            var answer = raw.send(post("/", "Transfer-Encoding: chunked\r\nTrailer: A",
                "3\r\nabc\r\n0\r\nA: 1\r\nContent-Length: 9\r\n\r\n")).answer();
            assertThat(answer.body()).isEqualTo("abc");
            assertNextIsServed(raw);
            assertThat(
                raw.send(post("/", "Transfer-Encoding: chunked", "0\r\nA: " + "a".repeat(9000))).answer().status())
                .isEqualTo(400);
        }
    }

    @Test
    void requests_sent_together_are_answered_in_order() throws IOException {
        try (var raw = Raw.to(server)) {
            raw.send(
                post("/", "Content-Length: 3", "one") + post("/", "Transfer-Encoding: chunked", "3\r\ntwo\r\n0\r\n\r\n")
                    + post("/unread", "Content-Length: 5", "three") + NEXT + post("/", "Content-Length: 4", "four"));

            assertThat(raw.answer().body()).isEqualTo("one");
            assertThat(raw.answer().body()).isEqualTo("two");
            assertThat(raw.answer().body()).isEqualTo("/unread");
            assertThat(raw.answer().body()).isEqualTo("/next");
            assertThat(raw.answer().body()).isEqualTo("four");
        }
    }

    @Test
    void a_request_may_come_in_pieces_cut_anywhere() throws IOException {
        var text = post("/", "Content-Length: 5", "hello")
            + post("/", "Transfer-Encoding: chunked", "4\r\nab\r\n\r\n0\r\n\r\n");
        for (var cut = 1; cut < text.length(); cut++) {
            try (var raw = Raw.to(server)) {
                raw.send(text.substring(0, cut)).send(text.substring(cut));
                assertThat(raw.answer().body()).isEqualTo("hello");
                assertThat(raw.answer().body()).isEqualTo("ab\r\n");
            }
        }
    }

    @Test
    void a_long_body_is_refused_by_its_announced_length_without_reading_it() throws IOException {
        try (var raw = Raw.to(server)) {
            var answer = raw.send(post("/", "Content-Length: 200001", "")).answer();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("Connection")).contains("close");
            assertThat(raw.ends()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "deflate", "br", "zstd", "x-unknown", "identity, gzip",
        "identity\r\nContent-Encoding: gzip"})
    void a_coded_body_is_refused_without_reading_it(String coding) throws IOException {
        for (var framing : List.of("Content-Length: 5", "Content-Length: 5\r\nExpect: 100-continue",
            "Transfer-Encoding: chunked")) {
            try (var raw = Raw.to(server)) {
                assertThat(raw.send(post("/", framing + "\r\nContent-Encoding: " + coding, "")).answer().status())
                    .isEqualTo(415);
                assertThat(raw.ends()).isTrue();
            }
        }
    }

    @Test
    void a_body_without_coding_may_say_so() throws IOException {
        for (var coding : List.of("identity", "Identity", "")) {
            assertThat(Raw.ask(server, post("/", "Content-Length: 5\r\nContent-Encoding: " + coding, "hello")).body())
                .isEqualTo("hello");
        }
        assertThat(Raw.ask(server, post("/", "Content-Encoding: gzip", "")).status()).isEqualTo(200);
    }

    @Test
    void a_route_says_how_large_its_body_may_be() throws IOException {
        for (var head : List.of("Content-Length: 9", "Content-Length: 9\r\nExpect: 100-continue",
            "Transfer-Encoding: chunked\r\n\r\n9")) {
            assertThat(Raw.ask(server, post("/small", head, "")).status()).isEqualTo(413);
        }
        assertThat(Raw.ask(server, post("/small", "Content-Length: 8", "12345678")).body()).isEqualTo("12345678");
        var large = "x".repeat(300_000);
        assertThat(Raw.ask(server, post("/large", "Content-Length: 300000", large)).body()).isEqualTo(large);
        assertThat(Raw.ask(server, post("/large", "Content-Length: 400001", "")).status()).isEqualTo(413);
    }

    @Test
    void a_client_that_sends_all_of_a_refused_body_still_hears_the_answer() throws Exception {
        try (var raw = Raw.to(server)) {
            var answer = raw.send(post("/", "Content-Length: 8000000", "x".repeat(8_000_000))).answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(raw.ends()).isTrue();
        }
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(server.address())).version(HttpClient.Version.HTTP_1_1)
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[4_000_000])).build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(413);
        }
    }

    @Test
    void chunks_are_counted_while_they_are_read() throws IOException {
        try (var raw = Raw.to(server)) {
            raw.send(post("/", "Transfer-Encoding: chunked", "186A0\r\n" + "x".repeat(100_000) + "\r\n"));
            raw.send("186A1\r\n");

            assertThat(raw.answer().status()).isEqualTo(413);
            assertThat(raw.ends()).isTrue();
        }
        for (var size : new String[] {"7fffffff", "80000000", "ffffffff", "100000001", "fffffffffffffff"}) {
            assertThat(Raw.ask(server, post("/", "Transfer-Encoding: chunked", size + "\r\n")).status()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "5\r\nhelloXX0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "4\r\nhello\r\n0\r\n\r\n", "-5\r\n",
        "+5\r\n",
        "0x5\r\n", " 5\r\n", "5 \r\n", "\r\n", "g\r\n", ";a\r\n", "5;\u0000\r\n", "5;a\nb\r\n", "1000000000000000\r\n",
        "0\r\n: a\r\n\r\n", "0\r\na b\r\n\r\n", "0\r\n a: b\r\n\r\n", "0\r\na: b\n\r\n", "0\r\na: \u0000\r\n\r\n",
        "0\r\n\n",
        "5\r\r\nhello\r\n0\r\n\r\n"})
    void broken_chunks(String chunks) throws IOException {
        try (var raw = Raw.to(server)) {
            assertThat(raw.send(post("/", "Transfer-Encoding: chunked", chunks + NEXT)).answer().status())
                .isEqualTo(400);
            assertThat(raw.ends()).isTrue();
        }
    }

    @Test
    void a_chunk_line_without_end_is_given_up() throws IOException {
        try (var raw = Raw.to(server)) {
            var answer = raw.send(post("/", "Transfer-Encoding: chunked", "5;" + "a".repeat(300))).answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(raw.ends()).isTrue();
        }
    }

    @Test
    void a_client_that_asks_first_is_told_to_go_on() throws IOException {
        try (var raw = Raw.to(server)) {
            raw.send(post("/", "Content-Length: 5\r\nExpect: 100-Continue", ""));
            assertThat(raw.answer().status()).isEqualTo(100);
            assertThat(raw.send("hello").answer().body()).isEqualTo("hello");
            assertNextIsServed(raw);
        }
    }

    @Test
    void a_client_that_asks_first_is_not_told_to_go_on_in_vain() throws IOException {
        for (var request : new String[] {post("/", "Content-Length: 200001\r\nExpect: 100-continue", ""),
            post("/unread", "Content-Length: 5\r\nExpect: 100-continue", "")}) {
            try (var raw = Raw.to(server)) {
                var answer = raw.send(request).answer();
                assertThat(answer.status()).isIn(413, 200);
                assertThat(answer.header("Connection")).contains("close");
                assertThat(raw.ends()).isTrue();
            }
        }
    }

    @Test
    void an_unread_body_is_skipped_or_ends_the_connection() throws IOException {
        try (var raw = Raw.to(server)) {
            assertThat(raw.send(post("/unread", "Content-Length: 60000", "x".repeat(60_000))).answer().status())
                .isEqualTo(200);
            assertNextIsServed(raw);
        }
        for (var request : new String[] {post("/unread", "Content-Length: 70000", "x".repeat(70_000)),
            post("/unread", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n")}) {
            try (var raw = Raw.to(server)) {
                assertThat(raw.send(request + NEXT).answer().header("Connection")).contains("close");
                assertThat(raw.ends()).isTrue();
            }
        }
    }

    @Test
    void a_body_cannot_be_read_once_its_request_is_over() throws IOException {
        var kept = new AtomicReference<Request>();
        Handler keeping = request -> {
            kept.compareAndSet(null, request);
            return Response.text(200, request.path());
        };
        try (var some = WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(), keeping);
            var raw = Raw.to(some)) {
            assertThat(raw.send(post("/", "Content-Length: 5", "hello")).answer().status()).isEqualTo(200);
            assertNextIsServed(raw);
            assertThatIllegalStateException().isThrownBy(() -> kept.get().body());
        }
    }

    @Test
    void all_requests_are_answered_though_the_client_has_said_its_last_word() throws IOException {
        try (var raw = Raw.to(server)) {
            raw.send(post("/", "Content-Length: 5", "hello") + post("/unread", "Content-Length: 5", "hello") + NEXT)
                .sendEnd();
            assertThat(raw.answer().body()).isEqualTo("hello");
            assertThat(raw.answer().body()).isEqualTo("/unread");
            assertThat(raw.answer().body()).isEqualTo("/next");
            assertThat(raw.ends()).isTrue();
        }
    }

    @Test
    void a_body_that_ends_early_is_broken() throws IOException {
        try (var raw = Raw.to(server)) {
            var answer = raw.send(post("/", "Content-Length: 5", "hel")).sendEnd().answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(raw.ends()).isTrue();
        }
    }

    @Test
    void connection_close_closes_at_once() throws IOException {
        for (var request : new String[] {"GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /next HTTP/1.1\r\nHost: a\r\nconnection: Foo,  CLOSE\r\n\r\n",
            post("/unread", "Connection: close\r\nContent-Length: 5", "hello")}) {
            try (var raw = Raw.to(server)) {
                var start = System.nanoTime();
                var answer = raw.send(request + NEXT).answer();

                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Connection")).contains("close");
                assertThat(raw.ends()).isTrue();
                assertThat(System.nanoTime() - start).isLessThan(Limits.STANDARD.idleTime().toNanos());
            }
        }
    }

    @Test
    void the_java_client_gets_back_what_it_sent() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            for (var publisher : new HttpRequest.BodyPublisher[] {
                HttpRequest.BodyPublishers.ofString("é".repeat(50_000)),
                HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString("é".repeat(50_000)))}) {
                var request = HttpRequest.newBuilder(URI.create(server.address() + "/x")).POST(publisher).build();
                var answer = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
                assertThat(answer.body()).isEqualTo("é".repeat(50_000));
            }
        }
    }
}
