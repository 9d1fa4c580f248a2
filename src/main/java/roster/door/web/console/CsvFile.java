package roster.door.web.console;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import roster.base.html.HtmlPage;
import roster.base.http.Response;
import roster.base.http.StoredBody;
import roster.core.reader.PeopleCsv;

/// A CSV file for spreadsheets: UTF-8 with a byte order mark, CR LF, and an apostrophe before what would be computed.
final class CsvFile {
    private CsvFile() {}

    /// @param name printable ASCII, without quotation marks
    /// @param rows hands out each row, as a list of cells
    static Response of(String name, List<String> header, Consumer<Consumer<List<String>>> rows) {
        return HtmlPage.file(name, "text/csv; charset=utf-8", StoredBody.of(out -> {
            try {
                var writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                writer.write('\uFEFF');
                var csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(writer);
                csv.writeRecord(header);
                rows.accept(row -> csv.writeRecord(row.stream().map(PeopleCsv::harmless).toList()));
                csv.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }

    /// `northwind-labs-people-2026-11-29.csv`
    static String name(Visit visit, String what, String ending) {
        return "%s-%s-%s.%s".formatted(spelled(visit.viewer().org()), what, visit.times().today(), ending);
    }

    /// A name as a part of that of a file: `northwind-labs`.
    private static String spelled(String name) {
        var plain = Normalizer.normalize(name, Normalizer.Form.NFD).replaceAll("\\p{M}+", "").toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return plain.isEmpty() ? "roster" : plain;
    }
}
