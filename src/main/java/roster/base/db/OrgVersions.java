package roster.base.db;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import roster.base.fair.Turns;
import roster.model.Org;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// The current version and stamp of organisations. What was derived from an organisation may be used as long as both are
/// unchanged.
///
/// One query asks PostgreSQL for all callers that wait when it is sent: a batch is closed when its connection is ready and
/// before the first byte goes out; later callers join the next batch. So each answer reflects every commit before the
/// question, on any node. A node that is the only writer knows without asking.
public final class OrgVersions {
    /// @param stamp random number of the write that made this version: after a failover or restore, another write may have
    ///     made the same version
    public record State(long version, long stamp) {}

    /// A state, as the database told it.
    ///
    /// @param access stamp of the last write that changed the access of anyone: as long as it is the same, callers have the
    ///     access that they had
    record Told(State state, long access) {}

    /// SQL for [Told#access] of a row of `orgs`. A node of an older version writes a version without it: then the write
    /// itself counts.
    static final String ACCESS = "CASE WHEN access_version = version THEN access_stamp ELSE stamp END";

    /// How long a query may take before the next one is sent beside it, in milliseconds. One at a time is usually enough:
    /// meanwhile the next batch grows.
    private static final int PATIENCE_MILLIS = 20;

    /// The longest wait of a batch for its turn, in milliseconds, before it is answered 503.
    private static final int WAIT_MILLIS = 5000;

    static final int CONNECTIONS = 2;

    private final boolean onlyWriter;
    private final SameAccess access;
    private final Map<Org.Id, State> written = new ConcurrentHashMap<>();
    private final BlockingQueue<VersionConnection> usual = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<VersionConnection> spare = new ArrayBlockingQueue<>(1);
    private Batch open;
    private volatile Consumer<Org.Id> committed = _ -> {};

    // After a commit that broke off, the database is asked each time until the next commit: that one may still happen.
    private final Set<Org.Id> doubtful = ConcurrentHashMap.newKeySet();

    /// For tests: runs after a batch is closed and before it is sent.
    volatile Runnable beforeSending = () -> {};

    private static final class Batch {
        private final Set<UUID> orgs = new HashSet<>();
        private final CompletableFuture<Map<UUID, Told>> answer = new CompletableFuture<>();
    }

    /// @param access learns what the database tells of access
    OrgVersions(Database.Address address, boolean onlyWriter, SameAccess access) {
        this.access = access;
        this.onlyWriter = onlyWriter;
        usual.add(new VersionConnection(address));
        spare.add(new VersionConnection(address));
    }

    /// Opens its connections, unless they are in use already.
    ///
    /// @throws roster.model.Refused with Unavailable if the database does not answer
    void openAll() {
        for (var free : List.of(usual, spare)) {
            var idle = free.poll();
            if (idle != null) {
                try {
                    idle.ask(Set::of);
                } finally {
                    free.add(idle);
                }
            }
        }
    }

    /// The current state: it includes every write that was acknowledged before the call.
    ///
    /// @return empty if there is no such organisation
    /// @throws roster.model.Refused with Unavailable if the database does not answer
    public Optional<State> now(Org.Id org) {
        if (onlyWriter) {
            var known = written.get(org);
            if (known != null) {
                return Optional.of(known);
            }
        }
        var told = Optional.ofNullable(ask(List.of(org)).get(org.value()));
        told.ifPresent(one -> access.told(org, one));
        var state = told.map(Told::state);
        if (onlyWriter) {
            state.ifPresent(found -> remember(org, found, false));
        }
        return state;
    }

    /// The current versions of several organisations, by one question. Those that there are not are left out.
    ///
    /// @throws roster.model.Refused as [#now]
    public Map<Org.Id, Long> versions(Collection<Org.Id> orgs) {
        var versions = new HashMap<Org.Id, Long>();
        var told = ask(orgs);
        orgs.forEach(org -> Optional.ofNullable(told.get(org.value()))
            .ifPresent(one -> versions.put(org, one.state().version())));
        return versions;
    }

    /// Whether other nodes may write as well.
    public boolean othersWrite() {
        return !onlyWriter;
    }

    private Map<UUID, Told> ask(Collection<Org.Id> orgs) {
        Batch mine;
        boolean first;
        synchronized (this) {
            first = open == null;
            if (first) {
                open = new Batch();
            }
            mine = open;
            for (var org : orgs) {
                mine.orgs.add(org.value());
            }
        }
        Turns.end();
        if (first) {
            send(mine);
        }
        try {
            return mine.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void send(Batch batch) {
        try {
            if (!sent(batch, usual, PATIENCE_MILLIS) && !sent(batch, spare, 0) && !sent(batch, usual, WAIT_MILLIS)) {
                throw new Refused(new Unavailable(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(batch, new Refused(new Unavailable(1)));
        } catch (RuntimeException | Error e) { // a batch without a sender must not be joined or waited for
            fail(batch, e);
        }
    }

    /// @return false if the connection did not become free within this time
    private boolean sent(Batch batch, BlockingQueue<VersionConnection> free, int waitMillis)
        throws InterruptedException {
        var taken = free.poll(waitMillis, TimeUnit.MILLISECONDS);
        if (taken == null) {
            return false;
        }
        try {
            Thread.yield(); // lets other callers join
            batch.answer.complete(taken.ask(() -> {
                var orgs = closed(batch);
                beforeSending.run();
                return orgs;
            }));
            return true;
        } finally {
            free.add(taken);
        }
    }

    private void fail(Batch batch, Throwable why) {
        closed(batch);
        batch.answer.completeExceptionally(why);
    }

    /// Later callers join the next batch.
    private synchronized Set<UUID> closed(Batch batch) {
        if (open == batch) {
            open = null;
        }
        return batch.orgs;
    }

    /// A write of this node was committed.
    void wrote(Org.Id org, State state) {
        if (onlyWriter) {
            remember(org, state, true);
        }
        committed.accept(org);
    }

    /// Sets what is told of each organisation that this node has written to, after the commit and before the answer. It must
    /// be fast. To be called once, before the first request.
    public void onCommit(Consumer<Org.Id> told) {
        committed = told;
    }

    /// @param certain whether it was read or written under the organisation's lock, after all earlier writes
    private synchronized void remember(Org.Id org, State state, boolean certain) {
        if (certain) {
            doubtful.remove(org);
        }
        if (!doubtful.contains(org)) {
            written.merge(org, state, (old, now) -> now.version() >= old.version() ? now : old);
        }
    }

    /// A write of this node may have been committed or not.
    synchronized void uncertain(Org.Id org) {
        if (onlyWriter) {
            doubtful.add(org);
            written.remove(org);
        }
    }

    /// Closes the idle connections. One in use breaks when PostgreSQL or the process ends.
    void close() {
        for (var free : List.of(usual, spare)) {
            var idle = free.poll();
            if (idle != null) {
                idle.close();
            }
        }
    }
}
