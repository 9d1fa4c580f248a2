package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;
import roster.model.User;

/// What the list of service accounts shows.
///
/// @param find where the search is sent
/// @param query what is searched for, as typed
/// @param fault of the search; empty: none
/// @param hidden what the search keeps of the address
public record ServiceAccountsPage(Shell shell, String find, String query, String fault, List<RolesPage.Hidden> hidden,
    List<Segment> segments, List<FilterChip> chips, Optional<String> create, AccountTable list) {

    /// The part that is swapped.
    ///
    /// @param title of the window
    /// @param keys whether keys are shown
    /// @param makers whether it is shown who created them
    public record AccountTable(Shell shell, String heading, Optional<String> of, String title, List<Column> columns,
        List<Row> rows, Pager pager, Optional<Empty> empty, boolean keys, boolean makers) {}

    /// @param href none: the caller may not open it
    /// @param name else its address
    /// @param address none: it is shown as the name
    /// @param used the last use of a key
    /// @param maker empty: not known
    public record Row(String id, Optional<String> href, Marked name, Optional<Marked> address, User.Status status,
        List<String> roles, List<String> moreRoles, String keys, Optional<Times.Shown> used, String maker,
        Times.Shown added) {}
}
