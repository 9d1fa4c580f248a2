package roster.door.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `roster export`
@CommandLine.Command(name = "export",
    description = {"Writes the people of an organization as CSV, in the form that import takes.",
        "Disabled users and service accounts are left out, as importing would make them pending people; invite is "
            + "always no. A cell that a spreadsheet would compute begins with an apostrophe."},
    footer = {"", "Examples:", "  roster export --org Acme users.csv",
        "  roster export --org Acme | gzip > users.csv.gz"})
final class ExportCommand implements LongCommand {
    @Parameters(paramLabel = "FILE", arity = "0..1",
        description = "The file to make, which must not be there yet; it is called FILE.part until it is whole. Standard "
            + "output if left out.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private OrgOption of = new OrgOption();

    @Override
    public Outcome run(Pieces pieces, Screen screen) {
        var org = pieces.org(of.org);
        try {
            var written = file.isPresent() ? toFile(file.get(), pieces, org, screen)
                : written(keptOpen(screen.out()), pieces, org, screen);
            if (screen.out().checkError()) {
                throw new Failed("not everything could be written");
            }
            return new Outcome(Outcome.DONE, "", String.format(Locale.ROOT, "%,d people written\n", written));
        } catch (FileAlreadyExistsException e) {
            throw isThere(file.orElseThrow());
        } catch (IOException | UncheckedIOException e) {
            throw new Failed("it cannot be written: " + Table.harmless(String.valueOf(e.getMessage())));
        }
    }

    /// Writes beside the file, and gives that its name at the end: a file of this name is a whole one. What an export
    /// that was killed left there is written over.
    private static long toFile(Path file, Pieces pieces, String org, Screen screen) throws IOException {
        var parent = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent)) {
            throw new Failed("there is no folder %s".formatted(Table.harmless(parent.toString())));
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw isThere(file);
        }
        var part = parent.resolve(file.getFileName() + ".part");
        try {
            var written = written(Files.newOutputStream(part), pieces, org, screen);
            Files.move(part, file);
            return written;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Failed isThere(Path file) {
        return new Failed("%s is there already".formatted(Table.harmless(file.toString())));
    }

    private static long written(OutputStream to, Pieces pieces, String org, Screen screen) throws IOException {
        try (var out = to;
            var writer = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            return write(pieces, org, writer, screen);
        }
    }

    private static OutputStream keptOpen(PrintStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }

    private static long write(Pieces pieces, String org, CsvWriter writer, Screen screen) throws IOException {
        writer.writeRecord(Cells.COLUMNS);
        var written = 0L;
        var facts = new LinkedHashMap<String, Object>();
        facts.put("kind", "export");
        facts.put("org", org);
        var page = pieces.ask(facts);
        try (var progress = new Progress(screen, "Exporting people", page.path("total").asLong())) {
            while (!page.path("rows").isEmpty()) {
                for (var row : page.path("rows")) {
                    writer.writeRecord(Cells.COLUMNS.stream()
                        .map(column -> Cells.harmless(row.path(column).asString(""))).toList());
                }
                written += page.path("rows").size();
                progress.add(page.path("rows").size());
                facts.put("after", page.path("last").asString());
                page = pieces.ask(facts);
            }
        }
        writer.flush();
        return written;
    }
}
