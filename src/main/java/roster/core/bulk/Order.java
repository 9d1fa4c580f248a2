package roster.core.bulk;

import java.util.List;
import roster.model.Role;

/// What is to be done.
///
/// @param roles given or taken; with [Act#INVITE], given to all
/// @param send whether those who are invited are sent an e-mail; else they are only added
public record Order(Act act, List<Role.Id> roles, boolean send) {
    /// Roles that one order gives or takes.
    public static final int ROLES_MAX = 20;

    public Order {
        roles = List.copyOf(roles);
    }

    public static Order of(Act act) {
        return new Order(act, List.of(), true);
    }
}
