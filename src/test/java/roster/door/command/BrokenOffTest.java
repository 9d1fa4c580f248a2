package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import roster.base.source.Ids;
import roster.core.reader.PeopleCsv;
import roster.door.command.BulkAnswer.Imported;
import roster.door.command.BulkAnswer.OrgFound;
import roster.door.command.BulkAnswer.Page;
import roster.door.command.BulkAnswer.Verdict;
import roster.door.command.BulkRequest.ExportPage;
import roster.door.command.BulkRequest.ImportPeople;
import roster.model.Org;
import roster.model.User;

/// What import and export make of a server that does not answer as it should.
class BrokenOffTest {
    private static final BulkAnswer ORG = new OrgFound(new Org.Id(new Ids().next()));
    private static final BulkAnswer LAST_PAGE = new Page(List.of(), Optional.empty(), Optional.empty());

    @TempDir
    private Path folder;

    private static Outcome run(LongCommand command, Path file, Function<BulkRequest, BulkAnswer> server) {
        new CommandLine(command).parseArgs(file.toString());
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Commands.run(command, server, new Terminal(InputStream.nullInputStream(), nowhere, nowhere, false));
    }

    private static Outcome run(LongCommand command, Path file, List<BulkAnswer> answers) {
        var left = new ArrayDeque<>(answers);
        return run(command, file, request -> left.remove());
    }

    @Test
    void who_exists_when_a_request_is_sent_again_may_have_been_created_by_the_first_attempt() throws IOException {
        var file = Files.writeString(folder.resolve("people.csv"), "email\na@y.test\nb@y.test\nc\n");

        var done = run(new ImportCommand(), file, List.of(ORG, new BulkAnswer.Busy(),
            new Imported(List.of(Verdict.EXISTS, Verdict.CREATED, Verdict.invalid(List.of("c"))))));

        assertThat(done.out()).startsWith("3 rows: 1 created, 1 exists, 1 invalid\n1 of those who exist may have been "
            + "created by this import, which had to ask the database again: their verdict is 'created or exists'\n");
        assertThat(folder.resolve("people.csv.verdict.csv")).content()
            .isEqualTo(
                "line,email,verdict\r\n2,a@y.test,created or exists\r\n3,b@y.test,created\r\n4,c,invalid: c\r\n");
    }

    @Test
    void rows_that_invite_go_in_smaller_requests() throws IOException {
        var file = Files.writeString(folder.resolve("people.csv"), "email,invite\n" + IntStream.range(0, 1000)
            .mapToObj("p%d@y.test, Yes\n"::formatted).collect(Collectors.joining()));
        var sizes = new ArrayList<Integer>();

        var done = run(new ImportCommand(), file, request -> {
            if (request instanceof ImportPeople(var org, var dryRun, var rows)) {
                sizes.add(rows.size());
                return new Imported(Collections.nCopies(rows.size(), Verdict.CREATED));
            }
            return ORG;
        });

        assertThat(done.out()).startsWith("1,000 rows: 1,000 created, 0 exist, 0 invalid\n");
        assertThat(sizes).startsWith(167).hasSizeLessThan(7);
    }

    @Test
    void an_export_that_fails_in_the_middle_leaves_no_file_and_can_be_run_again() throws IOException {
        var file = folder.resolve("people.csv");
        var page = new Page(List.of(new PeopleCsv.Row("a@y.test", Optional.empty(), Optional.empty(), List.of(), "")),
            Optional.of(new User.Id(new Ids().next())), Optional.of(2L));

        var failed =
            run(new ExportCommand(), file, List.of(ORG, page, new BulkAnswer.Failed("the server has gone")));
        assertThat(failed).isEqualTo(Outcome.failed("the server has gone"));
        assertThat(folder).isEmptyDirectory();

        assertThat(run(new ExportCommand(), file, List.of(ORG, page, LAST_PAGE)).exit()).isZero();
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        assertThat(file).hasContent("email,name,title,roles,invite\r\na@y.test,,,,\r\n");
    }

    @Test
    void a_file_that_came_meanwhile_stays() throws IOException {
        var file = folder.resolve("people.csv");

        var failed = run(new ExportCommand(), file, request -> {
            if (request instanceof ExportPage) {
                written(file, "mine");
                return LAST_PAGE;
            }
            return ORG;
        });

        assertThat(failed).isEqualTo(Outcome.failed(file + " is there already"));
        assertThat(file).hasContent("mine");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void an_answer_to_another_request_is_one_of_another_version() throws IOException {
        assertThat(run(new ExportCommand(), folder.resolve("people.csv"), List.of(ORG, ORG)))
            .isEqualTo(Outcome.failed("the server is of another version"));
        assertThat(folder).isEmptyDirectory();
    }

    private static void written(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
