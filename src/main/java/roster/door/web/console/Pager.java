package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import roster.core.preference.Preference;

/// Where in a list a page is, and the ways on.
///
/// @param range such as `1 to 50 of 12,345`
public record Pager(String range, List<Size> sizes, List<Step> steps) {
    /// Another number of rows.
    public record Size(String label, String href, boolean current) {}

    /// @param href none: there is no such page
    public record Step(String id, String label, Optional<String> href) {}

    /// Which rows a page shows.
    ///
    /// @param first,last their numbers; no matter where nothing is shown
    /// @param of how many
    record Range(boolean empty, long first, long last, long of) {
        private String text() {
            return empty ? "" : "%s to %s of %s".formatted(Words.number(first), Words.number(last), Words.number(of));
        }
    }

    /// @param here the address of the list
    /// @param before,after sealed places of the pages beside this one; none: there is none
    static Pager of(Visit visit, ListAddress here, Range range, Optional<String> before, Optional<String> after) {
        var from = here.begun();
        var first = href(visit, from);
        var current = visit.viewer().preference().rows();
        return new Pager(range.text(), Preference.ROWS.stream().map(rows -> new Size(Integer.toString(rows),
            first + (first.contains("?") ? "&" : "?") + "rows=" + rows, rows == current)).toList(),
            steps(before.map(_ -> first), before.map(place -> href(visit, from.at(ListAddress.BEFORE, place))),
                after.map(place -> href(visit, from.at(ListAddress.AFTER, place))),
                after.map(_ -> href(visit, from.at(ListAddress.BEFORE, ListAddress.END)))));
    }

    private static String href(Visit visit, ListAddress to) {
        return visit.link().to(to).orElseThrow();
    }

    /// The steps of a list whose pages are numbers of rows apart. There is none to the last.
    ///
    /// @param from how many rows come before the page
    /// @param all how many there are
    /// @param at where the page after so many rows is
    static List<Step> counted(long from, int rows, long all, LongFunction<Optional<String>> at) {
        return steps(from > 0 ? at.apply(0) : Optional.empty(),
            from > 0 ? at.apply(Math.max(0, from - rows)) : Optional.empty(),
            from + rows < all ? at.apply(from + rows) : Optional.empty(), Optional.empty());
    }

    /// @param href of each page; none: there is none
    public static List<Step> steps(Optional<String> first, Optional<String> previous, Optional<String> next,
        Optional<String> last) {
        return List.of(new Step("first", "First", first), new Step("previous", "Previous", previous),
            new Step("next", "Next", next), new Step("last", "Last", last));
    }
}
