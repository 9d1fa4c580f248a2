package roster.core.index;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.model.User.Status;

/// A page of people, and how many there are: all as of one moment.
///
/// @param offset how many who match come before the page
/// @param matching how many match, over all pages
/// @param all how many there are of the kind, whatever else the query asks for
/// @param byStatus how many match all conditions but that on the status, by status; every status is there
/// @param first the position of the first on the page, if there is one and others come before
/// @param last the position of the last on the page, if there is one and others follow
public record PeopleSlice(List<PackedUser> users, long offset, long matching, long all, Map<Status, Long> byStatus,
    Optional<SortPosition> first, Optional<SortPosition> last) {}
