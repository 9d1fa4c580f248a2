package roster.door.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Aligned columns for people to read. Characters that could control a terminal are shown as `?`.
final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        row((Object[]) headings);
    }

    Table row(Object... cells) {
        var row = new ArrayList<String>();
        for (var cell : cells) {
            row.add(harmless(cell.toString()));
        }
        rows.add(row);
        return this;
    }

    static String harmless(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    }

    /// A number and what there is of it, `1 row` or `2,500 rows`.
    static String counted(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }

    /// The text, or its beginning and `…`.
    ///
    /// @param most characters, the `…` included
    static String cut(String text, int most) {
        return length(text) <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                line.append(row.get(column)).repeat(' ', width(column) + 2 - length(row.get(column)));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> length(row.get(column))).max().orElse(0);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
