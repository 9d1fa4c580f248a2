package roster.core.directory;

import java.util.List;
import java.util.Set;
import roster.base.db.OrgVersions;
import roster.model.Role;
import roster.model.User;

/// What changed in an organisation since an [OrgImage] was made of it. Users are never deleted.
///
/// @param users created or changed, with their roles
/// @param roles created or changed
/// @param deletedRoles may name roles that the image does not have
/// @param state after these changes
record OrgChanges(List<User> users, List<Role> roles, Set<Role.Id> deletedRoles, OrgVersions.State state) {}
