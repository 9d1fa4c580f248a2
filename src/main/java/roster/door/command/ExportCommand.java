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
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine;
import roster.core.reader.PeopleCsv;
import roster.door.command.BulkAnswer.Page;
import roster.door.command.BulkRequest.ExportPage;
import roster.model.Org;

/// `roster export`
@CommandLine.Command(name = "export",
    description = {"Writes the users of an organization as CSV, in the form that `roster import` reads.",
        "Disabled users and service accounts are left out, as an import would create Pending users for them. The "
            + "column invite is always no. A cell that a spreadsheet would compute starts with an apostrophe; an apostrophe "
            + "alone is an empty name or title, an empty cell is none."},
    footer = {"", "Examples:", "  roster export --org Acme users.csv",
        "  roster export --org Acme | gzip > users.csv.gz"})
final class ExportCommand implements LongCommand {
    @Parameters(paramLabel = "FILE", arity = "0..1",
        description = "The file to create; it must not exist. It is named FILE.part until it is complete. Default: standard "
            + "output.")
    private Optional<Path> file = Optional.empty();

    @Mixin
    private OrgOption of = new OrgOption();

    @Override
    public Outcome run(BulkClient client, Terminal terminal) {
        var org = client.org(of.org);
        try {
            var written = file.isPresent() ? toFile(file.get(), client, org, terminal)
                : written(keptOpen(terminal.out()), client, org, terminal);
            if (terminal.out().checkError()) {
                throw new Failed("not everything could be written");
            }
            return new Outcome(Outcome.DONE, "", Table.counted(written, "user", "users") + " written\n");
        } catch (FileAlreadyExistsException e) {
            throw isThere(file.orElseThrow());
        } catch (IOException | UncheckedIOException e) {
            throw new Failed("it cannot be written: " + Table.harmless(String.valueOf(e.getMessage())));
        }
    }

    /// Writes to FILE.part and renames it at the end, so that a file of this name is complete. What a killed export left
    /// in FILE.part is overwritten.
    private static long toFile(Path file, BulkClient client, Org.Id org, Terminal terminal) throws IOException {
        var parent = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(parent)) {
            throw new Failed("there is no folder %s".formatted(Table.harmless(parent.toString())));
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw isThere(file);
        }
        var part = parent.resolve(file.getFileName() + ".part");
        try {
            var written = written(Files.newOutputStream(part), client, org, terminal);
            Files.move(part, file);
            return written;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Failed isThere(Path file) {
        return new Failed("%s is there already".formatted(Table.harmless(file.toString())));
    }

    private static long written(OutputStream to, BulkClient client, Org.Id org, Terminal terminal) throws IOException {
        try (var out = to;
            var writer = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            return write(client, org, writer, terminal);
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

    private static long write(BulkClient client, Org.Id org, CsvWriter writer, Terminal terminal) throws IOException {
        writer.writeRecord(PeopleCsv.COLUMNS);
        var written = 0L;
        var page = client.ask(new ExportPage(org, Optional.empty()), Page.class);
        try (var progress = new Progress(terminal, "Exporting users", page.total().orElse(0L))) {
            while (!page.rows().isEmpty()) {
                page.rows().forEach(row -> writer.writeRecord(row.cells()));
                written += page.rows().size();
                progress.add(page.rows().size());
                page = client.ask(new ExportPage(org, page.last()), Page.class);
            }
        }
        writer.flush();
        return written;
    }
}
