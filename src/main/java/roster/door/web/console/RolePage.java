package roster.door.web.console;

import java.util.List;
import java.util.Optional;

/// What the page of one role shows.
///
/// @param lead how many permissions it holds, and how many have it
/// @param compared with the role that most people have; empty: it is that role
/// @param history its latest changes; none: the caller may not read the trail
/// @param directory that fills it; none: none does
/// @param people,serviceAccounts the list of those who have it; none: no one does, or the caller may not open it
public record RolePage(Shell shell, String id, String name, boolean managed, String lead, Acts acts,
    List<Group> groups, Counted people, Counted serviceAccounts, Told created, Told changed,
    Optional<Compared> compared, Optional<TrailShown> history,
    Optional<FromDirectory.Fact> directory) {

    /// Where its buttons lead.
    public record Acts(Optional<String> compare, Optional<String> copy, Optional<String> edit,
        Optional<String> delete) {}

    /// @param count such as `3 of 12`
    public record Group(String name, String count, List<Item> items) {}

    /// A permission.
    ///
    /// @param name as programs know it
    /// @param everyone whether each new role has it
    public record Item(String name, String label, String description, boolean everyone, Optional<String> href) {}

    public record Counted(String text, Optional<String> href) {}

    /// When something was done, and by whom.
    ///
    /// @param by empty: not known
    public record Told(Times.Shown at, String by) {}

    public record Compared(String text, Optional<String> href) {}
}
