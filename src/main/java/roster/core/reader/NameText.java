package roster.core.reader;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What stands beside an address in a line: a name before it, and names of roles after it.
final class NameText {
    /// What a field of an e-mail begins with, as it is copied with it.
    private static final Pattern FIELD =
        Pattern.compile("(?iu)^\\s*(to|cc|bcc|from|an|von|kopie|à|de|para|cco|da|a)\\s*:");
    private static final Pattern BULLET = Pattern.compile("^\\s*([-*\u2022\u00b7\u2013\u2014]|\\d{1,5}[.)])(?=\\s)");
    private static final Pattern NUMBER = Pattern.compile("\\s*\\d+[.)]?\\s*");
    private static final Pattern BLANKS = Pattern.compile("\\s+");
    private static final String BEFORE_ADDRESS = " \t<([{,;:|-";
    private static final String AFTER_ADDRESS = " \t>)]},;:|.-";

    /// What stands after a comma and is no first name.
    private static final Pattern SUFFIX =
        Pattern.compile("(?i)(jr|sr|ii|iii|iv|ph\\.?d|m\\.?d|m\\.?b\\.?a|m\\.?sc|b\\.?sc|dr|esq|dipl.*)\\.?");

    private NameText() {}

    /// @param before all that stands before the address
    /// @param address which is no name
    static Optional<String> name(String before, String address) {
        var text = withoutEnd(BULLET.matcher(FIELD.matcher(before).replaceFirst("")).replaceFirst("").strip());
        if (text.endsWith("\"") && text.chars().filter(c -> c == '"').count() % 2 == 1) {
            text = withoutEnd(text.substring(0, text.length() - 1)); // it is the address that is quoted
        }
        if (text.indexOf('\t') >= 0) {
            text = String.join(" ", Stream.of(text.split("\t")).filter(cell -> !NUMBER.matcher(cell).matches())
                .map(NameText::unquoted).toList());
        }
        var name = BLANKS.matcher(turned(unquoted(text))).replaceAll(" ").strip();
        return name.equalsIgnoreCase(address) || name.codePoints().noneMatch(Character::isLetterOrDigit)
            ? Optional.empty() : Optional.of(name);
    }

    private static String withoutEnd(String text) {
        var end = text.length();
        while (end > 0) {
            if (BEFORE_ADDRESS.indexOf(text.charAt(end - 1)) >= 0) {
                end--;
            } else if (text.startsWith("mailto", end - "mailto".length())) {
                end -= "mailto".length();
            } else {
                break;
            }
        }
        return text.substring(0, end);
    }

    /// Without quotation marks or brackets around all of it.
    static String unquoted(String text) {
        var one = text.strip();
        if (one.length() > 1 && (one.startsWith("\"") && one.endsWith("\"") || one.startsWith("'") && one.endsWith("'")
            || one.startsWith("[") && one.endsWith("]"))) {
            var inner = one.substring(1, one.length() - 1).replace("\"\"", "\u201d").replace("\\\"", "\u201d");
            return inner.indexOf(one.charAt(0)) >= 0 ? one : inner.replace('\u201d', '"').strip();
        }
        return one;
    }

    /// `Last, First` is First Last; commas or semicolons without a blank after them are between cells.
    private static String turned(String text) {
        var comma = text.indexOf(',');
        if (comma > 0 && comma == text.lastIndexOf(',') && text.startsWith(", ", comma)) {
            var last = unquoted(text.substring(0, comma));
            var first = unquoted(text.substring(comma + 1));
            return last.isEmpty() || first.isEmpty() || SUFFIX.matcher(first).matches() ? text : first + " " + last;
        }
        return text.indexOf(',') < 0 && text.indexOf(';') < 0 || text.contains(", ") ? text
            : String.join(" ", Stream.of(text.split("[,;]")).map(NameText::unquoted).toList());
    }

    /// Names of roles.
    ///
    /// @param after all that stands after the address
    static List<String> roles(String after) {
        var begin = 0;
        while (begin < after.length() && AFTER_ADDRESS.indexOf(after.charAt(begin)) >= 0) {
            begin++;
        }
        return Stream.of(after.substring(begin).split("[,;|\t]")).map(NameText::unquoted)
            .map(role -> BLANKS.matcher(role).replaceAll(" "))
            .filter(role -> role.codePoints().anyMatch(Character::isLetterOrDigit)).toList();
    }

    /// The name in brackets after an address, as some programs write it.
    static Optional<String> inBrackets(String after) {
        var text = after.strip();
        return text.length() > 2 && text.startsWith("(") && text.endsWith(")")
            ? name(text.substring(1, text.length() - 1), "") : Optional.empty();
    }
}
