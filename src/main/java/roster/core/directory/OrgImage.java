package roster.core.directory;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import roster.base.db.OrgVersions;
import roster.core.index.ListRequest;
import roster.core.index.PackedUser;
import roster.core.index.UserIndex;
import roster.core.index.UserQuery;
import roster.core.role.Roles;
import roster.model.Org;
import roster.model.Page;
import roster.model.Role;
import roster.model.User;

/// One organisation as [DirectoryCache] remembers it: read by many, refreshed by one at a time.
final class OrgImage implements DirectoryCache.View {
    /// No organisation has it.
    static final OrgVersions.State NOTHING = new OrgVersions.State(0, 0);

    /// What a role takes, and each permission of it, in bytes, about.
    private static final long ROLE_BYTES = 600;
    private static final long PERMISSION_BYTES = 60;

    private static final AtomicLong ROLES_NUMBERS = new AtomicLong(DirectoryCache.NOT_REMEMBERED);

    final Org.Id org;
    final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    final ReentrantLock refreshing = new ReentrantLock();
    volatile OrgVersions.State state = NOTHING;

    /// When it was used last, and how long it took to load, by the node's clock, in nanoseconds.
    volatile long used;
    volatile long loading;

    /// The room it was last to be loaded into, in bytes, about; 0 if it never was.
    volatile long needed;

    /// Refreshes are numbered as they begin, by whoever holds `refreshing`; and the last one that ended well.
    volatile long begun;
    volatile long refreshed;

    /// What it was counted to take.
    volatile long bytes;

    /// Whether the node dropped it: it may be read on by those who have it, but is refreshed no more.
    volatile boolean givenBack;

    /// Whether the organisation fits into the node's memory, as far as is known.
    volatile boolean hasRoom = true;

    private final long bytesMax;
    UserIndex users;
    private Map<Role.Id, Role> roles = Map.of();
    private long roleBytes;
    private long rolesNumber = ROLES_NUMBERS.incrementAndGet();

    OrgImage(Org.Id org, long bytesMax) {
        this.org = org;
        this.bytesMax = bytesMax;
        this.users = new UserIndex(org);
    }

    @Override
    public Optional<User> find(User.Id id) {
        return users.find(id);
    }

    @Override
    public Optional<PackedUser> kept(User.Id id) {
        return users.kept(id);
    }

    @Override
    public long rolesNumber() {
        return rolesNumber;
    }

    @Override
    public UserIndex.Listed list(ListRequest walk) {
        return users.list(walk, bytesMax);
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
    public Optional<Role> role(Role.Id id) {
        return Optional.ofNullable(roles.get(id));
    }

    @Override
    public List<Role> roles(Collection<Role.Id> ids) {
        return ids.stream().map(roles::get).filter(role -> role != null).sorted(Roles.BY_NAME).toList();
    }

    @Override
    public OrgVersions.State state() {
        return state;
    }

    /// What it takes, in bytes, about. To be asked by those who may read.
    long size() {
        return users.bytes() + roleBytes;
    }

    /// Takes in what changed, at a cost that goes with it and not with the organisation.
    void change(List<User> changedUsers, List<Role> changedRoles, List<Role.Id> goneRoles, OrgVersions.State now) {
        lock.writeLock().lock();
        try {
            if (!changedRoles.isEmpty() || !goneRoles.isEmpty()) {
                change(changedRoles, Set.copyOf(goneRoles));
            }
            users.expect(changedUsers.size());
            changedUsers.forEach(users::put);
            users.settle(bytesMax);
            state = now;
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void change(List<Role> changed, Set<Role.Id> gone) {
        var now = new HashMap<>(roles);
        changed.forEach(role -> now.put(role.id(), role));
        gone.forEach(now::remove);
        if (!gone.isEmpty()) {
            users.forgetRoles(gone);
        }
        // One that is new is nobody's yet.
        var renamed = changed.stream().map(Role::id)
            .filter(id -> roles.containsKey(id) && !roles.get(id).name().equals(now.get(id).name()))
            .collect(Collectors.toSet());
        if (!renamed.isEmpty()) {
            users.sortRoles(renamed, Comparator.comparing(now::get, Roles.BY_NAME));
        }
        know(now);
    }

    private void know(Map<Role.Id, Role> now) {
        roles = now;
        rolesNumber = ROLES_NUMBERS.incrementAndGet();
        roleBytes = bytes(now.values());
    }

    static long bytes(Collection<Role> roles) {
        return roles.stream().mapToLong(role -> ROLE_BYTES + PERMISSION_BYTES * role.permissions().size()).sum();
    }

    /// Takes the place of what was remembered.
    void become(UserIndex newUsers, Map<Role.Id, Role> newRoles, OrgVersions.State now) {
        lock.writeLock().lock();
        try {
            users = newUsers;
            know(newRoles);
            state = now;
            refreshed = 0;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
