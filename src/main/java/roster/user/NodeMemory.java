package roster.user;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.db.Database;
import roster.db.OrgVersions;
import roster.db.Tx;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.BadKeys;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import roster.role.Roles;

/// What this node remembers of organisations: their users and roles, as of a version and stamp that they still have when
/// it is used. Read anew where they have moved on: what changed since, if the history is still the same one, else all.
public final class NodeMemory {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMemory.class);

    /// No organisation has it.
    private static final OrgVersions.State NOTHING = new OrgVersions.State(0, 0);

    /// The number of roles that may be others the next time.
    static final long NOT_REMEMBERED = 0;

    private static final AtomicLong ROLES_NUMBERS = new AtomicLong(NOT_REMEMBERED);

    private final Database db;
    private final Directory directory;
    private final Roles roles;
    private final long bytesMax;
    private final Map<Org.Id, Memory> memories = new ConcurrentHashMap<>();
    private final AtomicLong uses = new AtomicLong();

    /// @param bytesMax what all directories of the node may take; those unused for longest go first
    public NodeMemory(Database db, Directory directory, Roles roles, long bytesMax) {
        this.db = db;
        this.directory = directory;
        this.roles = roles;
        this.bytesMax = bytesMax;
    }

    /// An organisation as of one moment.
    public interface View {
        Optional<User> find(User.Id id);

        Directory.Page list(UserQuery query);

        UserIndex.Listed list(Walk walk);

        OrgVersions.State state();

        /// A user as he is kept, for those who may not need to unpack him.
        default Optional<Kept> kept(User.Id id) {
            return find(id).map(Kept::of);
        }

        /// Another number after every change to a role, and for every organisation.
        default long rolesNumber() {
            return NOT_REMEMBERED;
        }

        /// These roles, by name; what is no role of the organisation is skipped.
        List<Role> roles(Collection<Role.Id> ids);
    }

    private static final class Memory implements View {
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private final ReentrantLock refreshing = new ReentrantLock();
        private final Org.Id org;
        private volatile OrgVersions.State state = NOTHING;
        private volatile long used;
        private volatile long bytes;

        // Refreshes are numbered as they begin; the last one that ended well.
        private volatile long begun;
        private volatile long refreshed;
        private UserIndex users;
        private Map<Role.Id, Role> roles = Map.of();
        private long rolesNumber = ROLES_NUMBERS.incrementAndGet();

        private Memory(Org.Id org) {
            this.org = org;
            this.users = new UserIndex(org);
        }

        @Override
        public Optional<User> find(User.Id id) {
            return users.find(id);
        }

        @Override
        public Optional<Kept> kept(User.Id id) {
            return users.kept(id);
        }

        @Override
        public long rolesNumber() {
            return rolesNumber;
        }

        private void know(Map<Role.Id, Role> now) {
            roles = now;
            rolesNumber = ROLES_NUMBERS.incrementAndGet();
        }

        @Override
        public Directory.Page list(UserQuery query) {
            return users.list(query);
        }

        @Override
        public UserIndex.Listed list(Walk walk) {
            return users.list(walk);
        }

        @Override
        public OrgVersions.State state() {
            return state;
        }

        @Override
        public List<Role> roles(Collection<Role.Id> ids) {
            return ids.stream().map(roles::get).filter(role -> role != null).sorted(Roles.BY_NAME).toList();
        }
    }

    /// Reads the caller's organisation from memory. What is seen is no older than his request: he was let in at a version
    /// that was asked for after it arrived.
    public <T> T read(Caller caller, Function<View, T> work) {
        var memory = memories.computeIfAbsent(caller.org(), Memory::new);
        memory.used = uses.incrementAndGet();
        var before = memory.begun;
        var wanted = new OrgVersions.State(caller.version(), caller.stamp());
        while (true) {
            memory.lock.readLock().lock();
            try {
                // What was read from the database after the request arrived will do, whatever its version.
                if (memory.state.equals(wanted) || memory.refreshed > before) {
                    return work.apply(memory);
                }
            } finally {
                memory.lock.readLock().unlock();
            }
            if (memory.state.version() > wanted.version()) {
                // Somebody read further meanwhile; or the database went back. The database knows.
                wanted = db.versions().now(caller.org()).orElseThrow(() -> new Refused(new BadKeys()));
                if (memory.state.equals(wanted)) {
                    continue;
                }
            }
            refresh(memory, wanted, before);
        }
    }

    /// @param before no refresh that began up to this one will do
    private void refresh(Memory memory, OrgVersions.State wanted, long before) {
        memory.refreshing.lock();
        try {
            if (!memory.state.equals(wanted) && memory.refreshed <= before) {
                var number = memory.begun + 1;
                memory.begun = number;
                db.readLong(tx -> {
                    var state = tx.query("SELECT version, stamp FROM orgs WHERE id = ?", memory.org)
                        .optional(row -> new OrgVersions.State(row.number("version"), row.number("stamp")))
                        .orElseThrow(() -> new Refused(new BadKeys()));
                    if (sameHistory(tx, memory)) {
                        changes(tx, memory, state);
                    } else {
                        load(tx, memory, state);
                    }
                    return null;
                });
                memory.refreshed = number;
                makeRoom(memory);
            }
        } finally {
            memory.refreshing.unlock();
        }
    }

    /// Whether what happened since can be added to what is remembered: the entry of the remembered version bears the
    /// remembered stamp, and nothing since says that everything may have changed.
    private static boolean sameHistory(Tx tx, Memory memory) {
        return memory.state.version() > 0 && tx.query("""
            SELECT 1 FROM audit_entries
             WHERE org_id = ? AND version = ? AND stamp = ?
               AND NOT EXISTS (SELECT 1 FROM gone WHERE org_id = ? AND version > ? AND kind = 'everything')
             LIMIT 1
            """, memory.org, memory.state.version(), memory.state.stamp(), memory.org, memory.state.version()).any();
    }

    private void changes(Tx tx, Memory memory, OrgVersions.State state) {
        var since = memory.state.version();
        var changedRoles = roles.changedSince(tx, memory.org, since);
        var goneRoles = tx.query("SELECT id FROM gone WHERE org_id = ? AND version > ? AND kind = 'role'",
            memory.org, since).list(row -> new Role.Id(row.uuid("id")));
        var changedUsers = directory.changedSince(tx, memory.org, since);
        memory.lock.writeLock().lock();
        try {
            var now = new HashMap<>(memory.roles);
            changedRoles.forEach(role -> now.put(role.id(), role));
            goneRoles.forEach(now::remove);
            if (!changedRoles.isEmpty() || !goneRoles.isEmpty()) {
                memory.know(now);
            }
            if (!goneRoles.isEmpty()) {
                memory.users.forgetRoles(goneRoles);
            }
            if (!changedRoles.isEmpty()) {
                memory.users.sortRoles(Comparator.comparing(now::get, Roles.BY_NAME));
            }
            changedUsers.forEach(memory.users::put);
            memory.users.settle();
            memory.state = state;
            memory.bytes = memory.users.bytes();
        } catch (RuntimeException | Error e) { // half done: nothing of it may be used
            memory.state = NOTHING;
            memory.refreshed = 0;
            memory.users = new UserIndex(memory.org);
            throw e;
        } finally {
            memory.lock.writeLock().unlock();
        }
    }

    private void load(Tx tx, Memory memory, OrgVersions.State state) {
        var started = System.nanoTime();
        var users = new UserIndex(memory.org);
        directory.each(tx, memory.org, users::put);
        var all = new LinkedHashMap<Role.Id, Role>();
        roles.changedSince(tx, memory.org, 0).forEach(role -> all.put(role.id(), role));
        memory.lock.writeLock().lock();
        try {
            memory.users = users;
            memory.know(all);
            memory.state = state;
            memory.bytes = users.bytes();
        } finally {
            memory.lock.writeLock().unlock();
        }
        LOG.atInfo().addKeyValue("org", memory.org).addKeyValue("users", users.size())
            .addKeyValue("mb", memory.bytes >> 20).addKeyValue("ms", (System.nanoTime() - started) / 1_000_000)
            .log("directory loaded");
    }

    /// Gives back what was not used for longest. The one in use stays, even if it is too large alone.
    private void makeRoom(Memory inUse) {
        var taken = memories.values().stream().mapToLong(memory -> memory.bytes).sum();
        var others = new ArrayList<>(memories.values());
        others.remove(inUse);
        others.sort(Comparator.comparingLong(memory -> memory.used));
        for (var other : others) {
            if (taken <= bytesMax) {
                return;
            }
            memories.remove(other.org, other);
            taken -= other.bytes;
        }
    }
}
