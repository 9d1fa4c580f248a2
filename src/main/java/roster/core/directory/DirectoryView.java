package roster.core.directory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.OrgVersions;
import roster.core.index.ListRequest;
import roster.core.index.PackedUser;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleSlice;
import roster.core.index.RoleSet;
import roster.core.index.UserIndex;
import roster.core.index.UserQuery;
import roster.model.Page;
import roster.model.Role;
import roster.model.User;

/// The users and roles of one organisation, as of one moment.
public interface DirectoryView {
    /// The [#rolesNumber] of a view whose roles may differ at the next read.
    long UNNUMBERED = 0;

    Optional<User> find(User.Id id);

    /// A page of users, by its number or after a position.
    UserIndex.Listed list(ListRequest request);

    /// A page of people, with its place in the list and all counts.
    PeopleSlice people(PeopleRequest request);

    Optional<Role> role(Role.Id id);

    /// Roles by their ids, sorted by name. Ids that the organisation does not have are skipped.
    List<Role> roles(Collection<Role.Id> ids);

    /// How many roles there are.
    long roleCount();

    /// All roles, sorted by name; none if there are more than so many.
    List<Role> allRoles(int most);

    /// Users who have a role, including disabled ones.
    Page<PackedUser> members(Role role, UserQuery query);

    /// The number of enabled users of each role. Roles without any may be missing.
    Map<Role.Id, Long> enabledMembers();

    /// The number of people who have each role, of any status, without service accounts. Roles without any may be missing.
    Map<Role.Id, Long> people();

    /// The combinations of roles that include one of these, and how many users have each. A combination may be there several
    /// times, for some of its users each.
    List<RoleSet> roleSets(Collection<Role.Id> any);

    /// All roles, in no particular order.
    Collection<Role> roles();

    /// The version and stamp of this moment.
    OrgVersions.State state();

    /// As [#find], for callers that may not need to unpack the user.
    default Optional<PackedUser> packed(User.Id id) {
        return find(id).map(PackedUser::of);
    }

    /// A number that changes with every change to a role and that no two organisations share, or [#UNNUMBERED].
    default long rolesNumber() {
        return UNNUMBERED;
    }
}
