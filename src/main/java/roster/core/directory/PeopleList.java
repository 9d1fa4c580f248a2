package roster.core.directory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.core.index.PackedUser;
import roster.model.User.Status;

/// A page of the list of people, all of it as of one version of the organisation.
///
/// @param users in order; their roles are those of the same view
/// @param rank of the first of them in the list, from 1; 0 if there is none
/// @param matching how many match, over all pages
/// @param all how many there are of the kind, whatever else the query asks for
/// @param byStatus how many match all conditions but that on the status, by status; every status is there
/// @param before a sealed place, if others come before the page
/// @param after a sealed place, if others follow
/// @param version of the organisation
public record PeopleList(List<PackedUser> users, long rank, long matching, long all, Map<Status, Long> byStatus,
    Optional<String> before, Optional<String> after, long version) {
    /// The rank of the last user on the page; 0 if there is none.
    public long lastRank() {
        return users.isEmpty() ? 0 : rank + users.size() - 1;
    }
}
