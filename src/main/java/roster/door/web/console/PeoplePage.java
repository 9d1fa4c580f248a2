package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.core.bulk.Act;
import roster.model.User;

/// What the list of people shows.
///
/// @param find where the search is sent
/// @param query what is searched for, as typed
/// @param fault of the search; empty: none
/// @param status of which only people are shown, as in the address; empty: all
/// @param sort as in the address; empty: the usual one
/// @param open whether the filters are shown
public record PeoplePage(Shell shell, String find, String query, String fault, String status, String sort,
    Filters filters,
    List<Segment> segments, List<FilterChip> chips, Optional<String> clear, Optional<String> export,
    Optional<String> invite, PeopleTable list) {

    /// What the filters say.
    ///
    /// @param roles to choose from, by id
    /// @param chooseRole where to choose one of more roles than can be shown
    public record Filters(Map<String, String> roles, String role, Optional<String> chooseRole, String kind,
        String seen, boolean mfa, String addedFrom, String addedTo, boolean open) {}

    /// The part that is swapped.
    ///
    /// @param heading of the results
    /// @param of how many there are in all, where a part of them is shown
    /// @param title of the window
    /// @param selectAll the address at which all that match are selected
    /// @param selected whether they are
    /// @param bulk where what was selected is sent; none: nothing can be done with it
    /// @param acts that the caller may do
    public record PeopleTable(Shell shell, String heading, Optional<String> of, String title, String matching,
        List<Column> columns, List<Row> rows, Pager pager, Optional<Empty> empty, Optional<String> selectAll,
        Optional<Selected> selected,
        Optional<String> bulk, Set<Act> acts, String listed, boolean disabledOnly) {
        public PeopleTable {
            acts = Set.copyOf(acts);
        }

        /// Such as `Select all 12,345 that match`.
        public String selectAllText() {
            return "Select all " + matching + " that match";
        }
    }

    /// All that match are selected.
    ///
    /// @param text such as `All 12,345 people that match are selected`
    /// @param none the address without it
    public record Selected(String text, String none) {}

    /// @param href sorts by it, or turns the order
    /// @param order `ascending`, `descending`; null: it is not sorted by this one
    public record Column(String id, String label, Optional<String> href, String order) {}

    /// @param href none: the caller may not open it
    /// @param name none: they have none yet
    /// @param directory what is said of those whom a directory looks after
    public record Row(String id, Optional<String> href, Avatar avatar, String spoken, Optional<Marked> name,
        Marked email, User.Status status, boolean service, Optional<String> directory, List<String> roles,
        List<String> moreRoles,
        Optional<Times.Shown> seen, Times.Shown added) {}

    /// There is nothing to show, and what to do about it.
    public record Empty(String icon, String title, String text, List<Way> ways) {}

    public record Way(String label, String href, boolean main) {}
}
