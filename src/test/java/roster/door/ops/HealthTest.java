package roster.door.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.http.Match;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.support.Answer;
import roster.support.Await;
import roster.support.TestRoster;

class HealthTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_MANAGEMENT_PORT", "0"));

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(ahead.get());

    private Answer managed(String path) {
        return TestRoster.send(roster.node().managementAddress().orElseThrow(), "GET", path, null, Map.of());
    }

    @Test
    void a_running_server_is_live_and_ready() {
        assertThat(managed("/health/live").text()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(managed("/health/ready").status()).isEqualTo(200);
    }

    @Test
    void with_a_port_of_their_own_they_are_not_on_the_api_s() {
        for (var path : new String[] {"/health/live", "/health/ready", "/metrics"}) {
            assertThat(roster.node().routes.match("GET", path)).isInstanceOf(Match.Unknown.class);
            assertThat(managed(path).status()).isEqualTo(200);
        }
    }

    @Test
    void without_one_they_are() {
        try (var other = roster.anotherNode(Map.of("ROSTER_MANAGEMENT_PORT", ""))) {
            for (var path : new String[] {"/health/live", "/health/ready", "/metrics"}) {
                assertThat(TestRoster.send(other.address(), "GET", path, null, Map.of()).status()).isEqualTo(200);
            }
        }
    }

    /// `OPTIONS / HTTP/1.0` is what HAProxy sends with a bare `option httpchk`.
    @Test
    void options_of_the_root_are_readiness_on_the_port_that_is_balanced() throws IOException {
        assertThat(roster.send("OPTIONS", "/", null)).satisfies(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("{\"status\":\"ok\"}");
        });
        var api = URI.create(roster.node().address());
        try (var socket = new Socket(api.getHost(), api.getPort())) {
            socket.getOutputStream().write("OPTIONS / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"ok\"}");
        }
        try (var socket = new Socket(api.getHost(), api.getPort())) {
            socket.getOutputStream().write("OPTIONS * HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("{\"status\":\"ok\"}");
        }
        var draining = new Routes();
        var health = new Health(roster.program().kernel().db(), clock);
        health.draining();
        health.addDefaultCheckTo(draining);
        var found = (Match.Found) draining.match("OPTIONS", "/");
        assertThat(found.route().handler().handle(null).status()).isEqualTo(503);
    }

    @Test
    void metrics_count_requests_by_route_and_show_the_machine_and_the_pool() {
        roster.send("GET", "/api/v2/users", null);
        var metrics = managed("/metrics");
        assertThat(metrics.headers().get("content-type")).containsExactly("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.text()).contains("jvm_memory_used_bytes", "jvm_threads_live_threads", "jvm_gc_",
            "roster_http_connections ", "roster_http_bytes ",
            "process_uptime_seconds", "roster_db_pool_connections", "roster_db_pool_waiting",
            "roster_http_requests_seconds_count{method=\"GET\",route=\"/api/v2/users\",status=\"403\"}");
    }

    @Test
    void a_clock_that_is_off_by_more_than_two_seconds_is_not_ready() {
        var health = new Health(roster.db(), clock);
        assertThat(ready(health)).isEqualTo("{\"status\":\"unavailable\",\"failed\":\"starting\"}");
        health.serving();
        assertThat(ready(health)).isEqualTo("{\"status\":\"ok\"}");
        ahead.set(Duration.ofSeconds(3));
        assertThat(ready(health)).isEqualTo("{\"status\":\"unavailable\",\"failed\":\"clock\"}");
        ahead.set(Duration.ofSeconds(-3));
        assertThat(ready(health)).contains("clock");
        ahead.set(Duration.ofSeconds(1));
        assertThat(ready(health)).contains("ok");
        health.draining();
        assertThat(ready(health)).contains("draining");
    }

    @Test
    void a_database_that_does_not_answer_is_not_ready_and_the_process_is_live_all_the_same() throws SQLException {
        var health = new Health(roster.db(), clock);
        health.serving();
        try (var connection = DriverManager.getConnection(roster.databaseUrl());
            var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE flyway_schema_history");
            assertThat(ready(health)).isEqualTo("{\"status\":\"unavailable\",\"failed\":\"database\"}");
            assertThat(managed("/health/live").status()).isEqualTo(200);
        }
        assertThat(ready(health)).contains("ok");
    }

    @Test
    void a_migration_that_is_not_there_is_not_ready() {
        var health = new Health(roster.db(), clock);
        health.serving();
        roster.sql("UPDATE flyway_schema_history SET script = 'V1__other.sql' WHERE version = '1'");
        try {
            assertThat(ready(health)).contains("schema");
        } finally {
            roster.sql("UPDATE flyway_schema_history SET script = 'V1__first_light.sql' WHERE version = '1'");
        }
    }

    @Test
    void while_requests_end_it_is_not_ready_and_says_so_on_its_own_port() throws Exception {
        var founder = roster.newOrg("draining").founder();
        var node = roster.anotherNode(Map.of("ROSTER_PORT", "0"));
        var api = URI.create(node.address());
        var ready = URI.create(node.managementAddress().orElseThrow() + "/health/ready");
        var body = "{\"data\":{\"type\":\"users\",\"attributes\":{\"email\":\"last@draining.test\"}}}";
        try (var socket = new Socket(api.getHost(), api.getPort())) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            socket.getOutputStream().write("""
                POST /api/v2/users HTTP/1.1\r
                Host: a\r
                DD-API-KEY: %s\r
                DD-APPLICATION-KEY: %s\r
                Content-Type: application/json\r
                Content-Length: %d\r
                Expect: 100-continue\r
                \r
                """.formatted(founder.apiKey(), founder.applicationKey(), body.length())
                .getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readLine()).startsWith("HTTP/1.1 100");
            var closing = Thread.ofVirtual().start(node::close);
            try (var client = HttpClient.newHttpClient()) {
                var request = HttpRequest.newBuilder(ready).build();
                HttpResponse<String> answer;
                do { // until the stop has begun; the test's own time limit is the drain's
                    answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                } while (answer.statusCode() == 200);
                assertThat(answer.body()).isEqualTo("{\"status\":\"unavailable\",\"failed\":\"draining\"}");
            }
            socket.getOutputStream().write(body.getBytes(StandardCharsets.US_ASCII));
            assertThat(in.readLine()).isEmpty();
            assertThat(in.readLine()).startsWith("HTTP/1.1 201");
            assertThat(closing.join(Await.PATIENCE)).isTrue();
        }
    }

    private static String ready(Health health) {
        var routes = new Routes();
        health.addTo(routes);
        var found = (Match.Found) routes.match("GET", "/health/ready");
        var answer = found.route().handler().handle(null);
        assertThat(answer.status()).isEqualTo(text(answer).contains("ok") ? 200 : 503);
        return text(answer);
    }

    private static String text(Response answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
