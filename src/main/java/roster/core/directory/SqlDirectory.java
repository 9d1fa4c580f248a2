package roster.core.directory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.OrgVersions;
import roster.base.db.Tx;
import roster.core.index.ListRequest;
import roster.core.index.PackedUser;
import roster.core.index.PeopleRequest;
import roster.core.index.PeopleSlice;
import roster.core.index.RoleSet;
import roster.core.index.UserIndex;
import roster.core.index.UserQuery;
import roster.core.role.Roles;
import roster.model.Org;
import roster.model.Page;
import roster.model.Role;
import roster.model.User;

/// An organisation that [DirectoryCache] has no room for, read by SQL in one snapshot. It gives the same answers as
/// [OrgImage].
final class SqlDirectory implements DirectoryView {
    private final Tx tx;
    private final Org.Id org;
    private final UserLists lists;
    private final Roles roles;

    SqlDirectory(Tx tx, Org.Id org, UserLists lists, Roles roles) {
        this.tx = tx;
        this.org = org;
        this.lists = lists;
        this.roles = roles;
    }

    @Override
    public Optional<User> find(User.Id id) {
        return lists.find(tx, org, id);
    }

    @Override
    public UserIndex.Listed list(ListRequest request) {
        return lists.list(tx, org, request);
    }

    @Override
    public PeopleSlice people(PeopleRequest request) {
        return new PeopleSql(tx, org, request).slice();
    }

    @Override
    public Optional<Role> role(Role.Id id) {
        return roles(List.of(id)).stream().findFirst();
    }

    @Override
    public List<Role> roles(Collection<Role.Id> ids) {
        return roles.all(tx, org, ids);
    }

    @Override
    public long roleCount() {
        return roles.count(tx, org);
    }

    @Override
    public List<Role> allRoles(int most) {
        return roleCount() > most ? List.of()
            : roles.changedSince(tx, org, 0).stream().sorted(Roles.BY_NAME).toList();
    }

    @Override
    public Page<PackedUser> members(Role role, UserQuery query) {
        var page = lists.members(tx, role, query);
        return new Page<>(page.items().stream().map(PackedUser::of).toList(), page.total(), page.filtered());
    }

    @Override
    public Map<Role.Id, Long> enabledMembers() {
        return lists.enabledMembers(tx, org);
    }

    @Override
    public Map<Role.Id, Long> people() {
        return RoleSql.people(tx, org);
    }

    @Override
    public List<RoleSet> roleSets(Collection<Role.Id> any) {
        return RoleSql.sets(tx, org, any);
    }

    @Override
    public Collection<Role> roles() {
        return roles.changedSince(tx, org, 0);
    }

    @Override
    public OrgVersions.State state() {
        return OrgStates.of(tx, org);
    }
}
