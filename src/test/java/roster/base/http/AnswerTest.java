package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.support.Await;

/// What every answer has, whatever wrote it.
class AnswerTest {
    /// More than the buffers between the two take.
    private static final int LONG = 32 << 20;

    private static WebServer server;

    @BeforeAll
    static void start() {
        server = WebServer.start("127.0.0.1", 0, Raw.LIMITS, TrustedProxies.NONE, new Ids(), AnswerTest::handle);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Response handle(Request request) {
        return switch (request.path()) {
            case "/long" -> Response.ok("text/plain", "x".repeat(LONG).getBytes(StandardCharsets.US_ASCII));
            case "/empty" -> Response.noContent();
            case "/fails" -> throw new IllegalStateException("the secret of the database");
            case "/null" -> null;
            case "/dies" -> throw new StackOverflowError("the secret of the stack");
            case "/headers" -> Response.text(200, String.join("|", request.headers("x-TEST"))).with("Set-Cookie", "a=1")
                .with("Set-Cookie", "b=2");
            default -> Response.ok("application/json", "{\"é\":1}".getBytes(StandardCharsets.UTF_8)).with("X-Own",
                request.id());
        };
    }

    @Test
    void an_answer_has_its_type_its_length_in_bytes_and_the_id_of_its_request() throws IOException {
        var answer = Raw.ask(server, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.header("Content-Length")).contains("8");
        assertThat(answer.body()).isEqualTo("{\"é\":1}");
        assertThat(answer.header("X-Request-Id")).isEqualTo(answer.header("X-Own"));
        assertThat(answer.header("X-Request-Id").orElseThrow()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-.{17}");
        assertThat(answer.header("Date")).isPresent();
        assertThat(answer.header("Server")).isEmpty();
    }

    @Test
    void head_gets_the_headers_of_get_and_no_body() throws IOException {
        try (var raw = Raw.to(server)) {
            var head = raw.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n").answerWithoutBody();
            var get = raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();

            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length")).contains("8");
            assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
            assertThat(get.body()).isEqualTo("{\"é\":1}");
        }
    }

    @Test
    void an_old_client_is_answered_and_its_connection_closed_unless_it_wants_to_keep_it() throws IOException {
        try (var raw = Raw.to(server)) {
            var answer = raw.send("GET / HTTP/1.0\r\n\r\n").answer();
            assertThat(answer.body()).isEqualTo("{\"é\":1}");
            assertThat(answer.header("Connection")).contains("close");
            assertThat(raw.ends()).isTrue();
        }
        try (var raw = Raw.to(server)) {
            var answer = raw.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").answer();
            assertThat(answer.header("Connection")).contains("keep-alive");
            assertThat(raw.send("GET / HTTP/1.0\r\n\r\n").answer().status()).isEqualTo(200);
            assertThat(raw.ends()).isTrue();
        }
    }

    @RepeatedTest(20)
    void a_client_that_has_said_its_last_word_gets_all_of_a_long_answer() throws IOException {
        try (var raw = Raw.to(server)) {
            var answer = raw.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n").sendEnd().answer();
            assertThat(answer.body()).hasSize(LONG);
            assertThat(raw.ends()).isTrue();
        }
    }

    @RepeatedTest(20)
    void a_client_may_say_its_last_word_while_it_is_answered() throws IOException {
        try (var raw = Raw.to(server)) {
            raw.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until("the answer has begun", raw::hasHeard);
            assertThat(raw.sendEnd().answer().body()).hasSize(LONG);
            assertThat(raw.ends()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"Connection: close\r\n\r\n\r\n\r\n", "Connection: close\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n"})
    void an_answer_arrives_whole_whatever_the_client_sends_behind_the_last_request(String rest) throws IOException {
        try (var raw = Raw.to(server)) {
            raw.send("GET /long HTTP/1.1\r\nHost: a\r\n" + rest + "x".repeat(5000));
            assertThat(raw.answer().body()).hasSize(LONG);
            assertThat(raw.ends()).isTrue();
        }
    }

    @Test
    void no_content_has_no_length() throws IOException {
        try (var raw = Raw.to(server)) {
            var first = raw.send("DELETE /empty HTTP/1.1\r\nHost: a\r\n\r\n").answer();
            var second = raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();

            assertThat(first.status()).isEqualTo(204);
            assertThat(first.header("Content-Length")).isEmpty();
            assertThat(first.header("Content-Type")).isEmpty();
            assertThat(second.status()).isEqualTo(200);
        }
    }

    @Test
    void what_a_handler_throws_stays_inside() throws IOException {
        for (var path : new String[] {"/fails", "/dies", "/null"}) {
            try (var raw = Raw.to(server)) {
                var answer = raw.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").answer();

                assertThat(answer.status()).isEqualTo(500);
                assertThat(answer.body()).isEqualTo("{\"errors\":[\"Internal Server Error\"]}");
                assertThat(answer.header("Content-Type")).contains("application/json");
                assertThat(answer.header("X-Request-Id")).isPresent();
                assertThat(raw.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void headers_may_come_more_than_once_in_both_directions() throws IOException {
        var answer = Raw.ask(server, "GET /headers HTTP/1.1\r\nHost: a\r\nX-Test: one\r\nx-test:  two \r\n\r\n");

        assertThat(answer.body()).isEqualTo("one|two");
        assertThat(answer.lines()).contains("Set-Cookie: a=1", "Set-Cookie: b=2");
    }

    @Test
    void a_header_cannot_hold_a_line_break_or_stand_in_for_the_server_s() {
        for (var header : Map
            .of("X-A", "a\r\nX-B: b", "X-C\n", "c", "X D", "d", "X-E", "é", "X-F:", "f", "content-length", "1",
                "Connection", "close", "X-Request-ID", "1")
            .entrySet()) {
            assertThatIllegalArgumentException()
                .isThrownBy(() -> Response.noContent().with(header.getKey(), header.getValue()));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Response.ok("text/plain\r\nX-A: a", new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> Response.json(204, new byte[1]));
    }
}
