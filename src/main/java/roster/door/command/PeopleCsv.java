package roster.door.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The form of people in CSV files, which import reads and export writes.
final class PeopleCsv {
    static final List<String> COLUMNS = List.of("email", "name", "title", "roles", "invite");

    /// A person; empty texts where the file has nothing.
    ///
    /// @param roles their names
    /// @param invite `yes` or `no`, as typed
    record Row(String email, String name, String title, List<String> roles, String invite) {
        boolean invites() {
            return isYes(invite);
        }

        /// In the order of [#COLUMNS].
        List<String> cells() {
            return List.of(email, name, title, joined(roles), invite);
        }
    }

    /// A spreadsheet would take such a cell for a formula, or has been kept from it already.
    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r].*", Pattern.DOTALL);

    private PeopleCsv() {}

    /// Puts an apostrophe before what a spreadsheet would compute, which makes it text.
    static String harmless(String text) {
        return FORMULA.matcher(text).matches() ? "'" + text : text;
    }

    /// Reverses [#harmless].
    static String meant(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell).matches() ? cell.substring(1) : cell;
    }

    static boolean isYes(String cell) {
        return cell.strip().equalsIgnoreCase("yes");
    }

    /// Names of roles in one cell, separated by `;`. A `;` or `\` within a name has a backslash before it.
    static String joined(List<String> names) {
        return String.join(";", names.stream().map(name -> name.replace("\\", "\\\\").replace(";", "\\;")).toList());
    }

    /// Reverses [#joined], and leaves out blank names.
    static List<String> divided(String cell) {
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
