package roster.door.web.console;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.List;
import roster.base.html.HtmlPage;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.StoredBody;
import roster.core.directory.PeopleExport;
import roster.core.index.PeopleRequest;
import roster.core.reader.PeopleCsv;
import roster.model.Permission;
import roster.model.User;

/// `/console/people.csv`: the list of people as a file, all of it and in its order. Its first columns are those that
/// `roster import` reads.
final class PeopleFile {
    private static final List<String> COLUMNS =
        List.of("email", "name", "title", "roles", "status", "last_sign_in", "created_at", "id");

    /// Without it, spreadsheets take the file for one of another encoding.
    private static final String BOM = "\uFEFF";

    private static final int BUFFERED = 64 << 10;

    private final PeoplePages people;
    private final PeopleExport export;

    PeopleFile(PeoplePages people, PeopleExport export) {
        this.people = people;
        this.export = export;
    }

    void addTo(Console.Pages pages) {
        pages.get(PeoplePages.PATH + ".csv", Needs.sessionOf(Permission.USER_ACCESS_READ), this::file);
    }

    private Response file(Visit visit) {
        var asked = people.asked(visit);
        var request = new PeopleRequest(asked.query(), PeopleRequest.Place.FIRST, 1, visit.times().now(),
            visit.viewer().zone());
        return HtmlPage.file(CsvFile.name(visit, "people", "csv"), "text/csv; charset=utf-8",
            StoredBody.of(out -> write(visit, request, out)));
    }

    private void write(Visit visit, PeopleRequest request, OutputStream out) {
        try {
            var text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), BUFFERED);
            text.write(BOM);
            var csv = CsvWriter.builder().build(text); // lines end with CR and LF
            csv.writeRecord(COLUMNS);
            export.each(visit.caller(), request, (user, roles) -> csv.writeRecord(cells(user, roles)));
            csv.flush();
            text.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> cells(User user, List<String> roles) {
        var row = new PeopleCsv.Row(user.email(), user.name(), user.title(), roles, "").cells();
        return List.of(row.get(0), row.get(1), row.get(2), row.get(3), user.status().text(),
            user.lastLoginAt().map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse(""),
            user.createdAt().truncatedTo(ChronoUnit.SECONDS).toString(), user.id().toString());
    }
}
