package roster.core.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import roster.core.reader.Addresses.Found;
import roster.core.reader.PastedLine.Fault;
import roster.model.Email;
import roster.model.Text;

/// Reads a line that names people by their addresses.
final class LineReader {
    private static final Pattern TOP_LEVEL = Pattern.compile("(\\p{L}{2,24}(\\.\\p{L}{2,24})*)([\\s>;)\\],]|$)");
    private static final int SHOWN_MAX = 80;
    private static final int LOOKED_AT = 100;

    private LineReader() {}

    /// @return one for each address, or one with a fault; none for a blank line, or one of separators alone
    static List<PastedLine> read(String line) {
        var text = line.strip();
        if (text.codePoints().noneMatch(Character::isLetterOrDigit)) {
            return text.indexOf('@') < 0 ? List.of() : List.of(none(text));
        }
        var found = Addresses.in(text);
        return switch (found.size()) {
            case 0 -> List.of(none(text));
            case 1 -> List.of(only(text, found.getFirst()));
            default -> several(text, found);
        };
    }

    private static PastedLine none(String text) {
        return PastedLine.faulty(cut(text), Optional.empty(), List.of(),
            text.length() > PastedLine.MAX ? new Fault.TooLong(text.length()) : new Fault.NoAddress());
    }

    private static PastedLine only(String text, Found found) {
        return person(text, text.substring(0, found.from()), found, text.substring(found.to()), text);
    }

    private static String cut(String text) {
        return text.length() <= PastedLine.MAX ? text : text.substring(0, PastedLine.MAX);
    }

    /// @param line in which the address stands
    private static PastedLine person(String source, String before, Found found, String after, String line) {
        if (source.length() > PastedLine.MAX) {
            return PastedLine.faulty(cut(source), Optional.empty(), List.of(),
                new Fault.TooLong(source.length()));
        }
        var name = NameText.name(before, found.text()).or(() -> NameText.inBrackets(after));
        var roles = NameText.inBrackets(after).isPresent() || after.startsWith("?") ? List.<String>of()
            : NameText.roles(after); // what follows a question mark is of a link: mailto:ann@x.example?subject=…
        var fault = fault(found, line);
        return fault.isPresent() ? PastedLine.faulty(source, name, roles, fault.get())
            : new PastedLine(0, source, Optional.of(found.text()), name, Optional.empty(), roles, Optional.empty());
    }

    private static Optional<Fault> fault(Found found, String line) {
        var domain = domain(found);
        return afterComma(found, line) > 0 ? Optional.of(new Fault.CommaForDot(Text.cut(domain, SHOWN_MAX)))
            : Email.folded(found.text()).isPresent() ? Optional.empty()
            : Optional.of(new Fault.BadAddress(Text.cut(found.text(), SHOWN_MAX)));
    }

    private static String domain(Found found) {
        return found.text().substring(found.text().indexOf('@') + 1);
    }

    /// Where the rest of a domain ends that stands after a comma in the place of a dot; 0 if none does. After a domain with a
    /// dot, only `com` is taken for such.
    private static int afterComma(Found found, String line) {
        var domain = domain(found);
        var comma = found.to();
        if (!line.startsWith(",", comma) || domain.isEmpty() || domain.indexOf('@') >= 0) {
            return 0;
        }
        var rest = TOP_LEVEL.matcher(line).region(comma + 1, Math.min(line.length(), comma + LOOKED_AT));
        return rest.lookingAt() && (domain.indexOf('.') < 0 || rest.group(1).equalsIgnoreCase("com")) ? rest.end(1) : 0;
    }

    /// Each address is that of a line of its own. Between two of them stand roles of the first, a separator, and the name
    /// of the second.
    private static List<PastedLine> several(String text, List<Found> found) {
        var separator = text.indexOf(';') >= 0 ? ';' : ',';
        var lines = new ArrayList<PastedLine>();
        var names = split(text.substring(0, found.getFirst().from()), separator);
        for (int i = 0; i < found.size(); i++) {
            var one = found.get(i);
            var end = i + 1 < found.size() ? found.get(i + 1).from() : text.length();
            var between = text.substring(one.to(), end);
            var last = i + 1 == found.size();
            var rest = Math.max(0, afterComma(one, text) - one.to());
            var cut = last ? between.length() : outsideQuotes(between, separator, rest);
            cut = cut < 0 && rest > 0 ? rest : cut; // -1: all of it is of the next
            var before = names.getLast();
            var after = between.substring(0, Math.max(cut, 0));
            without(names.subList(0, names.size() - 1), lines);
            lines.add(person((before + one.text() + after).strip(), before, one, after, text));
            names = split(between.substring(Math.min(cut + 1, between.length())), separator);
        }
        return lines.stream().map(line -> line.fault().isPresent() ? line : line.from(written(line))).toList();
    }

    /// Where the next person begins; -1 if nothing tells.
    private static int outsideQuotes(String text, char sought, int from) {
        var quoted = false;
        for (int i = from; i < text.length(); i++) {
            quoted ^= text.charAt(i) == '"';
            if (!quoted && text.charAt(i) == sought) {
                return i;
            }
        }
        return -1;
    }

    /// What stands before an address: the last part is its name. Commas are within names too.
    private static List<String> split(String before, char separator) {
        return separator == ',' ? List.of(before) : Stream.of(before.split(";", -1)).toList();
    }

    private static void without(List<String> parts, List<PastedLine> lines) {
        parts.stream().filter(part -> part.codePoints().anyMatch(Character::isLetterOrDigit))
            .forEach(part -> lines.add(none(part.strip())));
    }

    /// A line that is read as the same person.
    private static String written(PastedLine line) {
        var email = line.email().orElseThrow();
        var written = line.name().map(name -> "\"%s\" <%s>".formatted(name.replace("\"", "'"), email)).orElse(email);
        return line.roles().isEmpty() ? written : written + " " + String.join(", ", line.roles());
    }
}
