package roster.door.web.console;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The form of a role.
///
/// @param back to the page before
/// @param action where it is sent
/// @param start none: it is not a new role
/// @param held what it held when the form was made, as names
/// @param boxes by group
public record RoleFormPage(Shell shell, String title, Back back, String action, Field name, Optional<Start> start,
    Map<String, String> hidden, List<Boxes> boxes) {
    public record Back(String href, String label) {}

    /// What a new role starts from.
    ///
    /// @param roles to choose from, by id; empty: too many
    /// @param from the one that was chosen; empty: none
    /// @param choose where to choose, if there are too many
    public record Start(String action, Map<String, String> roles, String from, String name,
        Optional<String> choose) {}

    public record Boxes(String group, long ticked, List<Box> boxes) {}

    /// @param fixed whether it cannot be changed here
    public record Box(String name, String label, String description, boolean ticked, boolean fixed) {}
}
