package roster.core.reader;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The form of people in CSV files, which import reads and export writes.
public final class PeopleCsv {
    public static final List<String> COLUMNS = List.of("email", "name", "title", "roles", "invite");

    /// A person.
    ///
    /// @param name,title none where the cell is empty; an empty text where it is a lone apostrophe
    /// @param roles their names
    /// @param invite `yes` or `no`, as typed; empty where the file has nothing
    public record Row(String email, Optional<String> name, Optional<String> title, List<String> roles, String invite) {
        public boolean invites() {
            return isYes(invite);
        }

        /// As they are written, in the order of [#COLUMNS].
        public List<String> cells() {
            return List.of(harmless(email), cell(name), cell(title), harmless(joined(roles)), invite);
        }
    }

    /// A spreadsheet would take such a cell for a formula, or has been kept from it already; or it is an empty text.
    private static final Pattern MARKED = Pattern.compile("'*[=+\\-@\\t\\r].*|'+", Pattern.DOTALL);
    private static final String EMPTY = "'";

    private PeopleCsv() {}

    /// Puts an apostrophe before what a spreadsheet would compute, which makes it text.
    public static String harmless(String text) {
        return MARKED.matcher(text).matches() ? "'" + text : text;
    }

    /// Reverses [#harmless].
    public static String meant(String cell) {
        return cell.startsWith("'") && MARKED.matcher(cell).matches() ? cell.substring(1) : cell;
    }

    /// An empty text is not the same as none, and spreadsheets keep no quotes around nothing.
    private static String cell(Optional<String> text) {
        return text.map(one -> one.isEmpty() ? EMPTY : harmless(one)).orElse("");
    }

    /// What a cell as it was read says; nothing if it is empty.
    public static Optional<String> text(String cell) {
        return cell.isEmpty() ? Optional.empty() : Optional.of(meant(cell));
    }

    public static boolean isYes(String cell) {
        return cell.strip().equalsIgnoreCase("yes");
    }

    /// Names of roles in one cell, separated by `;`. A `;` or `\` within a name has a backslash before it.
    public static String joined(List<String> names) {
        return String.join(";", names.stream().map(name -> name.replace("\\", "\\\\").replace(";", "\\;")).toList());
    }

    /// Reverses [#joined], and leaves out blank names.
    public static List<String> divided(String cell) {
        var names = new ArrayList<String>();
        var name = new StringBuilder();
        for (int i = 0; i < cell.length(); i++) {
            var c = cell.charAt(i);
            if (c == '\\' && i + 1 < cell.length() && (cell.charAt(i + 1) == ';' || cell.charAt(i + 1) == '\\')) {
                name.append(cell.charAt(++i));
            } else if (c == ';') {
                names.add(name.toString());
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        names.add(name.toString());
        return names.stream().filter(one -> !one.isBlank()).toList();
    }
}
