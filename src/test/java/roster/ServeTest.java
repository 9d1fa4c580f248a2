package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import roster.base.json.Json;
import roster.support.Await;
import roster.support.TestRoster;

/// `roster serve` and its neighbours as processes: what they print, and how they end.
class ServeTest {
    private static final long PATIENCE_SECONDS = Await.PATIENCE.toSeconds();

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
    }

    private record Ended(int exit, String out, String err) {}

    private Process roster(String... args) throws IOException {
        return roster(List.of(), args);
    }

    private Process roster(List<String> options, String... args) throws IOException {
        var program = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path")));
        program.addAll(options);
        program.add("roster.Main");
        return start(List.of(args), program);
    }

    private Process start(List<String> args, List<String> program) throws IOException {
        var command = new ArrayList<>(program);
        command.addAll(args);
        var builder = new ProcessBuilder(command).directory(folder.toFile())
            .redirectError(folder.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("ROSTER_"));
        builder.environment().put("ROSTER_PORT", "0");
        var process = builder.start();
        started.add(process);
        return process;
    }

    private Ended ended(Process process) throws IOException, InterruptedException {
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out, Files.readString(folder.resolve("err")));
    }

    /// What is printed up to and with the line that says Ready.
    private static List<String> greeting(BufferedReader out) throws IOException {
        var lines = new ArrayList<String>();
        do {
            var line = out.readLine();
            if (line == null) {
                throw new AssertionError("ended after " + lines);
            }
            lines.add(line);
        } while (!lines.getLast().startsWith("Ready in "));
        return lines;
    }

    @Test
    void the_first_start_prints_a_curl_that_works_and_later_ones_while_the_keys_lie_there() throws Exception {
        var server = roster("serve");
        var lines = greeting(server.inputReader());
        assertThat(lines.getFirst()).matches("Roster \\S+ listens on http://127\\.0\\.0\\.1:\\d+");
        assertThat(lines.getLast()).matches("Ready in \\d+\\.\\d\\d s");
        var curl = lines.stream().filter(line -> line.contains("curl ")).findFirst().orElseThrow().strip();
        assertThat(curl).startsWith(". data/first-keys && curl ");
        var answer = ended(start(List.of("-c", curl), List.of("sh")));
        assertThat(answer.out()).contains("admin@roster.invalid");

        var keys = Files.readString(folder.resolve("data/first-keys")).lines().filter(line -> line.startsWith("DD_"))
            .map(line -> line.substring(line.indexOf('=') + 1)).toList();
        assertThat(keys).hasSize(2);
        assertThat(lines).noneMatch(line -> keys.stream().anyMatch(line::contains));
        server.destroy();
        assertThat(server.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(server.exitValue()).isZero();
        assertThat(folder.resolve("data/roster.sock")).doesNotExist();
        assertThat(folder.resolve("data/postgresql/postmaster.pid")).doesNotExist();

        // The database is ours alone now: a command opens it itself.
        var listed = ended(roster("user", "list", "--json"));
        assertThat(listed.err()).isEmpty();
        assertThat(listed.out()).contains("admin@roster.invalid");

        var again = roster("serve");
        var greeting = greeting(again.inputReader());
        assertThat(greeting).anyMatch(line -> line.contains(". data/first-keys && curl "))
            .noneMatch(line -> keys.stream().anyMatch(line::contains));

        // The line is for a shell: the address is whole there, and not a secret in what is printed.
        var letters = greeting.stream().filter(line -> line.startsWith("E-mails are shown at ")).findFirst()
            .orElseThrow().substring("E-mails are shown at ".length());
        assertThat(letters).matches("http://localhost:[0-9]+/mailbox/\\$\\(cat /.+/data/mailbox-token\\)"); // from any folder
        assertThat(ended(start(List.of("-c", "curl -sS " + letters), List.of("sh"))).out()).contains("<html");
        again.destroyForcibly().waitFor();

        // A killed server leaves its socket, and its PostgreSQL.
        assertThat(folder.resolve("data/roster.sock")).exists();
        var after = ended(roster("org", "list"));
        assertThat(after.exit()).as(after.err()).isZero();
        assertThat(after.out()).contains("Roster");
        assertThat(ended(roster("migrate")).out()).isEqualTo("The schema is up to date\n");
    }

    @Test
    void a_language_with_other_digits_changes_no_number() throws Exception {
        var options = List.of("-Duser.language=ar", "-Duser.country=EG");
        var lines = greeting(roster(options, "serve").inputReader());
        assertThat(lines.getFirst()).matches("Roster \\S+ listens on http://127\\.0\\.0\\.1:[0-9]+");
        var head = ended(roster(options, "audit", "head"));
        assertThat(head.out()).as(head.err()).matches("[0-9]+\\.[0-9]+\\.\\S+\n");
    }

    @Test
    void what_cannot_be_is_said_in_one_line() throws Exception {
        assertThat(ended(roster("user", "list"))).satisfies(ended -> {
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.err()).startsWith("roster: there is no data folder").hasLineCount(1);
        });
        assertThat(folder.resolve("data")).doesNotExist();
        Files.writeString(folder.resolve("roster.properties"), "ROSTER_DATABASE_URL=jdbc:postgresql://h:port/d\n");
        assertThat(ended(roster("serve"))).satisfies(ended -> {
            assertThat(ended.exit()).isEqualTo(2);
            assertThat(ended.err()).startsWith("roster: ROSTER_DATABASE_URL: expected").hasLineCount(1);
        });
    }

    @Test
    void the_log_is_json_without_a_terminal_and_has_no_query_in_it() throws Exception {
        var began = Instant.now();
        var server = roster("serve");
        var address = greeting(server.inputReader()).getFirst().replaceAll(".* ", "");
        assertThat(TestRoster.send(address, "GET", "/api/v2/users?filter=secretive", null,
            Map.of("DD-API-KEY", "f".repeat(32), "DD-APPLICATION-KEY", "e".repeat(40))).status())
            .isEqualTo(403);
        server.destroy();
        assertThat(server.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        var lines = Files.readAllLines(folder.resolve("err"));
        assertThat(lines).allSatisfy(line -> assertThat(line).startsWith("{\"timestamp\":").endsWith("}"))
            .anySatisfy(line -> {
                var entry = Json.parse(line.getBytes(StandardCharsets.UTF_8));
                assertThat(entry.path("message").asString()).isEqualTo("GET /api/v2/users");
                assertThat(entry.path("status").isNumber()).isTrue();
                assertThat(entry.path("status").asInt()).isEqualTo(403);
                assertThat(Instant.parse(entry.path("timestamp").asString())).isAfter(began);
                assertThat(entry.path("level").asString()).isEqualTo("INFO");
                assertThat(entry.propertyNames()).contains("logger", "request_id", "ms");
            })
            .noneMatch(line -> line.contains("secretive") || line.contains("ffff") || line.contains("io.netty"));
    }
}
