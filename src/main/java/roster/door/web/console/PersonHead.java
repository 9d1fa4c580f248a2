package roster.door.web.console;

import java.util.List;
import java.util.Optional;
import roster.model.User;

/// What stands above each page about a person.
///
/// @param name what they are called: their name, else their address
/// @param address none: it is their name, or they were anonymised
/// @param status none: they were not there yet
/// @param self whether they are the one who asks
/// @param back to the list they were found in
/// @param tabs,acts none: the page shows a past moment
public record PersonHead(Shell shell, String id, String name, Optional<Marked> address, Avatar avatar,
    Optional<User.Status> status, boolean secondFactor, boolean self, Optional<Back> back, List<Tab> tabs,
    List<Act> acts) {
    /// @param count empty: it is not counted
    public record Tab(String label, String count, String href, boolean current) {}

    /// @param kind of the button: empty, `danger`
    public record Act(String label, String icon, String kind, String href) {}
}
