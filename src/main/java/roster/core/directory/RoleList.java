package roster.core.directory;

import java.util.List;
import java.util.Optional;
import roster.model.Role;

/// A page of the list of roles, all of it as of one version of the organisation.
///
/// @param rank of the first of them in the list, from 1; 0 if there is none
/// @param matching how many match, over all pages
/// @param all how many roles there are
/// @param before a sealed place, if others come before the page
/// @param after a sealed place, if others follow
public record RoleList(List<Listed> roles, long rank, long matching, long all, Optional<String> before,
    Optional<String> after) {

    /// @param people who have it, of any status
    /// @param permissions that it holds and that are shown
    public record Listed(Role role, long people, long permissions) {}

    /// The rank of the last role on the page; 0 if there is none.
    public long lastRank() {
        return roles.isEmpty() ? 0 : rank + roles.size() - 1;
    }
}
