package roster.core.provisioning;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import roster.base.db.Database;
import roster.base.db.OrgVersions.State;
import roster.base.db.Tx;
import roster.base.fair.FairPlaces;
import roster.base.fair.PatientLock;
import roster.base.scim.SortOrder;
import roster.core.directory.OrgStates;
import roster.core.index.KeyedIds;
import roster.core.provisioning.PeopleScans.Watch;
import roster.model.Org;
import roster.model.Problem.BadScim;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// The people of organisations whom SCIM shows, in the orders that lists were asked for, in the memory of this node. Each
/// order is brought up to the snapshot in which it is read: by what changed since it was read last, or by loading.
///
/// A request waits for others that look up something in the same order; what they read of people then, they read side by side.
final class PeopleOrders {
    /// With more changed users than this, loading is cheaper.
    private static final int CHANGES_MAX = 20_000;

    /// What a person takes in memory, in bytes: less than most do.
    private static final int BYTES_MIN = 60;

    /// The longest wait of a request for others that load.
    private static final Duration WAIT = Duration.ofSeconds(5);

    /// Requests of one organisation that may wait to load.
    private static final int WAITING_MAX = 200;

    private final Database db;
    private final PeopleScans scans;
    private final long bytesMax;
    private final Cache<Key, CachedOrder> orders;

    /// One of the usual orders at a time is loaded, and one of the others, as what is being loaded takes memory that is not
    /// counted yet. Organisations take turns.
    private final FairPlaces loading = new FairPlaces(1, WAITING_MAX, WAIT);
    private final FairPlaces sorting = new FairPlaces(1, WAITING_MAX, WAIT.multipliedBy(2));

    /// @param bytesMax for all orders together
    PeopleOrders(Database db, PeopleScans scans, long bytesMax) {
        this.db = db;
        this.scans = scans;
        this.bytesMax = bytesMax;
        this.orders = Caffeine.newBuilder().maximumWeight(bytesMax)
            .weigher((Key key, CachedOrder cached) -> cached.weight()).build();
    }

    private record Key(Org.Id org, String order) {}

    private static final class CachedOrder {
        private final PatientLock lock = new PatientLock();

        /// None before they were loaded, and where there are more than fit.
        private Optional<KeyedIds> people = Optional.empty();
        private State state;

        /// Looked at without the lock.
        private volatile boolean isLoading;

        /// Whether filters are better off with a scan: it took too long to load, when that was tried last.
        private boolean isSlow;

        /// A number of people that did not fit.
        private long tooMany = Long.MAX_VALUE;

        /// Looked at without the lock.
        private volatile long bytes;

        private int weight() {
            return (int) Math.min(Integer.MAX_VALUE, 300 + bytes);
        }
    }

    /// Looks something up in an order, and then reads people in the same snapshot, which is taken after the call.
    ///
    /// @param looking what it gets must not be kept
    /// @return none if there are more people than fit into memory
    /// @throws Refused with [Unavailable] if others took too long; with `tooMany` if loading did
    <S, T> Optional<T> read(Org.Id org, Optional<SortOrder> order, BiFunction<Tx, Ordered, S> looking,
        BiFunction<Tx, S, T> reading) {
        var key = new Key(org, order.map(SortOrder::text).orElse(""));
        var cached = orders.get(key, _ -> new CachedOrder());
        cached.lock.lock();
        try {
            Optional<T> answer = Optional.empty();
            if (cached.people.isPresent()) {
                answer = db.read(tx -> {
                    hold(cached.lock);
                    return refreshed(tx, org, order, cached) ? Optional.of(answer(tx, key, cached, looking, reading))
                        : Optional.empty();
                });
            }
            cached.isLoading = answer.isEmpty();
            return answer.isPresent() ? answer : loading(order, (tx, watch) -> {
                hold(cached.lock);
                return load(tx, org, order, cached, watch) ? Optional.of(answer(tx, key, cached, looking, reading))
                    : Optional.empty();
            });
        } finally {
            release(key, cached);
        }
    }

    /// Looks something up.
    interface Looking<S> {
        S look(Tx tx, Ordered all, Watch watch);
    }

    /// The same in an order that is here, or can be loaded without a wait for others that load. Who needs no order can do
    /// without it.
    ///
    /// @param isScan whether looking takes longer with more people: then it has a place of a scan, and its time
    /// @return none, too, if loading was refused
    /// @throws Refused as a scan is
    <S, T> Optional<T> readAtOnce(Org.Id org, SortOrder by, boolean isScan, Looking<S> looking,
        BiFunction<Tx, S, T> reading) {
        var key = new Key(org, by.text());
        var cached = orders.get(key, _ -> new CachedOrder());
        if (cached.isLoading || !isLocked(cached.lock)) {
            return Optional.empty();
        }
        try {
            Optional<T> answer = Optional.empty();
            if (cached.people.isPresent()) {
                answer = scans.read(isScan, (tx, watch) -> {
                    hold(cached.lock);
                    return refreshed(tx, org, Optional.of(by), cached)
                        ? Optional.of(answer(tx, key, cached, watched(looking, watch), reading)) : Optional.empty();
                });
            }
            return answer.isPresent() || cached.isSlow ? answer
                : loadingAtOnce(cached, (tx, watch, loaded) -> {
                    var isThere = load(tx, org, Optional.of(by), cached, watch);
                    loaded.run();
                    return isThere ? Optional.of(answer(tx, key, cached, watched(looking, watch), reading))
                        : Optional.empty();
                });
        } finally {
            release(key, cached);
        }
    }

    private static <S> BiFunction<Tx, Ordered, S> watched(Looking<S> looking, Watch watch) {
        return (tx, all) -> looking.look(tx, all, watch);
    }

    private static boolean isLocked(PatientLock lock) {
        try {
            lock.lock();
            return true;
        } catch (Refused e) { // others took too long
            return false;
        }
    }

    private interface Loading<T> {
        /// @param loaded to be called once that is done
        Optional<T> load(Tx tx, Watch watch, Runnable loaded);
    }

    private <T> Optional<T> loadingAtOnce(CachedOrder cached, Loading<T> work) {
        var loads = new AtomicBoolean();
        cached.isLoading = true;
        try {
            return scans.scan((tx, watch) -> sorting.ifFree(() -> {
                hold(cached.lock);
                loads.set(true);
                return work.load(tx, watch, () -> loads.set(false));
            })).flatMap(answer -> answer);
        } catch (Refused e) {
            if (!loads.get()) {
                throw e;
            }
            cached.isSlow = e.problem() instanceof BadScim;
            return Optional.empty();
        }
    }

    private <S, T> T answer(Tx tx, Key key, CachedOrder cached, BiFunction<Tx, Ordered, S> looking,
        BiFunction<Tx, S, T> reading) {
        var found = looking.apply(tx, Ordered.of(cached.people.orElseThrow()));
        release(key, cached);
        return reading.apply(tx, found);
    }

    private void release(Key key, CachedOrder cached) {
        if (cached.lock.isHeldByCurrentThread()) {
            cached.isLoading = false;
            cached.bytes = cached.people.map(KeyedIds::bytes).orElse(0L);
            cached.lock.unlock();
            orders.asMap().computeIfPresent(key, (_, there) -> there); // weighs it again
        }
    }

    /// Again, if the transaction is tried a second time.
    private static void hold(PatientLock lock) {
        if (!lock.isHeldByCurrentThread()) {
            lock.lock();
        }
    }

    /// Takes over what changed.
    ///
    /// @return false if it must be loaded
    private static boolean refreshed(Tx tx, Org.Id org, Optional<SortOrder> order, CachedOrder cached) {
        var now = OrgStates.of(tx, org);
        var since = cached.state;
        if (now.equals(since)) {
            return true;
        }
        if (now.version() < since.version() || !OrgStates.wentOnFrom(tx, org, since)) {
            return false;
        }
        var changed = PeopleOrderRows.changedSince(tx, org, order, since.version(), CHANGES_MAX + 1);
        if (changed.size() > CHANGES_MAX) {
            return false;
        }
        var people = cached.people.orElseThrow();
        cached.people = Optional.empty(); // if this fails it is half changed
        for (var one : changed) {
            if (one.isShown()) {
                people.put(one.key());
            } else {
                people.remove(KeyedIds.id(one.key()));
            }
        }
        cached.people = Optional.of(people);
        cached.state = now;
        return true;
    }

    /// The usual order needs little of each person, and every list that is not sorted needs it. Its turn to load comes when it
    /// has its place at the database: one that waits for that must not keep others from loading.
    private <T> T loading(Optional<SortOrder> order, BiFunction<Tx, Watch, T> work) {
        return order.isEmpty() ? db.readLong(tx -> loading.in(() -> work.apply(tx, Watch.NONE)))
            : scans.scan((tx, watch) -> sorting.in(() -> {
                watch.begin();
                return work.apply(tx, watch);
            }));
    }

    /// @return whether there is room
    private boolean load(Tx tx, Org.Id org, Optional<SortOrder> order, CachedOrder cached, Watch watch) {
        cached.people = Optional.empty();
        var number = PeopleOrderRows.count(tx, org);
        if (number * BYTES_MIN > bytesMax || number >= cached.tooMany) {
            return false;
        }
        var keys = new CollectedKeys(bytesMax);
        PeopleOrderRows.each(tx, org, order, key -> {
            watch.look();
            keys.add(key);
        });
        var people = keys.fit() ? Optional.of(new KeyedIds(keys.all())) : Optional.<KeyedIds>empty();
        if (people.filter(all -> all.bytes() <= bytesMax).isEmpty()) {
            cached.tooMany = number;
            return false;
        }
        cached.people = people;
        cached.state = OrgStates.of(tx, org);
        cached.isSlow = false;
        return true;
    }
}
