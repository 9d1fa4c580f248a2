package roster.door.web.console;

import java.util.List;
import java.util.Optional;

/// Where in a list a page is, and the ways on.
///
/// @param range such as `1 to 50 of 12,345`
public record Pager(String range, List<Size> sizes, List<Step> steps) {
    /// Another number of rows.
    public record Size(String label, String href, boolean current) {}

    /// @param href none: there is no such page
    public record Step(String id, String label, Optional<String> href) {}

    /// @param href of each page; none: there is none
    public static List<Step> steps(Optional<String> first, Optional<String> previous, Optional<String> next,
        Optional<String> last) {
        return List.of(new Step("first", "First", first), new Step("previous", "Previous", previous),
            new Step("next", "Next", next), new Step("last", "Last", last));
    }
}
