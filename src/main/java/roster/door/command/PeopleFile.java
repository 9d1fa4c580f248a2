package roster.door.command;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import roster.core.reader.CsvForm;
import roster.core.reader.PeopleCsv;
import roster.model.Text;

/// A CSV file of people to import, read as a stream. A file with an error anywhere is refused as a whole, before its first
/// row is used.
final class PeopleFile {
    private static final int LINE_MAX = 32 << 10;
    private static final int SHOWN_MAX = 40;

    /// @param number of its first line in the file, from 1
    /// @param characters in all of its cells
    record Line(long number, PeopleCsv.Row row, int characters) {}

    private final Path path;
    private final CsvForm form;
    private long rows;

    private PeopleFile(Path path) {
        this.path = path;
        this.form = read(CsvForm::of);
    }

    /// Reads the whole file once, to check its form.
    ///
    /// @throws Failed if it cannot
    static PeopleFile checked(Path path) {
        if (Files.isDirectory(path)) {
            throw new Failed("%s is a folder".formatted(shown(path)));
        }
        if (!Files.isRegularFile(path)) {
            throw new Failed(Files.exists(path) ? "%s is no file that can be read twice".formatted(shown(path))
                : "there is no file %s".formatted(shown(path)));
        }
        var file = new PeopleFile(path);
        file.each(line -> file.rows++);
        return file;
    }

    long rows() {
        return rows;
    }

    /// What separates the cells of this file.
    char separator() {
        return form.separator();
    }

    void each(Consumer<Line> taker) {
        read(reader -> {
            form.skip(reader);
            each(reader, taker);
            return form;
        });
    }

    private void each(BufferedReader reader, Consumer<Line> taker) {
        var last = 0L;
        try (var records = reading().ofCsvRecord(reader)) {
            List<String> columns = null;
            for (var found : records) {
                last = found.getStartingLineNumber() + form.linesBefore();
                if (columns == null) {
                    columns = columns(found);
                } else {
                    taker.accept(line(columns, found, last));
                }
            }
            if (columns == null) {
                throw wrong("is empty: its first line must name the columns");
            }
        } catch (CsvParseException | IOException | UncheckedIOException e) {
            throw wrong(why(e, last));
        }
    }

    private interface Reading<T> {
        T read(BufferedReader reader) throws IOException;
    }

    private <T> T read(Reading<T> reading) {
        var decoder = StandardCharsets.UTF_8.newDecoder(); // which reports what is no UTF-8
        try (var reader = new BufferedReader(new InputStreamReader(Files.newInputStream(path), decoder))) {
            return reading.read(reader);
        } catch (IOException e) {
            throw wrong(why(e, 0));
        } catch (CsvForm.Unknown e) {
            throw wrong("names '%s' as its separator; commas, semicolons and tabs are known"
                .formatted(shown(e.separator())));
        }
    }

    /// With the parser that allows blanks around quotes: the other one of FastCSV (since 4.1.0) takes a line feed for
    /// the rest of a CR LF if the quoted cell before it has a lone CR, and so joins two lines or loses one.
    private CsvReader.CsvReaderBuilder reading() {
        return CsvReader.builder().fieldSeparator(form.separator()).extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE).trimWhitespacesAroundQuotes(true);
    }

    private static String why(Exception e, long line) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CharacterCodingException) {
                return "is not UTF-8; save it as UTF-8"; // read ahead of the line, which is unknown therefore
            }
            if (cause instanceof AccessDeniedException) {
                return "may not be read";
            }
        }
        return "cannot be read%s: %s".formatted(line > 0 ? " after line " + line : "",
            Table.harmless(String.valueOf(e.getMessage())));
    }

    private List<String> columns(CsvRecord header) {
        var columns = new ArrayList<String>();
        for (var sent : header.getFields()) {
            var column = sent.strip().toLowerCase(Locale.ROOT);
            if (!PeopleCsv.COLUMNS.contains(column)) {
                throw wrong("has a column '%s', which is none of %s. %s".formatted(shown(sent),
                    String.join(", ", PeopleCsv.COLUMNS),
                    header.getFieldCount() == 1 && !column.matches("\\p{L}*")
                        ? "Cells are separated by commas, semicolons or tabs"
                        : "Did you mean %s?".formatted(nearest(shown(column)))));
            }
            if (columns.contains(column)) {
                throw wrong("has the column %s twice".formatted(column));
            }
            columns.add(column);
        }
        if (!columns.contains("email")) {
            throw wrong("has no column email");
        }
        return columns;
    }

    private static String nearest(String name) {
        return PeopleCsv.COLUMNS.stream().min(Comparator.comparingInt(column -> Text.distance(column, name)))
            .orElseThrow();
    }

    private Line line(List<String> columns, CsvRecord found, long number) {
        if (found.getFieldCount() != columns.size()) {
            throw wrong("has %s in line %d, and %d in its header".formatted(
                Table.counted(found.getFieldCount(), "cell", "cells"), number,
                columns.size()));
        }
        var cells = new HashMap<String, String>();
        for (int i = 0; i < columns.size(); i++) {
            cells.put(columns.get(i), found.getField(i));
        }
        var characters = cells.values().stream().mapToInt(String::length).sum();
        if (characters > LINE_MAX) {
            throw wrong("has %d characters in line %d; %d are the most".formatted(characters, number, LINE_MAX));
        }
        if (cells.values().stream().anyMatch(cell -> cell.indexOf('\0') >= 0)) {
            throw wrong("has a NUL in line %d; it is no text".formatted(number));
        }
        var row = new PeopleCsv.Row(PeopleCsv.meant(cells.get("email")), PeopleCsv.text(cells.getOrDefault("name", "")),
            PeopleCsv.text(cells.getOrDefault("title", "")),
            PeopleCsv.divided(PeopleCsv.meant(cells.getOrDefault("roles", ""))),
            PeopleCsv.meant(cells.getOrDefault("invite", "")));
        return new Line(number, row, characters);
    }

    private Failed wrong(String what) {
        return new Failed(shown(path) + " " + what);
    }

    private static String shown(Path path) {
        return Table.harmless(path.toString());
    }

    private static String shown(String text) {
        var harmless = Table.harmless(text);
        return Text.length(harmless) <= SHOWN_MAX ? harmless
            : harmless.substring(0, harmless.offsetByCodePoints(0, SHOWN_MAX)) + "…";
    }
}
