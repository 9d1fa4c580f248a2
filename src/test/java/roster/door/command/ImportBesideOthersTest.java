package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import roster.base.json.Json;
import roster.support.Operator;
import roster.support.ServerProcess;
import tools.jackson.databind.JsonNode;

/// `roster import` while a server serves: paging meanwhile, and a killed command.
class ImportBesideOthersTest {
    /// Enough rows that the import is still running when the test, having seen it begin, kills it.
    private static final int KILLED = 60_000;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Path folder;
    private static ServerProcess server;

    @BeforeAll
    static void start() throws IOException {
        folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "test-data").toAbsolutePath()),
            "beside");
        server = ServerProcess.start(Files.createDirectory(folder.resolve("data")), Map.of());
    }

    @AfterAll
    static void end() throws InterruptedException {
        server.end();
    }

    private static Operator.Ran run(Object... args) {
        return Operator.run(folder.resolve("data"), new ByteArrayOutputStream(), args);
    }

    private static Path people(String name, int count) throws IOException {
        return Files.writeString(folder.resolve(name + ".csv"), "email,name\n" + IntStream.range(0, count)
            .mapToObj(i -> "%s%d@acme.test,P\n".formatted(name, i)).collect(Collectors.joining()));
    }

    private static JsonNode get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(server.address()).resolve(path));
        ServerProcess.KEYS.forEach(request::header);
        var answer = HTTP.send(request.build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.parse(answer.body());
    }

    /// The addresses of all users, paged by cursor from the first page to the last.
    private static List<String> paged(String sort) throws IOException, InterruptedException {
        var seen = new ArrayList<String>();
        for (var next = "/api/v2/users?page[size]=500&sort=".replace("[", "%5B").replace("]", "%5D") + sort; !next
            .isEmpty();) {
            var page = get(next);
            page.path("data").forEach(user -> seen.add(user.at("/attributes/email").asString()));
            next = page.at("/links/next").asString("");
        }
        return seen;
    }

    @Test
    void paging_by_cursor_during_an_import_misses_no_user_who_was_there() throws Exception {
        assertThat(run("import", people("early", 1500), "--org", "Roster").exit()).isZero();
        var early = IntStream.range(0, 1500).mapToObj("early%d@acme.test"::formatted).toList();
        var late = people("late", 6000);

        var running = CompletableFuture.supplyAsync(() -> run("import", late, "--org", "Roster"));
        do {
            for (var sort : List.of("created_at", "-created_at")) {
                assertThat(paged(sort)).as(sort).doesNotHaveDuplicates().containsAll(early);
            }
        } while (!running.isDone());

        assertThat(running.get().exit()).as(running.get().err()).isZero();
        assertThat(paged("created_at")).doesNotHaveDuplicates().hasSize(7501);
        assertThat(server.sql("SELECT count(*), count(DISTINCT created_at) FROM users WHERE email LIKE 'late%'")
            .getFirst()).containsExactly(6000L, 6000L);
    }

    @Test
    void an_import_command_that_a_kill_9_ended_is_run_again_and_each_person_is_there_once() throws Exception {
        run("org", "create", "Killed", "--admin-email", "ada@acme.test");
        var file = people("killed", KILLED);
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow", "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), "roster.Main",
            "import", file.toString(), "--org", "Killed");
        builder.environment().put("ROSTER_DATA", folder.resolve("data").toString());
        var command = builder.start();
        try (var shown = command.errorReader(StandardCharsets.UTF_8)) {
            for (var line = shown.readLine(); !line.startsWith("Importing rows: ");) {
                line = shown.readLine();
            }
        } finally {
            assertThat(command.destroyForcibly().waitFor()).isEqualTo(137);
        }

        var again = run("import", file, "--org", "Killed");

        assertThat(again.exit()).as(again.err()).isZero();
        var created = Long.parseLong(again.out().replaceAll("(?s)^[0-9,]+ rows: ([0-9,]+) created.*", "$1")
            .replace(",", ""));
        assertThat(created).isLessThan(KILLED);
        assertThat(again.out()).startsWith(
            String.format(Locale.ROOT, "%,d rows: %,d created, %,d exist, 0 invalid", KILLED, created,
                KILLED - created));
        assertThat(Files.readAllLines(folder.resolve("killed.csv.verdict.csv"))).hasSize(KILLED + 1);
        assertThat(server.sql("""
            SELECT (SELECT count(*) FROM users WHERE email LIKE 'killed%'),
                   (SELECT count(DISTINCT email) FROM users WHERE email LIKE 'killed%'),
                   (SELECT count(*) FROM audit_entries WHERE action = 'user.created' AND subject_name LIKE 'killed%')
            """).getFirst()).containsExactly((long) KILLED, (long) KILLED, (long) KILLED);
    }
}
