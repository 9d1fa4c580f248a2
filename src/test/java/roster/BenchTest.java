package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.json.Json;
import roster.door.ops.Bench;
import roster.support.TestRoster;

/// `ROSTER_BENCH`: what benchmarks compare with, there only when it was asked for.
class BenchTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_BENCH", "on", "ROSTER_MANAGEMENT_PORT", "0"));

    /// By a client of its own: the route is no part of the API that is described.
    private static HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(roster.address() + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 1000, 123_456, 10_000_000})
    void exactly_so_many_bytes_of_json(int bytes) throws Exception {
        for (int again = 0; again < 2; again++) {
            var answer = get("/bench/fixed?bytes=" + bytes);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(answer.body()).hasSize(bytes);
            assertThat(Json.parse(answer.body()).isString()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?bytes=", "?bytes=1", "?bytes=0", "?bytes=-5", "?bytes=10000001", "?bytes=1e3",
        "?bytes=007", "?bytes=99999999999999999999", "?bytes=%D9%A3%D9%A3"})
    void another_number_is_refused(String query) throws Exception {
        var answer = get("/bench/fixed" + query);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(Json.parse(answer.body()).path("errors").get(0).asString()).contains("bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bench/fixed?bytes=100", "/bench/fixed", "/api/v2/users", "/nowhere", "/docs"})
    void every_answer_tells_how_long_it_took(String path) throws Exception {
        assertThat(get(path).headers().allValues("Server-Timing")).singleElement().asString()
            .matches("app;dur=\\d+\\.\\d{3}");
    }

    @Test
    void the_route_passes_the_gate_like_all_others() throws Exception {
        get("/bench/fixed?bytes=77");
        var measured =
            roster.program().kernel().meters().get("roster.http.requests").tag("route", Bench.PATH).tag("status", "200")
                .timer();
        assertThat(measured.count()).isPositive();
    }

    @Test
    void the_start_says_that_it_is_on() {
        assertThat(announced(roster.node())).contains("ROSTER_BENCH is on");
    }

    @Test
    void without_the_setting_there_is_nothing_of_it() {
        try (var other = roster.anotherNode(Map.of("ROSTER_BENCH", "off", "ROSTER_MANAGEMENT_PORT", ""))) {
            var answer = TestRoster.send(other.address(), "GET", "/bench/fixed?bytes=100", null, Map.of());
            var unknown = TestRoster.send(other.address(), "GET", "/nowhere", null, Map.of());
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).isEqualTo(unknown.text());
            assertThat(answer.header("Server-Timing")).isEmpty();
            assertThat(announced(other)).doesNotContain("ROSTER_BENCH");
        }
    }

    private static String announced(Node node) {
        var out = new ByteArrayOutputStream();
        Serve.announce(node, new PrintStream(out, true, StandardCharsets.UTF_8), false);
        return out.toString(StandardCharsets.UTF_8);
    }
}
