package roster.core.reader;

import java.util.ArrayList;
import java.util.List;

/// Where addresses stand in a line, in time proportional to its length.
final class Addresses {
    /// What no address has beside blanks. The first ones may be within a name, and all of them beside an address.
    private static final String BESIDE = "<>()[]{},;:\"|\\";
    private static final String AFTER_DOMAIN = BESIDE + "?/&!*";
    private static final String AT_THE_END = ".'-_*";
    private static final String AT_THE_BEGIN = "'*.";

    /// Something with an `@` in it.
    ///
    /// @param from,to its place in the line
    record Found(int from, int to, String text) {
        /// The same address in the line once more, as where it is its own name.
        boolean repeats(Found earlier, String between) {
            return text.equalsIgnoreCase(earlier.text) && between.length() < 20
                && between.replace("mailto:", "").chars().allMatch(c -> " <([\"']".indexOf(c) >= 0);
        }
    }

    private Addresses() {}

    static List<Found> in(String line) {
        var all = new ArrayList<Found>();
        var floor = 0;
        for (var at = line.indexOf('@'); at >= 0; at = line.indexOf('@', floor)) {
            var from = at;
            while (from > floor && isOf(line.charAt(from - 1), BESIDE)) {
                from--;
            }
            var to = at + 1;
            while (to < line.length() && isOf(line.charAt(to), AFTER_DOMAIN)) {
                to++;
            }
            floor = to;
            while (from < at && AT_THE_BEGIN.indexOf(line.charAt(from)) >= 0) {
                from++;
            }
            while (to > at + 1 && AT_THE_END.indexOf(line.charAt(to - 1)) >= 0) {
                to--;
            }
            var found = new Found(from, to, line.substring(from, to));
            if (!all.isEmpty() && found.repeats(all.getLast(), line.substring(all.getLast().to(), from))) {
                all.set(all.size() - 1, new Found(all.getLast().from(), to, found.text()));
            } else {
                all.add(found);
            }
        }
        return all;
    }

    private static boolean isOf(char c, String others) {
        return c > ' ' && !Character.isWhitespace(c) && !Character.isSpaceChar(c) && others.indexOf(c) < 0;
    }
}
