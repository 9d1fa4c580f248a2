package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;

/// What a list of keys shows.
///
/// @param find where the search is sent
/// @param query what is searched for, as typed
/// @param fault of the search; empty: none
/// @param owner the filter by owner
/// @param hidden what the search keeps of the address
/// @param createText such as `New API key`
public record KeysPage(Shell shell, List<PersonHead.Tab> tabs, String lead, String find, String query, String fault,
    Field owner, List<RolesPage.Hidden> hidden, List<Segment> segments, List<FilterChip> chips,
    Optional<String> create, String createText, KeyTable list) {

    /// The part that is swapped.
    ///
    /// @param title of the window
    /// @param ends,ownerText headings of columns
    /// @param scoped whether its keys have scopes
    public record KeyTable(Shell shell, String heading, Optional<String> of, String title, List<Column> columns,
        List<Row> rows, Pager pager, Optional<Empty> empty, String ends, String ownerText, boolean scoped) {}

    /// @param edit none: the caller may not edit it
    /// @param owner none: it has none that is known
    /// @param expires when it ends, if it does
    public record Row(String id, Marked name, String spoken, Optional<String> edit, String ends, Optional<Owner> owner,
        String may, Optional<Times.Shown> used, Times.Shown created, Optional<Times.Shown> expires, boolean expired,
        Optional<String> show, Optional<String> revoke) {}

    /// @param href none: their page may not be seen
    public record Owner(String name, boolean service, Optional<String> href) {}
}
