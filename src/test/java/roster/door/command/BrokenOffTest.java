package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import roster.base.json.Json;
import tools.jackson.databind.JsonNode;

/// What import and export make of a server that does not answer as it should, by the form of its answers.
class BrokenOffTest {
    private static final Map<String, Object> ORG = Map.of("done", Map.of("id", "an organisation"));
    private static final Map<String, Object> BUSY = Map.of("busy", true);

    @TempDir
    private Path folder;

    private static Outcome run(LongCommand command, Path file, Function<Map<String, Object>, JsonNode> server) {
        new CommandLine(command).parseArgs(file.toString());
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Commands.run(command, server, new Screen(nowhere, nowhere, false));
    }

    private static Outcome run(LongCommand command, Path file, List<Map<String, Object>> answers) {
        var left = new ArrayDeque<>(answers);
        return run(command, file, piece -> Json.parse(Json.bytes(left.remove())));
    }

    private static Map<String, Object> verdicts(String... verdicts) {
        return Map.of("done", Map.of("verdicts", List.of(verdicts)));
    }

    @Test
    void who_exists_when_a_piece_is_asked_for_again_may_have_been_created_by_the_first_attempt() throws IOException {
        var file = Files.writeString(folder.resolve("people.csv"), "email\na@y.test\nb@y.test\nc\n");

        var done = run(new ImportCommand(), file, List.of(ORG, BUSY, verdicts("exists", "created", "invalid: c")));

        assertThat(done.out()).startsWith("3 rows: 1 created, 1 exist, 1 invalid\n1 of those who exist may have been "
            + "created by this import, which had to ask the database again: their verdict is 'created or exists'\n");
        assertThat(folder.resolve("people.csv.verdict.csv")).content()
            .isEqualTo(
                "line,email,verdict\r\n2,a@y.test,created or exists\r\n3,b@y.test,created\r\n4,c,invalid: c\r\n");
    }

    @Test
    void rows_that_invite_go_in_smaller_pieces() throws IOException {
        var file = Files.writeString(folder.resolve("people.csv"), "email,invite\n" + IntStream.range(0, 1000)
            .mapToObj("p%d@y.test, Yes\n"::formatted).collect(Collectors.joining()));
        var pieces = new ArrayList<Integer>();

        var done = run(new ImportCommand(), file, piece -> {
            var rows = piece.get("rows") instanceof List<?> some ? some.size() : 0;
            pieces.add(rows);
            return Json.parse(Json.bytes(rows == 0 ? ORG
                : verdicts(Collections.nCopies(rows, Bulk.CREATED).toArray(String[]::new))));
        });

        assertThat(done.out()).startsWith("1,000 rows: 1,000 created, 0 exist, 0 invalid\n");
        assertThat(pieces).startsWith(0, 167).hasSizeLessThan(8);
    }

    @Test
    void an_export_that_fails_in_the_middle_leaves_no_file_and_can_be_run_again() throws IOException {
        var file = folder.resolve("people.csv");
        var page = Map.<String, Object>of("done", Map.of("total", 2, "last", "an id", "rows",
            List.of(Map.of("email", "a@y.test"))));
        var end = Map.<String, Object>of("done", Map.of("rows", List.of()));

        var failed = run(new ExportCommand(), file, List.of(ORG, page, Map.of("failed", "the server has gone")));
        assertThat(failed).isEqualTo(Outcome.failed("the server has gone"));
        assertThat(folder).isEmptyDirectory();

        assertThat(run(new ExportCommand(), file, List.of(ORG, page, end)).exit()).isZero();
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(file).hasContent("email,name,title,roles,invite\r\na@y.test,,,,\r\n");
    }

    @Test
    void a_file_that_came_meanwhile_stays() throws IOException {
        var file = folder.resolve("people.csv");
        var left = new ArrayDeque<>(List.of(ORG, Map.<String, Object>of("done", Map.of("rows", List.of()))));

        var failed = run(new ExportCommand(), file, piece -> {
            if (left.size() == 1) {
                written(file, "mine");
            }
            return Json.parse(Json.bytes(left.remove()));
        });

        assertThat(failed).isEqualTo(Outcome.failed(file + " is there already"));
        assertThat(file).hasContent("mine");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    private static void written(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
