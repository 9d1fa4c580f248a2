package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import roster.CannotStart;
import roster.Config;
import roster.Node;
import roster.Surroundings;
import roster.base.json.Json;
import roster.base.work.Signal;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.base.work.WorkerStatus;
import roster.base.work.Workers;
import roster.support.Await;
import roster.support.Operator;
import roster.support.TestRoster;

/// `roster status`: what a running server is, and what it does in the background.
class StatusCommandTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    @RegisterExtension
    static final TestRoster outside = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "off"));

    private static final Instant NOW = Instant.parse("2026-08-01T09:00:00Z");

    @TempDir
    private Path folder;

    private static Operator.Ran run(Path data, Object... args) {
        return Operator.run(data, new ByteArrayOutputStream(), args);
    }

    /// A server's socket in a folder of its own, with these workers.
    private CommandSocket socket(Supplier<List<WorkerStatus>> workers) {
        return CommandSocket
            .listen(folder, operator.server().roster.commands().on(new ServingNode("1.2.3", "http://here:1",
                NOW.minus(Duration.ofHours(3)), false, workers, InstantSource.fixed(NOW))))
            .orElseThrow();
    }

    @Test
    void a_running_server_says_what_it_is() {
        var ran = operator.run("status");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out().lines().findFirst().orElseThrow()).matches(
            "Roster dev on %s, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC \\(.+ ago\\), with the embedded PostgreSQL"
                .formatted(operator.server().address()));

        var node = operator.json("status").path("node");
        assertThat(node.path("version").asString()).isEqualTo("dev");
        assertThat(node.path("address").asString()).isEqualTo(operator.server().address());
        assertThat(Instant.parse(node.path("since").asString())).isBefore(Instant.now());
        assertThat(node.path("database").asString()).isEqualTo("embedded");
    }

    /// Commands of release 0.1.0 send another form, and take an answer without an exit code for a success.
    @Test
    void a_command_of_the_first_release_fails_with_a_reason() throws IOException {
        var data = operator.server().roster.kernel().settings().require(Config.DATA);
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            var path = SocketPath.to(data.resolve(CommandSocket.NAME))) {
            channel.connect(path.address());
            Frame.write(channel, "{\"args\":[\"org\",\"list\"]}".getBytes(StandardCharsets.UTF_8));
            var answer = Json.parse(Frame.read(channel, 1 << 20));
            assertThat(answer.path("exit").asInt()).isOne();
            assertThat(answer.path("err").asString()).isEqualTo("roster: the server is of another version\n");
        }
    }

    @Test
    void every_worker_of_the_server_has_its_sentence() {
        var text = operator.run("status").out();
        assertThat(operator.server().workers.status()).isNotEmpty();
        assertThat(operator.json("status").path("workers")).hasSameSizeAs(operator.server().workers.status())
            .allSatisfy(worker -> assertThat(text).contains(
                "\n%s: ".formatted(worker.path("name").asString()),
                "\n  %s\n".formatted(worker.path("purpose").asString())));
    }

    @Test
    void the_page_for_operators_has_every_worker() throws IOException {
        assertThat(operator.server().workers.status())
            .allSatisfy(worker -> assertThat(Path.of("docs/operating.md")).content()
                .contains("\n| `%s` | ".formatted(worker.name())));
    }

    @Test
    void a_worker_tells_its_state_its_runs_and_what_wakes_it() throws Exception {
        try (var _ = socket(() -> List.of(
            new WorkerStatus("sweep", "Removes old rows.", "every 60 s", false, 7, 0, Duration.ofMillis(90),
                Duration.ofMillis(30),
                Optional.of(new WorkerStatus.Run(NOW.minusSeconds(45), Duration.ofMillis(12))),
                Optional.of(NOW.minusSeconds(45)), Optional.empty(), Optional.of(NOW.plusSeconds(15))),
            new WorkerStatus("mail", "Sends e-mails.", "each new e-mail, and every 5 s", true, 2, 1,
                Duration.ofMillis(12_350), Duration.ofMillis(12_345),
                Optional.of(new WorkerStatus.Run(NOW.minusSeconds(7200), Duration.ofMillis(12_345))),
                Optional.of(NOW.minusSeconds(7188)),
                Optional.of(new WorkerStatus.Failure(NOW.minusSeconds(7300), "IOException: no\u001b[31m\nroute")),
                Optional.empty()),
            new WorkerStatus("new", "Has not run.", "every 1 s", true, 0, 0, Duration.ZERO, Duration.ZERO,
                Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty())))) {
            assertThat(run(folder, "status")).isEqualTo(new Operator.Ran(0, """
                Roster 1.2.3 on http://here:1, since 2026-08-01 06:00:00 UTC (3 h ago), with an external PostgreSQL

                sweep: waiting
                  Removes old rows.
                  wakes         every 60 s
                  runs          7, 0 failed; the longest took 30 ms
                  last run      2026-08-01 08:59:15 UTC (45 s ago), took 12 ms
                  last success  2026-08-01 08:59:15 UTC (45 s ago)
                  next run      2026-08-01 09:00:15 UTC at the latest

                mail: running
                  Sends e-mails.
                  wakes         each new e-mail, and every 5 s
                  runs          2, 1 failed; the longest took 12.3 s
                  last run      2026-08-01 07:00:00 UTC (2 h ago), took 12.3 s
                  last success  2026-08-01 07:00:12 UTC (119 min ago)
                  last failure  2026-08-01 06:58:20 UTC (2 h ago): IOException: no?[31m?route

                new: running
                  Has not run.
                  wakes         every 1 s
                  runs          none yet
                """, ""));

            var json = Json.parse(run(folder, "status", "--json").out().getBytes(StandardCharsets.UTF_8));
            assertThat(json.toString()).isEqualTo(
                """
                {"node":{"version":"1.2.3","address":"http://here:1","since":"2026-08-01T06:00:00.000000+00:00",\
                "database":"external"},"workers":[\
                {"name":"sweep","purpose":"Removes old rows.","state":"waiting","wakes":"every 60 s","runs":7,\
                "failures":0,"total_ms":90,"longest_ms":30,"last_run":{"began_at":"2026-08-01T08:59:15.000000+00:00","took_ms":12},\
                "last_success_at":"2026-08-01T08:59:15.000000+00:00","last_failure":null,\
                "next_run_at":"2026-08-01T09:00:15.000000+00:00"},\
                {"name":"mail","purpose":"Sends e-mails.","state":"running","wakes":"each new e-mail, and every 5 s",\
                "runs":2,"failures":1,"total_ms":12350,"longest_ms":12345,"last_run":{"began_at":"2026-08-01T07:00:00.000000+00:00","took_ms":12345},\
                "last_success_at":"2026-08-01T07:00:12.000000+00:00",\
                "last_failure":{"at":"2026-08-01T06:58:20.000000+00:00","what":"IOException: no\\u001B[31m\\nroute"},\
                "next_run_at":null},\
                {"name":"new","purpose":"Has not run.","state":"running","wakes":"every 1 s","runs":0,"failures":0,\
                "total_ms":0,"longest_ms":0,"last_run":null,"last_success_at":null,"last_failure":null,"next_run_at":null}]}""");
        }
    }

    @Test
    void a_time_from_before_the_clock_was_set_back_is_shown_without_its_age() throws Exception {
        try (var _ = socket(() -> List.of(new WorkerStatus("sweep", "Removes old rows.", "every 60 s", false, 1, 0,
            Duration.ofMillis(12), Duration.ofMillis(12),
            Optional.of(new WorkerStatus.Run(NOW.plusSeconds(7200), Duration.ofMillis(12))), Optional.empty(),
            Optional.empty(), Optional.empty())))) {
            assertThat(run(folder, "status").out())
                .contains("  last run      2026-08-01 11:00:00 UTC, took 12 ms\n");
        }
    }

    @Test
    void the_failure_of_a_worker_is_shown() throws Exception {
        var workers = new Workers(List.of(new Worker("mail", "Sends e-mails.", Wake.on(new Signal(), "each new e-mail",
            Duration.ofHours(1)), _ -> {
                throw new IllegalStateException("no route");
            })), InstantSource.system());
        try (workers; var _ = socket(workers::status)) {
            workers.start();
            // the first run is at the start, and ends at once
            Await.until("a failure", () -> workers.status().getFirst().failures() > 0);
            assertThat(run(folder, "status").out()).contains("runs          1, 1 failed; ")
                .containsPattern("last failure  .*: java.lang.IllegalStateException: no route\n");
        }
    }

    @Test
    void only_status_is_asked_of_a_node_with_a_database_elsewhere() throws Exception {
        for (var command : List.of(List.of("org", "list"), List.of("migrate"),
            List.of("user", "create", "ada@elsewhere.test"), List.of("seed", "--users", "3"))) {
            var ran = run(outside.folder(), command.toArray());
            assertThat(ran.exit()).as(command + ": " + ran.out()).isEqualTo(1);
            assertThat(ran.err()).contains("uses another database; set ROSTER_DATABASE_URL");
        }
        var before = files(outside.folder());
        assertThatThrownBy(() -> Node.start(Config.read(Map.of("ROSTER_DATA", outside.folder().toString(),
            "ROSTER_PORT", "0"), folder), Surroundings.PRODUCTION).close())
            .isInstanceOf(CannotStart.class).hasMessageContaining("a Roster with another database is running");
        assertThat(files(outside.folder())).isEqualTo(before);
    }

    private static List<String> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void without_a_server_there_is_no_status() {
        assertThat(run(folder, "status")).isEqualTo(new Operator.Ran(1, "",
            "roster: no server answers on the data folder %s\n".formatted(folder)));
        assertThat(run(folder.resolve("none"), "status", "--json").exit()).isEqualTo(1);
        assertThat(folder.resolve("none")).doesNotExist();
        assertThat(run(folder, "status", "--org", "x").exit()).isEqualTo(2);
    }

    @Test
    void a_node_with_a_database_elsewhere_is_asked_too_and_a_second_one_leaves_its_socket_alone() throws Exception {
        var ran = run(outside.folder(), "status");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith("Roster dev on %s, ".formatted(outside.address()))
            .contains("with an external PostgreSQL");

        try (var second = outside.anotherNode(Map.of())) {
            assertThat(second.address()).isNotEqualTo(outside.address());
            assertThat(run(outside.folder(), "status").out()).startsWith("Roster dev on " + outside.address());
        }
        assertThat(run(outside.folder(), "status").out()).startsWith("Roster dev on " + outside.address());
    }
}
