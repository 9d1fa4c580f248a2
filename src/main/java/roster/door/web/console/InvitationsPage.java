package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.door.web.console.PeoplePage.Column;
import roster.door.web.console.PeoplePage.Empty;
import roster.door.web.console.PeoplePage.Selected;

/// What the list of invitations shows.
///
/// @param find where the search is sent
/// @param query what is searched for, as typed
/// @param fault of the search; empty: none
/// @param sort as in the address; empty: the usual one
public record InvitationsPage(Shell shell, String find, String query, String fault, String sort, Filters filters,
    List<Segment> segments, List<FilterChip> chips, Optional<String> clear, Optional<String> invite,
    InvitationTable list) {
    /// What the filters say.
    ///
    /// @param states,senders to choose from, by their words in addresses
    public record Filters(Map<String, String> states, String state, Map<String, String> senders, String sender,
        String sentFrom, boolean endingSoon) {}

    /// The part that is swapped.
    ///
    /// @param heading of the results
    /// @param of how many there are in all, where a part of them is shown
    /// @param title of the window
    /// @param attention such as `31 need attention`; none where that is what is shown, or none does
    /// @param selectAll such as `Select all 12,345 that match`
    /// @param bulk where what was selected is sent; none: nothing can be done with it
    /// @param listed the address of the list
    public record InvitationTable(Shell shell, String heading, Optional<String> of, String title,
        Optional<Labelled> attention, List<Column> columns, List<Row> rows, Pager pager, Optional<Empty> empty,
        Optional<Labelled> selectAll, Optional<Selected> selected, Optional<String> bulk, String listed) {}

    public record Labelled(String label, String href) {}

    /// @param email with what was found in it
    /// @param name of the person; empty: they have none yet
    /// @param told how the e-mail fared
    /// @param by who sent it, and the list of what they sent
    /// @param again,cancel,back where it is sent again, cancelled and recorded that it came back; none: not possible, or not
    ///     allowed
    public record Row(String id, Optional<String> href, Marked email, String address, String name, FateBadge badge,
        String told, String by, Optional<String> sentBy, Times.Shown sent, Times.Shown expires,
        Optional<String> again, Optional<String> cancel, Optional<String> back) {}
}
