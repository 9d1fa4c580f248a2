package roster.core.reader;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import roster.core.reader.PastedLine.Fault;

/// A pasted table whose first line names its columns. Other columns than those of [Column] are passed over.
///
/// @param header as it was pasted
/// @param lines of its people, not numbered
record PeopleTable(String header, List<PastedLine> lines) {
    /// What a column is about, and what it may be called: in Roster's own files, in those of address books, and in some
    /// languages.
    private enum Column {
        EMAIL("email", "e-mail", "mail", "email address", "e-mail address", "email-address", "emailaddress",
            "e-mail-adresse", "email-adresse", "mailadresse", "adresse e-mail", "adresse email", "courriel",
            "correo", "correo electrónico", "e-mail 1 - value", "primary email", "email address [required]"),
        NAME("name", "full name", "fullname", "display name", "vollständiger name", "anzeigename", "nom complet",
            "nombre completo"),
        FIRST("first name", "firstname", "given name", "vorname", "prénom", "nombre", "first name [required]"),
        LAST("last name", "lastname", "family name", "surname", "nachname", "familienname", "nom", "apellido",
            "apellidos", "last name [required]"),
        TITLE("title", "job title", "titel", "position", "titre", "fonction", "organization title", "puesto", "cargo"),
        ROLES("roles", "role", "rollen", "rolle", "rôles", "rôle", "rol");

        private final List<String> names;

        Column(String... names) {
            this.names = List.of(names);
        }

        private static Optional<Column> named(String cell) {
            var name = cell.strip().toLowerCase(Locale.ROOT);
            return Stream.of(values()).filter(column -> column.names.contains(name)).findFirst();
        }
    }

    /// A line before the header, in which a spreadsheet says what separates cells.
    private static final Pattern SEPARATOR = Pattern.compile("(?i)\\s{0,9}sep=[,;\t]\n");
    private static final List<Character> SEPARATORS = List.of(',', ';', '\t');
    private static final int HEADER_MAX = 4000;

    /// @return none if the first line does not name an address among at least two columns
    static Optional<PeopleTable> of(String text) {
        var named = SEPARATOR.matcher(text);
        var body = begun(named.lookingAt() ? text.substring(named.end()) : text);
        var header = body.lines().findFirst().orElse("");
        if (header.length() > HEADER_MAX || header.indexOf('@') >= 0) {
            return Optional.empty();
        }
        return SEPARATORS.stream().filter(one -> header.indexOf(one) >= 0)
            .flatMap(one -> Parsed.by(one, body).stream())
            .filter(parsed -> parsed.columns().containsKey(Column.EMAIL))
            .max(Comparator.comparingLong(Parsed::regular))
            .map(parsed -> new PeopleTable(header, parsed.people()))
            .or(() -> single(header, body));
    }

    /// From the first line on that is not blank.
    private static String begun(String text) {
        var begin = 0;
        for (int i = 0; i < text.length() && Character.isWhitespace(text.charAt(i)); i++) {
            if (text.charAt(i) == '\n') {
                begin = i + 1;
            }
        }
        return text.substring(begin);
    }

    /// A column of addresses alone is read by line, without its header.
    private static Optional<PeopleTable> single(String header, String body) {
        return Column.named(NameText.unquoted(header)).filter(Column.EMAIL::equals)
            .map(_ -> new PeopleTable(header, body.lines().skip(1).flatMap(line -> LineReader.read(line).stream())
                .toList()));
    }

    /// The table, if a certain character is between its cells.
    private record Parsed(char separator, List<CsvRecord> records) {
        private static Optional<Parsed> by(char separator, String body) {
            // Of FastCSV's parsers, the one that allows blanks around quotes, as for import.
            try (var reader = CsvReader.builder().fieldSeparator(separator)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE).missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .trimWhitespacesAroundQuotes(true).ofCsvRecord(body)) {
                var all = reader.stream().toList();
                return all.isEmpty() ? Optional.empty() : Optional.of(new Parsed(separator, all));
            } catch (CsvParseException | UncheckedIOException e) { // a quote without an end, or too much in one cell
                return Optional.empty();
            } catch (java.io.IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Map<Column, Integer> columns() {
            var columns = new EnumMap<Column, Integer>(Column.class);
            var cells = records.getFirst().getFields();
            for (int i = 0; i < cells.size(); i++) {
                var place = i;
                Column.named(cells.get(i)).ifPresent(column -> columns.putIfAbsent(column, place));
            }
            return columns;
        }

        /// Lines with as many cells as the first.
        private long regular() {
            var cells = records.getFirst().getFieldCount();
            return records.stream().filter(one -> one.getFieldCount() == cells).count();
        }

        private List<PastedLine> people() {
            var columns = columns();
            var people = new ArrayList<PastedLine>();
            records.stream().skip(1).filter(one -> one.getFields().stream().anyMatch(Predicate.not(String::isBlank)))
                .forEach(one -> people.addAll(people(columns, one)));
            return people;
        }

        private List<PastedLine> people(Map<Column, Integer> columns, CsvRecord cells) {
            var source = source(cells);
            var length = source.length();
            var name = name(columns, cells);
            var roles = cell(columns, cells, Column.ROLES).stream()
                .flatMap(cell -> PeopleCsv.divided(PeopleCsv.meant(cell)).stream()).map(String::strip).toList();
            if (length > PastedLine.MAX) {
                return List.of(PastedLine.faulty(source.substring(0, PastedLine.MAX), Optional.empty(), List.of(),
                    new Fault.TooLong(length)));
            }
            var email = cell(columns, cells, Column.EMAIL).map(PeopleCsv::meant).orElse("");
            var found = LineReader.read(email);
            if (found.isEmpty()) {
                return List.of(PastedLine.faulty(source, name, roles, new Fault.NoAddress()));
            }
            return found.stream().map(one -> new PastedLine(0, source, one.email(), name.or(one::name),
                cell(columns, cells, Column.TITLE).map(PeopleCsv::meant), roles, one.fault())).toList();
        }

        private static Optional<String> name(Map<Column, Integer> columns, CsvRecord cells) {
            var parts = Stream.of(Column.FIRST, Column.LAST).flatMap(column -> cell(columns, cells, column).stream())
                .map(PeopleCsv::meant).collect(Collectors.joining(" "));
            return cell(columns, cells, Column.NAME).map(PeopleCsv::meant)
                .or(() -> Optional.of(parts).filter(Predicate.not(String::isBlank)));
        }

        private static Optional<String> cell(Map<Column, Integer> columns, CsvRecord cells, Column column) {
            return Optional.ofNullable(columns.get(column)).filter(place -> place < cells.getFieldCount())
                .map(place -> cells.getField(place).strip()).filter(Predicate.not(String::isEmpty));
        }

        /// As it can be pasted again below the same header, in one line.
        private String source(CsvRecord cells) {
            return cells.getFields().stream().map(cell -> cell.replace('\n', ' '))
                .map(cell -> cell.indexOf(separator) >= 0 || cell.indexOf('"') >= 0
                    ? '"' + cell.replace("\"", "\"\"") + '"' : cell)
                .collect(Collectors.joining(Character.toString(separator)));
        }
    }
}
