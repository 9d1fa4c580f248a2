package roster.core.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Reads the people that a pasted text or a file names: one a line, or in any form with addresses in it.
///
/// If the first line names `email` among its cells, the text is a table, with commas, semicolons or tabs between cells.
/// Else each line is read by itself: `Name <address>`, `Last, First <address>`, cells, or several addresses, which are a line
/// each. Text before an address is a name, text after it names roles.
public final class PeopleReader {
    /// Lines that are read at a time.
    public static final int LINES_MAX = 10_000;

    /// What came of a text.
    public sealed interface Outcome {}

    /// @param header the line that names the columns of a table, to be pasted again with some of its lines
    /// @param windows whether a file was read as Windows-1252
    public record People(List<PastedLine> lines, Optional<String> header, boolean windows) implements Outcome {
        public People {
            lines = List.copyOf(lines);
        }
    }

    /// More lines than [#LINES_MAX].
    public record TooManyLines(int lines) implements Outcome {}

    /// More than [PastedText#MAX] bytes or characters.
    public record TooLong() implements Outcome {}

    private PeopleReader() {}

    public static Outcome read(String pasted) {
        return pasted.length() > PastedText.MAX ? new TooLong() : read(PastedText.of(pasted));
    }

    /// A file, in the encodings of [PastedText#of(byte[])].
    public static Outcome read(byte[] file) {
        return file.length > PastedText.MAX ? new TooLong() : read(PastedText.of(file));
    }

    private static Outcome read(PastedText text) {
        var table = PeopleTable.of(text.text());
        var found = table.map(PeopleTable::lines)
            .orElseGet(() -> text.text().lines().flatMap(line -> LineReader.read(line).stream()).toList());
        if (found.size() > LINES_MAX) {
            return new TooManyLines(found.size());
        }
        var lines = new ArrayList<PastedLine>();
        IntStream.range(0, found.size()).forEach(i -> lines.add(found.get(i).numbered(i + 1)));
        return new People(lines, table.map(PeopleTable::header), text.windows());
    }
}
