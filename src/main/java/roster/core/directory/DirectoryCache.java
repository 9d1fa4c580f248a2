package roster.core.directory;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.db.OrgVersions;
import roster.base.db.Tx;
import roster.core.index.ListRequest;
import roster.core.index.PackedUser;
import roster.core.index.UserIndex;
import roster.core.index.UserQuery;
import roster.core.role.Roles;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Page;
import roster.model.Problem.BadKeys;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// What this node remembers of organisations: their users and roles, as of a version and stamp that they still have when
/// it is used. Read anew where they have moved on: what changed since, if the history is still the same one, else all.
///
/// All of it stays within a number of bytes: organisations unused for longest go first. One that is too large alone, or
/// finds no room as others are in use, is answered by plain SQL instead: the same, only slower. So two that do not fit
/// together are not loaded by turns, each in the place of the other.
public final class DirectoryCache {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryCache.class);

    /// With more users changed than this all are read anew: row by row as they arrive, not as a list.
    private static final int CHANGES_MAX = 50_000;

    /// While users are read for the first time, what they take is added up each time so many have come.
    private static final int COUNTED_EVERY = 1024;

    /// What a user takes, in bytes, whose name and address are short and who has no title.
    private static final long USER_BYTES_MIN = 200;

    /// Nobody is dropped for a newcomer who was used within this time, nor within so many times what loading him took:
    /// so most of a node's time is not spent with loading.
    private static final long IN_USE_NANOS_MIN = TimeUnit.SECONDS.toNanos(3);
    private static final int IN_USE_LOADINGS = 10;

    /// The number of roles that may be others the next time.
    public static final long NOT_REMEMBERED = 0;

    private final Database db;
    private final UserLists directory;
    private final Roles roles;
    private final long bytesMax;
    private final Map<Org.Id, OrgImage> all = new ConcurrentHashMap<>();
    private final LongSupplier clock;
    private long taken;

    /// @param bytesMax what all organisations may take together
    public DirectoryCache(Database db, UserLists directory, Roles roles, long bytesMax) {
        this(db, directory, roles, bytesMax, System::nanoTime);
    }

    /// @param clock in nanoseconds, from any moment on
    DirectoryCache(Database db, UserLists directory, Roles roles, long bytesMax, LongSupplier clock) {
        this.db = db;
        this.directory = directory;
        this.roles = roles;
        this.bytesMax = bytesMax;
        this.clock = clock;
    }

    /// An organisation as of one moment.
    public interface View {
        Optional<User> find(User.Id id);

        UserIndex.Listed list(ListRequest walk);

        Optional<Role> role(Role.Id id);

        /// These roles, by name; what is no role of the organisation is skipped.
        List<Role> roles(Collection<Role.Id> ids);

        /// Users that have a role, disabled ones included.
        Page<PackedUser> members(Role role, UserQuery query);

        /// How many enabled users have each role; those that nobody has may be left out.
        Map<Role.Id, Long> enabledMembers();

        OrgVersions.State state();

        /// A user as he is kept, for those who may not need to unpack him.
        default Optional<PackedUser> kept(User.Id id) {
            return find(id).map(PackedUser::of);
        }

        /// Another number after every change to a role, and for every organisation.
        default long rolesNumber() {
            return NOT_REMEMBERED;
        }
    }

    /// Thrown while an organisation is read that has no room.
    private static final class NoRoom extends RuntimeException {
        private static final long serialVersionUID = 1;

        private NoRoom() {
            super("no room", null, false, false);
        }
    }

    /// Reads the caller's organisation. What is seen is no older than his request: he was let in at a version that was
    /// asked for after it arrived.
    public <T> T read(Caller caller, Function<View, T> work) {
        return read(caller.org(), new OrgVersions.State(caller.version(), caller.stamp()), work);
    }

    /// Reads an organisation as it is now: whatever was committed before the call is in it.
    public <T> T readNow(Org.Id org, Function<View, T> work) {
        return read(org, now(org), work);
    }

    private OrgVersions.State now(Org.Id org) {
        return db.versions().now(org).orElseThrow(() -> new Refused(new BadKeys()));
    }

    private <T> T read(Org.Id org, OrgVersions.State asked, Function<View, T> work) {
        while (true) {
            var memory = all.computeIfAbsent(org, id -> new OrgImage(id, bytesMax));
            memory.used = clock.getAsLong();
            var before = memory.begun;
            var wanted = asked;
            while (memory.hasRoom) {
                var seen = seen(memory, wanted, before, work);
                if (seen.isPresent()) {
                    return seen.get();
                }
                if (memory.givenBack) {
                    break; // there is, or will be, another one
                }
                if (memory.state.version() > wanted.version()) {
                    // Somebody read further meanwhile; or the database went back. The database knows.
                    wanted = now(org);
                }
                if (!memory.state.equals(wanted) && !refresh(memory, wanted, before)) {
                    break;
                }
            }
            if (!memory.givenBack) {
                return db.readLong(tx -> work.apply(new SqlDirectory(tx, org, directory, roles)));
            }
        }
    }

    /// What the work makes of an organisation, if what is remembered of it is wanted, or was read from the database
    /// after the refresh of that number: later than the request, whatever its version.
    private <T> Optional<T> seen(OrgImage memory, OrgVersions.State wanted, long before, Function<View, T> work) {
        memory.lock.readLock().lock();
        try {
            if (!memory.state.equals(wanted) && memory.refreshed <= before) {
                return Optional.empty();
            }
            var seen = work.apply(memory);
            if (memory.size() != memory.bytes) { // filters that were used for the first time have made it grow
                count(memory, memory.size(), other -> true);
            }
            return Optional.of(seen);
        } finally {
            memory.lock.readLock().unlock();
        }
    }

    /// @param before no refresh that began up to this one will do
    /// @return whether there is room for the organisation
    private boolean refresh(OrgImage memory, OrgVersions.State wanted, long before) {
        if (memory.state.equals(OrgImage.NOTHING) && !fits(memory, memory.needed)) {
            return false;
        }
        memory.refreshing.lock();
        try {
            if (!memory.givenBack && !memory.state.equals(wanted) && memory.refreshed <= before) {
                // Whoever reads the number from now on came after the snapshot may have been taken.
                var number = memory.begun + 1;
                memory.begun = number;
                if (memory.state.equals(OrgImage.NOTHING) || !db.read(tx -> changes(tx, memory))) {
                    db.readLong(tx -> {
                        load(tx, memory);
                        return null;
                    });
                }
                memory.refreshed = number;
            }
            return true;
        } catch (NoRoom e) {
            return false;
        } finally {
            memory.refreshing.unlock();
        }
    }

    static OrgVersions.State state(Tx tx, Org.Id org) {
        return tx.query("SELECT version, stamp FROM orgs WHERE id = ?", org)
            .optional(row -> new OrgVersions.State(row.number("version"), row.number("stamp")))
            .orElseThrow(() -> new Refused(new BadKeys()));
    }

    /// Whether what happened since can be added to what is remembered: the entry of the remembered version bears the
    /// remembered stamp, and nothing since says that everything may have changed.
    private static boolean sameHistory(Tx tx, OrgImage memory) {
        return tx.query("""
            SELECT 1 FROM audit_entries
             WHERE org_id = ? AND version = ? AND stamp = ?
               AND NOT EXISTS (SELECT 1 FROM gone WHERE org_id = ? AND version > ? AND kind = 'everything')
             LIMIT 1
            """, memory.org, memory.state.version(), memory.state.stamp(), memory.org, memory.state.version()).any();
    }

    /// @return false if all must be read anew
    private boolean changes(Tx tx, OrgImage memory) {
        if (!sameHistory(tx, memory)) {
            return false;
        }
        var since = memory.state.version();
        var changedUsers = directory.changedSince(tx, memory.org, since, CHANGES_MAX + 1);
        if (changedUsers.size() > CHANGES_MAX) {
            return false;
        }
        var changedRoles = roles.changedSince(tx, memory.org, since);
        var goneRoles = tx.query("SELECT id FROM gone WHERE org_id = ? AND version > ? AND kind = 'role'",
            memory.org, since).list(row -> new Role.Id(row.uuid("id")));
        var state = state(tx, memory.org);
        try {
            memory.change(changedUsers, changedRoles, goneRoles, state);
            count(memory, memory.size(), other -> true);
        } catch (RuntimeException | Error e) { // half done: nothing of it may be used
            forget(memory);
            throw e;
        }
        if (memory.bytes > bytesMax) {
            tooLarge(memory);
        }
        return true;
    }

    /// Reads all users and roles. What was remembered goes before: it would take its room beside the new.
    private void load(Tx tx, OrgImage memory) {
        var started = clock.getAsLong();
        forget(memory);
        var loaded = false;
        try {
            var known = new HashMap<Role.Id, Role>();
            roles.changedSince(tx, memory.org, 0).forEach(role -> known.put(role.id(), role));
            var expected = directory.size(tx, memory.org);
            var least = UserIndex.EMPTY + OrgImage.bytes(known.values()) + expected * USER_BYTES_MIN;
            if (least > bytesMax) {
                tooLarge(memory);
            }
            admit(memory, least);
            var users = new UserIndex(memory.org);
            directory.each(tx, memory.org, user -> {
                users.put(user);
                if (users.isFull() || users.bytes() > bytesMax) {
                    tooLarge(memory);
                }
                if (users.size() % COUNTED_EVERY == 0 && users.bytes() > memory.bytes) {
                    admit(memory, Math.min(bytesMax, users.bytes() * Math.max(expected, users.size()) / users.size()));
                }
            });
            memory.become(users, known, state(tx, memory.org));
            if (memory.size() > bytesMax) {
                tooLarge(memory);
            }
            admit(memory, memory.size());
            memory.used = clock.getAsLong();
            memory.loading = memory.used - started;
            loaded = true;
            LOG.atInfo().addKeyValue("org", memory.org).addKeyValue("users", users.size())
                .addKeyValue("mb", memory.bytes >> 20).addKeyValue("ms", memory.loading / 1_000_000)
                .log("directory loaded");
        } finally {
            if (!loaded) {
                forget(memory);
            }
        }
    }

    private void forget(OrgImage memory) {
        memory.become(new UserIndex(memory.org), Map.of(), OrgImage.NOTHING);
        count(memory, 0, other -> false);
    }

    /// For good, as users are never deleted.
    private void tooLarge(OrgImage memory) {
        LOG.atInfo().addKeyValue("org", memory.org).addKeyValue("max_mb", bytesMax >> 20)
            .log("directory does not fit into ROSTER_DIRECTORY_MEMORY: read by SQL");
        memory.hasRoom = false;
        forget(memory);
        throw new NoRoom();
    }

    /// Notes what a newcomer takes, in the place of others that are not in use.
    ///
    /// @throws NoRoom if there are too few of those; then none is given back
    private synchronized void admit(OrgImage memory, long bytes) {
        memory.needed = bytes;
        if (!fits(memory, bytes)) {
            throw new NoRoom();
        }
        count(memory, bytes, this::isOutOfUse);
        if (taken > bytesMax) { // one of them has just begun to be refreshed
            throw new NoRoom();
        }
    }

    /// Whether a newcomer finds room.
    private synchronized boolean fits(OrgImage memory, long bytes) {
        var left = bytesMax - taken + memory.bytes - bytes;
        return left >= 0 || left + others(memory, this::isOutOfUse).mapToLong(other -> other.bytes).sum() >= 0;
    }

    private boolean isOutOfUse(OrgImage memory) {
        return clock.getAsLong() - memory.used > Math.max(IN_USE_NANOS_MIN, IN_USE_LOADINGS * memory.loading);
    }

    private Stream<OrgImage> others(OrgImage memory, Predicate<OrgImage> such) {
        return all.values().stream()
            .filter(other -> other != memory && other.bytes > 0 && !other.refreshing.isLocked() && such.test(other));
    }

    private record Use(OrgImage memory, long used) {}

    /// Notes what an organisation takes, and gives back others until all have room, those unused for longest first, and
    /// none that is being read.
    ///
    /// @param mayGo of the others
    private synchronized void count(OrgImage memory, long bytes, Predicate<OrgImage> mayGo) {
        if (memory.givenBack) {
            return;
        }
        taken += bytes - memory.bytes;
        memory.bytes = bytes;
        if (taken > bytesMax) {
            // Uses go on meanwhile: what is sorted by must not.
            others(memory, mayGo).map(other -> new Use(other, other.used)).sorted(Comparator.comparingLong(Use::used))
                .takeWhile(other -> taken > bytesMax).forEach(other -> giveBack(other.memory()));
        }
    }

    /// Whoever holds it still may finish with it.
    private synchronized void giveBack(OrgImage memory) {
        if (memory.refreshing.tryLock()) {
            try {
                all.remove(memory.org, memory);
                memory.givenBack = true;
                taken -= memory.bytes;
                memory.bytes = 0;
            } finally {
                memory.refreshing.unlock();
            }
        }
    }
}
