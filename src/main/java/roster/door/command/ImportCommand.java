package roster.door.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine;
import roster.core.reader.PeopleCsv;
import roster.base.work.BatchSize;
import roster.door.command.BulkAnswer.Imported;
import roster.door.command.BulkAnswer.Verdict;
import roster.door.command.BulkRequest.ImportPeople;
import roster.model.Email;
import roster.model.Org;

/// `roster import`
@CommandLine.Command(name = "import",
    description = {"Creates a user for each row of a CSV file.",
        "The first line names the columns, in any order: email, name, title, roles (names in any letter case, separated by ;) and "
            + "invite (yes or no). The file is UTF-8, with commas, semicolons or tabs between cells, as in its first "
            + "line. A lone apostrophe stands for an empty name or title; an empty cell means that there is none.",
        "FILE.verdict.csv says for each row whether the user was created or exists already, or why the row is invalid. "
            + "Existing users are not changed: after an interruption, run the import again."},
    footer = {"", "Examples:", "  roster import users.csv --org Acme --dry-run",
        "  roster import users.csv --org Acme"})
final class ImportCommand implements LongCommand {
    private static final int CHARACTERS_AT_ONCE = 256 << 10;
    /// A row that invites its person counts as this many: it writes invitation, link, e-mail and audit entry too.
    private static final int INVITING = 3;

    private static final int SHOWN_MAX = 20;
    private static final String CREATED_OR_EXISTS = "created or exists";

    @Parameters(paramLabel = "FILE", description = "The file to read.")
    private Path file;

    @Mixin
    private OrgOption of = new OrgOption();

    @Option(names = "--dry-run", description = "Say what would happen, and change nothing.")
    private boolean dryRun;

    @Override
    public Outcome run(BulkClient client, Terminal terminal) {
        var people = PeopleFile.checked(file);
        var org = client.org(of.org);
        var verdictFile = file.resolveSibling(file.getFileName() + ".verdict.csv");
        try (var verdicts = dryRun ? Optional.<CsvWriter>empty().orElse(null)
            : CsvWriter.builder().fieldSeparator(people.separator()).build(verdictFile);
            var progress = new Progress(terminal, dryRun ? "Looking at rows" : "Importing rows", people.rows())) {
            var work = new Work(client, org, Optional.ofNullable(verdicts), progress);
            work.write(List.of("line", "email", "verdict"));
            people.each(work::take);
            work.flush();
            return outcome(work, progress, verdictFile);
        } catch (IOException | UncheckedIOException e) {
            throw new Failed("%s cannot be written: %s".formatted(Table.harmless(verdictFile.toString()),
                Table.harmless(String.valueOf(e.getMessage()))));
        }
    }

    private Outcome outcome(Work work, Progress progress, Path verdictFile) {
        var rows = work.created + work.existing + work.invalid;
        var text = new StringBuilder(String.format(Locale.ROOT, dryRun
            ? "%s: %,d would be created, %s, %,d invalid. Nothing was written.\n"
            : "%s: %,d created, %s, %,d invalid\n", Table.counted(rows, "row", "rows"), work.created,
            Table.counted(work.existing, "exists", "exist"), work.invalid));
        if (work.createdOrExisting > 0) {
            text.append(String.format(Locale.ROOT, "%,d of those who exist may have been created by this import, which "
                + "had to ask the database again: their verdict is '%s'\n", work.createdOrExisting, CREATED_OR_EXISTS));
        }
        if (!dryRun) {
            text.append("%s a second; each has its line in %s\n".formatted(
                Table.counted(Math.round(rows / progress.seconds()), "row", "rows"),
                Table.harmless(verdictFile.toString())));
        }
        var faults = new StringBuilder();
        work.faults.forEach(fault -> faults.append("roster: ").append(Table.harmless(fault)).append('\n'));
        if (work.invalid > work.faults.size()) {
            faults.append("roster: and %d more\n".formatted(work.invalid - work.faults.size()));
        }
        return new Outcome(work.invalid == 0 ? Outcome.DONE : Outcome.FAILED, text.toString(), faults.toString());
    }

    /// Rows that wait to be sent, and what became of earlier ones.
    private final class Work {
        private final BulkClient client;
        private final Org.Id org;
        private final Optional<CsvWriter> verdicts;
        private final Progress progress;
        private final List<PeopleFile.Line> waiting = new ArrayList<>();
        private final BatchSize batch = new BatchSize();
        private int characters;
        private int weight;
        private long created;
        private long existing;
        private long createdOrExisting;
        private long invalid;
        private final List<String> faults = new ArrayList<>();

        /// Whom a real run would have created by now; only a dry run, whose client leave no trace, has to know.
        private final Set<String> imagined = new HashSet<>();

        Work(BulkClient client, Org.Id org, Optional<CsvWriter> verdicts, Progress progress) {
            this.client = client;
            this.org = org;
            this.verdicts = verdicts;
            this.progress = progress;
        }

        void take(PeopleFile.Line line) {
            if (weight >= batch.rows() || characters > CHARACTERS_AT_ONCE) {
                flush();
            }
            waiting.add(line);
            characters += line.characters();
            weight += line.row().invites() ? INVITING : 1;
        }

        void flush() {
            var rows = waiting.stream().map(PeopleFile.Line::row).toList();
            var began = System.nanoTime();
            var answer = rows.isEmpty() ? List.<Verdict>of()
                : client.ask(new ImportPeople(org, dryRun, rows), Imported.class).verdicts();
            batch.took(weight, Duration.ofNanos(System.nanoTime() - began));
            for (int i = 0; i < answer.size(); i++) {
                note(waiting.get(i), answer.get(i), !dryRun && client.askedAgain());
            }
            verdicts.ifPresent(ImportCommand::flushed);
            progress.add(waiting.size());
            waiting.clear();
            characters = 0;
            weight = 0;
        }

        /// @param askedAgain whether an earlier attempt may have created those who exist now
        private void note(PeopleFile.Line line, Verdict verdict, boolean askedAgain) {
            var email = line.row().email();
            var text = switch (verdict.kind()) {
                case CREATED -> !dryRun || imagined.add(Email.folded(email).orElseThrow()) ? created() : exists(false);
                case EXISTS -> exists(askedAgain);
                case INVALID -> invalid(line, "invalid: " + String.join("; ", verdict.faults()));
            };
            write(List.of(Long.toString(line.number()), PeopleCsv.harmless(email), PeopleCsv.harmless(text)));
        }

        private String created() {
            created++;
            return "created";
        }

        private String exists(boolean askedAgain) {
            existing++;
            if (askedAgain) {
                createdOrExisting++;
                return CREATED_OR_EXISTS;
            }
            return "exists";
        }

        private String invalid(PeopleFile.Line line, String text) {
            invalid++;
            if (faults.size() < SHOWN_MAX) {
                faults.add("line %d: %s".formatted(line.number(), text));
            }
            return text;
        }

        private void write(List<String> record) {
            verdicts.ifPresent(writer -> writer.writeRecord(record));
        }
    }

    private static void flushed(CsvWriter writer) {
        try {
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
