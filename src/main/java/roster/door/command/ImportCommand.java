package roster.door.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import roster.model.Email;

/// `roster import`
@CommandLine.Command(name = "import",
    description = {"Adds the people of a CSV file to an organization.",
        "Its first line names the columns, in any order: email, name, title, roles (names, divided by ;) and invite "
            + "(yes or no). UTF-8; commas between cells.",
        "FILE.verdict.csv says of each row whether the person was created, exists already, or why the row is invalid. "
            + "Nobody who exists is changed, so an import that was stopped is simply run again."},
    footer = {"", "Examples:", "  roster import users.csv --org Acme --dry-run",
        "  roster import users.csv --org Acme"})
final class ImportCommand implements LongCommand {
    private static final int CHARACTERS_AT_ONCE = 256 << 10;
    private static final int SHOWN_MAX = 20;
    private static final String CREATED_OR_EXISTS = "created or exists";

    @Parameters(paramLabel = "FILE", description = "The file to read.")
    private Path file;

    @Mixin
    private OrgOption of = new OrgOption();

    @Option(names = "--dry-run", description = "Say what would happen, and write nothing.")
    private boolean dryRun;

    @Override
    public Outcome run(Pieces pieces, Screen screen) {
        var people = PeopleFile.checked(file);
        var org = pieces.org(of.org);
        var verdictFile = file.resolveSibling(file.getFileName() + ".verdict.csv");
        try (var verdicts = dryRun ? Optional.<CsvWriter>empty().orElse(null) : CsvWriter.builder().build(verdictFile);
            var progress = new Progress(screen, dryRun ? "Looking at rows" : "Importing rows", people.rows())) {
            var work = new Work(pieces, org, Optional.ofNullable(verdicts), progress);
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
        var text = new StringBuilder(String.format(Locale.ROOT, dryRun
            ? "%,d rows: %,d would be created, %,d exist, %,d invalid. Nothing was written.\n"
            : "%,d rows: %,d created, %,d exist, %,d invalid\n", work.created + work.existing + work.invalid,
            work.created, work.existing, work.invalid));
        if (work.createdOrExisting > 0) {
            text.append(String.format(Locale.ROOT, "%,d of those who exist may have been created by this import, which "
                + "had to ask the database again: their verdict is '%s'\n", work.createdOrExisting, CREATED_OR_EXISTS));
        }
        if (!dryRun) {
            text.append(String.format(Locale.ROOT, "%,.0f rows a second; each has its line in %s\n",
                (work.created + work.existing + work.invalid) / progress.seconds(),
                Table.harmless(verdictFile.toString())));
        }
        var faults = new StringBuilder();
        work.faults.forEach(fault -> faults.append("roster: ").append(Table.harmless(fault)).append('\n'));
        if (work.invalid > work.faults.size()) {
            faults.append("roster: and %d more\n".formatted(work.invalid - work.faults.size()));
        }
        return new Outcome(work.invalid == 0 ? Outcome.DONE : Outcome.FAILED, text.toString(), faults.toString());
    }

    /// Rows on their way, and what became of those before.
    private final class Work {
        private final Pieces pieces;
        private final String org;
        private final Optional<CsvWriter> verdicts;
        private final Progress progress;
        private final List<PeopleFile.Line> waiting = new ArrayList<>();
        private final Pace pace = new Pace();
        private int characters;
        private int weight;
        private long created;
        private long existing;
        private long createdOrExisting;
        private long invalid;
        private final List<String> faults = new ArrayList<>();

        /// Whom a real run would have created by now; only a dry run, whose pieces leave no trace, has to know.
        private final Set<String> imagined = new HashSet<>();

        Work(Pieces pieces, String org, Optional<CsvWriter> verdicts, Progress progress) {
            this.pieces = pieces;
            this.org = org;
            this.verdicts = verdicts;
            this.progress = progress;
        }

        void take(PeopleFile.Line line) {
            if (weight >= pace.rows() || characters > CHARACTERS_AT_ONCE) {
                flush();
            }
            waiting.add(line);
            characters += line.length();
            weight += line.invites() ? Pace.INVITING : 1;
        }

        void flush() {
            var facts = new LinkedHashMap<String, Object>();
            facts.put("kind", "import");
            facts.put("org", org);
            facts.put("dry_run", dryRun);
            facts.put("rows", waiting.stream().map(PeopleFile.Line::cells).toList());
            var began = System.nanoTime();
            var answer = waiting.isEmpty() ? List.<String>of()
                : pieces.ask(facts).path("verdicts").valueStream().map(verdict -> verdict.asString()).toList();
            pace.took(weight, Duration.ofNanos(System.nanoTime() - began));
            for (int i = 0; i < answer.size(); i++) {
                note(waiting.get(i), answer.get(i), !dryRun && pieces.askedAgain());
            }
            verdicts.ifPresent(ImportCommand::flushed);
            progress.add(waiting.size());
            waiting.clear();
            characters = 0;
            weight = 0;
        }

        /// @param askedAgain whether an attempt before may have created those who exist now
        private void note(PeopleFile.Line line, String said, boolean askedAgain) {
            var email = line.cells().get("email");
            var verdict = said.equals(Bulk.CREATED) && dryRun && !imagined.add(Email.folded(email).orElseThrow())
                ? Bulk.EXISTS : said.equals(Bulk.EXISTS) && askedAgain ? CREATED_OR_EXISTS : said;
            switch (verdict) {
                case Bulk.CREATED -> created++;
                case Bulk.EXISTS -> existing++;
                case CREATED_OR_EXISTS -> {
                    existing++;
                    createdOrExisting++;
                }
                default -> {
                    invalid++;
                    if (faults.size() < SHOWN_MAX) {
                        faults.add("line %d: %s".formatted(line.number(), verdict));
                    }
                }
            }
            write(List.of(Long.toString(line.number()), Cells.harmless(email), Cells.harmless(verdict)));
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
