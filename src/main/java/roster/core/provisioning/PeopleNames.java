package roster.core.provisioning;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.OrgVersions.State;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.fair.FairPlaces;
import roster.core.directory.DirectoryCache;
import roster.core.directory.OrgStates;
import roster.core.index.TextIds;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// By which names, external ids and addresses people are known, in the memory of this node: hashes of these, and ids.
///
/// It answers only at just the state of the organisation that it was read at. Once that has moved on it is brought up to
/// date, by what changed since or by loading; but only after some look-ups that nothing came between, which the database
/// answers. So a directory that creates one person after the other is not slowed down, and no look-up waits for another.
final class PeopleNames {
    /// So many look-ups at one state are left to the database: more than a directory sends at a time.
    private static final int MISSES = 32;

    /// With more changed users than this, loading is cheaper.
    private static final int CHANGES_MAX = 20_000;

    /// What a person takes in memory, in bytes: less than most do.
    private static final int BYTES_MIN = 30;

    /// Once as many texts were added as there were, which may have taken the place of others, all are read anew.
    private static final int GARBAGE = 2;
    private static final int GARBAGE_MIN = 1000;

    /// One organisation loads at a time. Others may wait a moment, or ask again later.
    private static final int WAITING_MAX = 20;
    private static final Duration WAIT = Duration.ofSeconds(1);

    /// After a long load there is none for so many times as long, so that organisations which do not fit together do not keep the
    /// database loading them in turns.
    private static final int PAUSE = 10;
    private static final long LONG_NANOS = Duration.ofMillis(500).toNanos();

    /// Where there was no room, or no place to load, it is looked for again after this time.
    private static final long AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private static final String SELECT = "SELECT u.id, u.email, s.user_name_folded, s.external_id, s.other_emails, ("
        + ShownUsers.JOINED + ") AS shown FROM users u "
        + "LEFT JOIN scim_users s ON s.org_id = u.org_id AND s.user_id = u.id WHERE u.org_id = ?";

    private final Database db;
    private final DirectoryCache directory;
    private final long bytesMax;
    private final Cache<Org.Id, Names> orgs;
    private final FairPlaces loading = new FairPlaces(1, WAITING_MAX, WAIT);
    private volatile long nextLoadNanos = System.nanoTime();

    /// @param directory of which only organisations are taken that have room there
    /// @param bytesMax for all organisations together
    PeopleNames(Database db, DirectoryCache directory, long bytesMax) {
        this.db = db;
        this.directory = directory;
        this.bytesMax = bytesMax;
        this.orgs = Caffeine.newBuilder().executor(Runnable::run).maximumWeight(bytesMax)
            .weigher((Org.Id _, Names names) -> names.weight()).build();
    }

    /// Look-ups at a state that were left to the database.
    private record Missed(State state, int times) {}

    /// The names of an organisation as of one state.
    private record Loaded(State state, TextIds ids, int size) {
        Loaded(State state, TextIds ids) {
            this(state, ids, ids.size());
        }
    }

    private static final class Names {
        /// Held to read the ids, and exclusively to change them.
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private final ReentrantLock refreshing = new ReentrantLock();
        private Optional<Loaded> loaded = Optional.empty();
        private volatile Missed missed = new Missed(new State(0, 0), 0);
        private volatile long bytes;
        private volatile long againNanos = System.nanoTime();

        /// A number of people that did not fit. Written under `refreshing`.
        private long tooMany = Long.MAX_VALUE;

        private int weight() {
            return (int) Math.min(Integer.MAX_VALUE, 500 + bytes);
        }

        private Optional<Set<UUID>> find(State state, Collection<String> texts) {
            lock.readLock().lock();
            try {
                return loaded.filter(all -> all.state().equals(state)).map(all -> all.ids().find(texts));
            } finally {
                lock.readLock().unlock();
            }
        }

        /// Whether nothing came between a number of look-ups. Those that are counted at the same time may count as one.
        private boolean isWorthwhile(State state) {
            var before = missed;
            var times = before.state().equals(state) ? before.times() + 1 : 1;
            missed = new Missed(state, times);
            return times > MISSES && System.nanoTime() - againNanos >= 0;
        }

        private void giveUp() {
            againNanos = System.nanoTime() + AGAIN_NANOS;
        }

        private void become(Optional<Loaded> other) {
            lock.writeLock().lock();
            try {
                loaded = other;
                bytes = other.map(all -> all.ids().bytes()).orElse(0L);
            } finally {
                lock.writeLock().unlock();
            }
        }

        private void change(Changes changes) {
            lock.writeLock().lock();
            try {
                var all = loaded.orElseThrow();
                loaded = Optional.empty(); // if this fails it is half changed
                changes.people().forEach(one -> all.ids().put(one.id(), one.texts()));
                loaded = Optional.of(new Loaded(changes.state(), all.ids(), all.size()));
                bytes = all.ids().bytes();
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    /// @param texts by which the person is known; none if SCIM does not show them
    private record Known(UUID id, List<String> texts) {
        static Known of(Row row) {
            return new Known(row.uuid("id"), row.bool("shown") ? Stream.concat(Stream.of(Optional.of(row.text("email")),
                row.optionalText("user_name_folded"), row.optionalText("external_id")).flatMap(Optional::stream),
                row.optionalTexts("other_emails").stream().flatMap(List::stream)).distinct().toList() : List.of());
        }
    }

    private record Changes(State state, List<Known> people) {}

    /// Who may be known by one of these texts, at just the state that the caller's request was let in at. All are among them
    /// whom SCIM shows and who have one as an address, as a directory's name for them, folded, or as their external id.
    ///
    /// @return none if that is not in memory
    Optional<Set<UUID>> find(Caller caller, Collection<String> texts) {
        var state = new State(caller.version(), caller.stamp());
        var names = orgs.get(caller.org(), _ -> new Names());
        var found = names.find(state, texts);
        if (found.isPresent() || !names.isWorthwhile(state)) {
            return found;
        }
        refresh(caller, names, state);
        return names.find(state, texts);
    }

    private void refresh(Caller caller, Names names, State wanted) {
        if (!names.refreshing.tryLock()) {
            return;
        }
        try {
            if (directory.readInMemory(caller, view -> view.state().equals(wanted)).orElse(false)) {
                var org = caller.org();
                var changes = names.loaded.flatMap(all -> db.read(tx -> changes(tx, org, all)));
                changes.ifPresentOrElse(names::change, () -> load(org, names));
            }
        } catch (Refused e) {
            if (!(e.problem() instanceof Unavailable)) {
                throw e;
            }
            names.giveUp();
        } finally {
            names.refreshing.unlock();
            orgs.asMap().computeIfPresent(caller.org(), (_, there) -> there); // weighs it again
        }
    }

    /// @return none if they must be loaded
    private static Optional<Changes> changes(Tx tx, Org.Id org, Loaded since) {
        var now = OrgStates.of(tx, org);
        if (now.version() < since.state().version() || !OrgStates.wentOnFrom(tx, org, since.state())
            || since.ids().size() > GARBAGE * since.size() + GARBAGE_MIN) {
            return Optional.empty();
        }
        var changed = tx.query(SELECT + " AND u.version > ? LIMIT ?", org, since.state().version(), CHANGES_MAX + 1)
            .list(Known::of);
        return Optional.of(new Changes(now, changed)).filter(some -> changed.size() <= CHANGES_MAX);
    }

    private void load(Org.Id org, Names names) {
        names.become(Optional.empty()); // it would take memory beside the new ones
        if (System.nanoTime() - nextLoadNanos < 0) {
            return;
        }
        var loaded = db.readLong(tx -> loading.in(() -> {
            var began = System.nanoTime();
            var all = loaded(tx, org, names);
            var ended = System.nanoTime();
            nextLoadNanos = ended - began > LONG_NANOS ? ended + PAUSE * (ended - began) : ended;
            return all;
        }));
        names.become(loaded);
        if (loaded.isEmpty()) {
            names.giveUp();
        }
    }

    private Optional<Loaded> loaded(Tx tx, Org.Id org, Names names) {
        var number = PeopleOrderRows.count(tx, org);
        if (number * BYTES_MIN > bytesMax || number >= names.tooMany) {
            return Optional.empty();
        }
        var ids = new TextIds(db.sources().randomness().number());
        tx.query(SELECT + " AND " + ShownUsers.JOINED, org).each(row -> {
            if (ids.bytes() <= bytesMax) {
                var known = Known.of(row);
                ids.put(known.id(), known.texts());
            }
        });
        names.tooMany = ids.bytes() > bytesMax ? number : Long.MAX_VALUE;
        return Optional.of(new Loaded(OrgStates.of(tx, org), ids)).filter(_ -> ids.bytes() <= bytesMax);
    }
}
