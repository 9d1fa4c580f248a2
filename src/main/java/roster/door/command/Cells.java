package roster.door.command;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What stands in the cells of a CSV file of people.
final class Cells {
    static final List<String> COLUMNS = List.of("email", "name", "title", "roles", "invite");

    /// A spreadsheet would take such a cell for a formula, or has been kept from it already.
    private static final Pattern FORMULA = Pattern.compile("'*[=+\\-@\t\r].*", Pattern.DOTALL);

    private Cells() {}

    /// An apostrophe in front makes text of what a spreadsheet would compute.
    static String harmless(String text) {
        return FORMULA.matcher(text).matches() ? "'" + text : text;
    }

    /// The way back of [#harmless].
    static String meant(String cell) {
        return cell.startsWith("'") && FORMULA.matcher(cell).matches() ? cell.substring(1) : cell;
    }

    /// Whether somebody is to be invited.
    static boolean isYes(String cell) {
        return cell.strip().equalsIgnoreCase("yes");
    }

    /// Names of roles in one cell, divided by `;`. One that is part of a name has a backslash before it.
    static String joined(List<String> names) {
        return String.join(";", names.stream().map(name -> name.replace("\\", "\\\\").replace(";", "\\;")).toList());
    }

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
