package roster.core.directory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.OrgVersions;
import roster.base.db.Tx;
import roster.core.index.ListRequest;
import roster.core.index.PackedUser;
import roster.core.index.UserIndex;
import roster.core.index.UserQuery;
import roster.core.role.Roles;
import roster.model.Org;
import roster.model.Page;
import roster.model.Role;
import roster.model.User;

/// An organisation that has no room in [DirectoryCache], by plain SQL: the same answers, from one snapshot.
final class SqlDirectory implements DirectoryCache.View {
    private final Tx tx;
    private final Org.Id org;
    private final UserLists directory;
    private final Roles roles;

    SqlDirectory(Tx tx, Org.Id org, UserLists directory, Roles roles) {
        this.tx = tx;
        this.org = org;
        this.directory = directory;
        this.roles = roles;
    }

    @Override
    public Optional<User> find(User.Id id) {
        return directory.find(tx, org, id);
    }

    @Override
    public UserIndex.Listed list(ListRequest walk) {
        return directory.list(tx, org, walk);
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
    public Page<PackedUser> members(Role role, UserQuery query) {
        var page = directory.members(tx, role, query);
        return new Page<>(page.items().stream().map(PackedUser::of).toList(), page.total(), page.filtered());
    }

    @Override
    public Map<Role.Id, Long> enabledMembers() {
        return directory.enabledMembers(tx, org);
    }

    @Override
    public OrgVersions.State state() {
        return DirectoryCache.state(tx, org);
    }
}
