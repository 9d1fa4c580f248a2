package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;

/// What the list of roles shows.
///
/// @param pick none: the list itself; else one is chosen from it for another page
/// @param find where the search is sent
/// @param query what is searched for, as typed
/// @param fault of the search; empty: none
/// @param hidden what the search keeps of the address
public record RolesPage(Shell shell, Optional<Pick> pick, String find, String query, String fault, List<Hidden> hidden,
    List<FilterChip> chips, Optional<String> clear, Optional<String> create, Optional<String> permissions,
    RoleTable list) {

    /// @param title such as `Choose the first role`
    /// @param back to the page that asked
    public record Pick(String title, String back) {}

    public record Hidden(String name, String value) {}

    /// The part that is swapped.
    ///
    /// @param title of the window
    /// @param compare where two ticked roles are sent; none: they are not ticked
    public record RoleTable(Shell shell, String heading, Optional<String> of, String title, List<Column> columns,
        List<Row> rows, Pager pager, Optional<Empty> empty, Optional<String> compare) {}

    /// @param people the list of those who have it; none: the caller may not open it
    /// @param directory what is said of one that a directory fills
    public record Row(String id, String name, Optional<String> href, Marked label, boolean managed,
        Optional<String> directory, String count,
        Optional<String> people, String permissions, Times.Shown changed) {}
}
