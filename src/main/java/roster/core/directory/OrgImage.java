package roster.core.directory;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import roster.base.db.OrgVersions;
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

/// One organisation in memory: its users and roles as of one version and stamp.
///
/// Any number of threads may read it at once. One thread may change it while no other reads it; the owner takes care of
/// that. Only [#state] may be read at any time.
final class OrgImage implements DirectoryView {
    /// The state of an image without content. No organisation has it.
    private static final OrgVersions.State NONE = new OrgVersions.State(0, 0);

    /// The approximate size of a role, and of each of its permissions, in bytes.
    private static final long ROLE_BYTES = 600;
    private static final long PERMISSION_BYTES = 60;

    private static final AtomicLong ROLES_NUMBERS = new AtomicLong(UNNUMBERED);

    private final long bytesMax;
    private final UserIndex users;
    private Map<Role.Id, Role> roles;
    private long roleBytes;
    private long rolesNumber;
    private volatile OrgVersions.State state;

    /// @param users not used elsewhere any more
    /// @param bytesMax bounds the memory of users and filters together: filters are dropped to stay within it
    OrgImage(UserIndex users, Map<Role.Id, Role> roles, OrgVersions.State state, long bytesMax) {
        this.users = users;
        this.bytesMax = bytesMax;
        this.state = state;
        replaceRoles(roles);
    }

    /// The image of an organisation that has not been loaded.
    static OrgImage empty(Org.Id org, long bytesMax) {
        return new OrgImage(new UserIndex(org), Map.of(), NONE, bytesMax);
    }

    /// Whether nothing has been loaded. A loaded organisation without users is not empty.
    boolean isEmpty() {
        return state.equals(NONE);
    }

    @Override
    public Optional<User> find(User.Id id) {
        return users.find(id);
    }

    @Override
    public Optional<PackedUser> packed(User.Id id) {
        return users.packed(id);
    }

    @Override
    public long rolesNumber() {
        return rolesNumber;
    }

    @Override
    public UserIndex.Listed list(ListRequest request) {
        return users.list(request, bytesMax);
    }

    @Override
    public PeopleSlice people(PeopleRequest request) {
        return users.people(request, bytesMax);
    }

    @Override
    public Page<PackedUser> members(Role role, UserQuery query) {
        return users.members(role.id(), query, bytesMax);
    }

    @Override
    public Map<Role.Id, Long> enabledMembers() {
        return users.enabledMembers();
    }

    @Override
    public Map<Role.Id, Long> people() {
        var people = new HashMap<Role.Id, Long>();
        users.roleSets(roles.keySet())
            .forEach(set -> set.roles().forEach(role -> people.merge(role, set.people(), Long::sum)));
        return people;
    }

    @Override
    public List<RoleSet> roleSets(Collection<Role.Id> any) {
        return users.roleSets(any);
    }

    @Override
    public Collection<Role> roles() {
        return Collections.unmodifiableCollection(roles.values());
    }

    @Override
    public Optional<Role> role(Role.Id id) {
        return Optional.ofNullable(roles.get(id));
    }

    @Override
    public List<Role> roles(Collection<Role.Id> ids) {
        return ids.stream().map(roles::get).filter(role -> role != null).sorted(Roles.BY_NAME).toList();
    }

    @Override
    public long roleCount() {
        return roles.size();
    }

    @Override
    public List<Role> allRoles(int most) {
        return roles.size() > most ? List.of() : roles.values().stream().sorted(Roles.BY_NAME).toList();
    }

    @Override
    public OrgVersions.State state() {
        return state;
    }

    /// The number of users.
    int size() {
        return users.size();
    }

    /// Its approximate size in memory, in bytes. Grows also when a filter is used for the first time.
    long bytes() {
        return users.bytes() + roleBytes;
    }

    /// Brings it up to date, at a cost that depends on the number of changes and not on the size of the organisation. If
    /// this throws, the image is half changed and must not be used again.
    void apply(OrgChanges changes) {
        if (!changes.roles().isEmpty() || !changes.deletedRoles().isEmpty()) {
            changeRoles(changes.roles(), changes.deletedRoles());
        }
        users.expect(changes.users().size());
        changes.users().forEach(users::put);
        users.settle(bytesMax);
        state = changes.state();
    }

    private void changeRoles(List<Role> changed, Set<Role.Id> deleted) {
        var now = new HashMap<>(roles);
        changed.forEach(role -> now.put(role.id(), role));
        deleted.forEach(now::remove);
        if (!deleted.isEmpty()) {
            users.forgetRoles(deleted);
        }
        // A new role has no members yet whose roles would have to be sorted anew.
        var renamed = changed.stream().map(Role::id)
            .filter(id -> roles.containsKey(id) && !roles.get(id).name().equals(now.get(id).name()))
            .collect(Collectors.toSet());
        if (!renamed.isEmpty()) {
            users.sortRoles(renamed, Comparator.comparing(now::get, Roles.BY_NAME));
        }
        replaceRoles(now);
    }

    private void replaceRoles(Map<Role.Id, Role> now) {
        roles = now;
        rolesNumber = ROLES_NUMBERS.incrementAndGet();
        roleBytes = bytes(now.values());
    }

    /// The approximate size of roles in memory, in bytes.
    static long bytes(Collection<Role> roles) {
        return roles.stream().mapToLong(role -> ROLE_BYTES + PERMISSION_BYTES * role.permissions().size()).sum();
    }
}
