package roster.core.directory;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.db.OrgVersions;
import roster.base.db.Tx;
import roster.core.role.Roles;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.BadKeys;
import roster.model.Refused;

/// The users and roles of organisations, cached in the memory of this node and always current: an image is used only at
/// the version and stamp that its organisation has when it is read. If the organisation has moved on, the image is
/// refreshed first, by what changed since or, if its history does not lead on from the image, by loading it.
///
/// The images together stay within a number of bytes; [CachedOrgs] says which are evicted. An organisation without room
/// is answered by SQL instead ([SqlDirectory]): the same answers, only slower.
public final class DirectoryCache {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryCache.class);

    private final Database db;
    private final UserLists lists;
    private final Roles roles;
    private final OrgLoader loader;
    private final CachedOrgs orgs;
    private final long bytesMax;
    private final LongSupplier clock;

    /// @param bytesMax for all organisations together
    public DirectoryCache(Database db, UserLists lists, Roles roles, long bytesMax) {
        this(db, lists, roles, bytesMax, System::nanoTime);
    }

    /// @param clock in nanoseconds, from any origin
    DirectoryCache(Database db, UserLists lists, Roles roles, long bytesMax, LongSupplier clock) {
        this.db = db;
        this.lists = lists;
        this.roles = roles;
        this.loader = new OrgLoader(lists, roles, bytesMax);
        this.orgs = new CachedOrgs(bytesMax, clock);
        this.bytesMax = bytesMax;
        this.clock = clock;
    }

    /// Reads the caller's organisation, at a state no older than the request: the caller was let in at a version that was
    /// asked for after the request arrived.
    ///
    /// @param work must not keep the view
    public <T> T read(Caller caller, Function<DirectoryView, T> work) {
        return read(caller.org(), new OrgVersions.State(caller.version(), caller.stamp()), work);
    }

    /// Reads an organisation as it is now, with all that was committed before the call.
    ///
    /// @param work must not keep the view
    /// @throws Refused with [BadKeys] if there is no such organisation
    public <T> T readNow(Org.Id org, Function<DirectoryView, T> work) {
        return read(org, now(org), work);
    }

    private OrgVersions.State now(Org.Id org) {
        return db.versions().now(org).orElseThrow(() -> new Refused(new BadKeys()));
    }

    /// As [#read], but only from memory.
    ///
    /// @return nothing if there is no room for the organisation
    public <T> Optional<T> readInMemory(Caller caller, Function<DirectoryView, T> work) {
        return inMemory(caller.org(), new OrgVersions.State(caller.version(), caller.stamp()), work);
    }

    private <T> T read(Org.Id id, OrgVersions.State asked, Function<DirectoryView, T> work) {
        return inMemory(id, asked, work)
            .orElseGet(() -> db.readLong(tx -> work.apply(new SqlDirectory(tx, id, lists, roles))));
    }

    private <T> Optional<T> inMemory(Org.Id id, OrgVersions.State asked, Function<DirectoryView, T> work) {
        while (true) {
            var org = orgs.entry(id);
            org.lastUsed = clock.getAsLong();
            var before = org.begun;
            var wanted = asked;
            while (org.mayFit) {
                var answer = answer(org, wanted, before, work);
                if (answer.isPresent()) {
                    return answer;
                }
                if (org.evicted) {
                    break; // another entry has its place, or will have
                }
                if (org.image.state().version() > wanted.version()) {
                    // Another request read further meanwhile, or the database was restored. Only the database knows.
                    wanted = now(id);
                }
                if (!org.image.state().equals(wanted) && !refresh(org, wanted, before)) {
                    break;
                }
            }
            if (!org.evicted) {
                return Optional.empty();
            }
        }
    }

    /// Does the work on the image, if that is at the wanted state, or if it was refreshed after the refresh of number
    /// `before`: then it is later than the request, whatever its version.
    private <T> Optional<T> answer(CachedOrg org, OrgVersions.State wanted, long before,
        Function<DirectoryView, T> work) {
        org.lock.readLock().lock();
        try {
            var image = org.image;
            if (!image.state().equals(wanted) && org.refreshed <= before) {
                return Optional.empty();
            }
            var answer = work.apply(image);
            if (image.bytes() != org.bytes) { // filters that were used for the first time have made it grow
                orgs.grown(org, image.bytes());
            }
            return Optional.of(answer);
        } finally {
            org.lock.readLock().unlock();
        }
    }

    /// Brings the image to the wanted state or a later one, unless another thread has done so since.
    ///
    /// @param before a refresh of this number or a lower one began before the request, and is not enough for it
    /// @return whether there is room for the organisation
    private boolean refresh(CachedOrg org, OrgVersions.State wanted, long before) {
        if (org.image.isEmpty() && !orgs.fits(org, org.needed)) {
            return false;
        }
        org.refreshing.lock();
        try {
            if (!org.mayFit) {
                return false;
            }
            if (!org.evicted && !org.image.state().equals(wanted) && org.refreshed <= before) {
                // Set before the snapshot is taken: a request that reads this number may have come after it.
                var number = org.begun + 1;
                org.begun = number;
                var changes = org.image.isEmpty() ? Optional.<OrgChanges>empty()
                    : db.read(tx -> loader.changes(tx, org.id, org.image.state()));
                if (changes.isPresent()) {
                    change(org, changes.get());
                } else {
                    db.readLong(tx -> load(tx, org));
                }
                org.refreshed = number;
            }
            return true;
        } catch (NoRoom e) {
            if (e.isForGood()) {
                org.mayFit = false;
                LOG.atInfo().addKeyValue("org", org.id).addKeyValue("max_mb", bytesMax >> 20)
                    .log("directory does not fit into ROSTER_DIRECTORY_MEMORY: read by SQL");
            }
            return false;
        } finally {
            org.refreshing.unlock();
        }
    }

    private void change(CachedOrg org, OrgChanges changes) {
        org.lock.writeLock().lock();
        try {
            org.image.apply(changes);
        } catch (RuntimeException | Error e) { // the image is half changed
            drop(org);
            throw e;
        } finally {
            org.lock.writeLock().unlock();
        }
        orgs.grown(org, org.image.bytes());
        if (org.bytes > bytesMax) {
            drop(org);
            throw NoRoom.forGood();
        }
    }

    private OrgImage load(Tx tx, CachedOrg org) {
        var started = clock.getAsLong();
        drop(org); // it would take memory beside the new one
        var loaded = false;
        try {
            var image = loader.load(tx, org.id, bytes -> orgs.admit(org, bytes));
            org.replace(image);
            var ended = clock.getAsLong();
            org.lastUsed = ended;
            org.loadNanos = ended - started;
            loaded = true;
            LOG.atInfo().addKeyValue("org", org.id).addKeyValue("users", image.size())
                .addKeyValue("mb", org.bytes >> 20).addKeyValue("ms", org.loadNanos / 1_000_000)
                .log("directory loaded");
            return image;
        } finally {
            if (!loaded) {
                drop(org);
            }
        }
    }

    private void drop(CachedOrg org) {
        org.replace(OrgImage.empty(org.id, bytesMax));
        orgs.emptied(org);
    }
}
