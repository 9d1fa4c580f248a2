package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Two roles side by side.
///
/// @param roles to choose from, by id; empty: too many
/// @param first,second the two
/// @param compared none: they are not both chosen yet
/// @param fault empty: none
public record RoleComparePage(Shell shell, String action, Map<String, String> roles, Chosen first, Chosen second,
    Optional<String> swap, Optional<Compared> compared, String fault) {

    /// One of the two.
    ///
    /// @param id,name empty: none is chosen
    /// @param choose where to choose, if there are too many for a menu
    public record Chosen(String id, String name, Optional<String> choose) {}

    /// @param result such as `14 differ, 26 are alike`
    /// @param only such as `3 only in Support lead, 11 only in Platform operator`
    /// @param address of the page
    /// @param add,copy where to go on; none: the caller may not, or there is nothing to add
    public record Compared(String result, String only, List<Segment> segments, Head first, Head second,
        List<Group> groups, String both, Optional<Way> add, Optional<Way> copy, String address) {}

    public record Head(String name, Optional<String> href, String permissions, String people) {}

    public record Group(String name, List<Line> lines) {}

    public record Line(String label, String description, Optional<String> href, boolean first, boolean second) {}

    public record Way(String label, String href) {}
}
