package roster.core.index;

import java.util.List;
import roster.model.Role;

/// Users who have the same roles, counted.
///
/// @param roles all that each of them has
/// @param people of any status
/// @param activePeople how many of these are Active
/// @param serviceAccounts of any status
public record RoleSet(List<Role.Id> roles, long people, long activePeople, long serviceAccounts) {}
