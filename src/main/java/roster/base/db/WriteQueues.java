package roster.base.db;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.OrgVersions.State;
import roster.base.db.OrgVersions.Told;
import roster.base.fair.Turns;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// Queues of writes, one per organisation. Queued writes run one after the other in one transaction with one flush.
///
/// A rehearsal has a transaction to itself, which is rolled back. A write waits for one at most.
///
/// While a queue is not empty, it has a thread of its own. The thread locks the organisation's row and runs all writes that
/// are queued by then, each between savepoints, so that a write that is refused or fails does not affect the others. Callers
/// are answered after the commit. Then the thread continues with the writes that arrived meanwhile.
final class WriteQueues {
    /// The longest batch: writes of other nodes wait for its end.
    private static final int BATCH_WRITES_MAX = 256;
    private static final Duration BATCH_TIME_MAX = Duration.ofMillis(50);

    /// Writes that may wait for one organisation on this node; more are refused.
    private static final int WAITING_MAX = 1000;

    /// Rehearsals that may wait for one organisation on this node, and the longest one: other nodes' writes wait for it, and
    /// are refused after 2 s.
    private static final int REHEARSALS_WAITING_MAX = 20;
    private static final Duration REHEARSAL_TIME_MAX = Duration.ofMillis(1500);

    private static final Logger LOG = LoggerFactory.getLogger(WriteQueues.class);

    private final Database db;
    private final Map<Org.Id, OrgQueue> queues = new HashMap<>();

    WriteQueues(Database db) {
        this.db = db;
    }

    /// A write in its queue.
    private static final class Waiting<T> {
        private final Caller caller;
        private final Function<WriteTx, T> work;
        private final CompletableFuture<Void> answered = new CompletableFuture<>();
        private T result;
        private Throwable failure;

        private Waiting(Caller caller, Function<WriteTx, T> work) {
            this.caller = caller;
            this.work = work;
        }

        /// Allocates nothing, so that it works after memory has run out.
        private void fails(Throwable why) {
            result = null;
            failure = why;
        }

        private T outcome() {
            if (failure != null) {
                throw failure instanceof RuntimeException known ? SqlFailures.translated(known)
                    : new IllegalStateException(failure);
            }
            return result;
        }
    }

    /// Writes and rehearsals that wait, and those taken from the front for the running transaction.
    private static final class OrgQueue {
        private final Deque<Waiting<?>> waiting = new ArrayDeque<>();
        private final Deque<Waiting<?>> rehearsals = new ArrayDeque<>();
        private final List<Waiting<?>> taken = new ArrayList<>();
        private boolean rehearsed;

        private int length() {
            return waiting.size() + rehearsals.size() + taken.size();
        }

        /// Writes and rehearsals take turns.
        private boolean rehearsesNext() {
            rehearsed = !rehearsals.isEmpty() && (waiting.isEmpty() || !rehearsed);
            return rehearsed;
        }
    }

    /// One transaction and its state so far.
    private static final class Batch {
        private final Org.Id org;
        private final Tx tx;
        private final BatchClock clock;
        private final SameAccess.Course access;
        private final List<Runnable> afterwards = new ArrayList<>();
        private State state;
        private long lastAccess;
        private TrailEnd trailEnd;
        private boolean changed;

        private Batch(Org.Id org, Tx tx, Told told, TrailEnd trailEnd, BatchClock clock, SameAccess.Course access) {
            this.org = org;
            this.tx = tx;
            this.state = told.state();
            this.lastAccess = told.access();
            this.trailEnd = trailEnd;
            this.clock = clock;
            this.access = access;
        }

        private void wrote(WriteTx tx) {
            if (tx.changed()) {
                state = new State(tx.version(), tx.stamp());
                clock.wrote(tx.now(), tx.timesAreRepaired());
                trailEnd = tx.trailEnd();
                changed = true;
                access.wrote(state, tx.accessChange());
                lastAccess = tx.accessChange().equals(AccessChange.NONE) ? lastAccess : tx.stamp();
            }
            afterwards.addAll(tx.afterwards());
        }

        private boolean hasTime() {
            return clock.sinceBegin().compareTo(BATCH_TIME_MAX) < 0;
        }
    }

    /// Queues a write and returns after its commit.
    ///
    /// @throws Refused by the work, or with Unavailable if the lock or the database cannot be had in time, or if the commit
    ///     broke off and its outcome is unknown
    <T> T run(Caller caller, Function<WriteTx, T> work) {
        return run(new Waiting<>(caller, work), queue -> queue.waiting, WAITING_MAX);
    }

    /// Queues a write that is taken back in the end, and returns after that.
    ///
    /// @throws Refused by the work, or with Unavailable as by [#run], and if it took too long
    <T> T rehearse(Caller caller, Function<WriteTx, T> work) {
        return run(new Waiting<>(caller, work), queue -> queue.rehearsals, REHEARSALS_WAITING_MAX);
    }

    private <T> T run(Waiting<T> mine, Function<OrgQueue, Deque<Waiting<?>>> kind, int most) {
        if (join(mine, kind, most)) {
            // On a thread of its own: the thread of a request may be interrupted, which must not affect the other writes.
            Thread.ofVirtual().name("writes").start(() -> serve(mine.caller.org()));
        }
        Turns.end();
        mine.answered.join();
        return mine.outcome();
    }

    /// @return whether the queue was empty
    private synchronized boolean join(Waiting<?> mine, Function<OrgQueue, Deque<Waiting<?>>> kind, int most) {
        var queue = queues.computeIfAbsent(mine.caller.org(), org -> new OrgQueue());
        if (queue.length() >= WAITING_MAX || kind.apply(queue).size() >= most) {
            throw new Refused(new Unavailable(1));
        }
        kind.apply(queue).add(mine);
        return queue.length() == 1;
    }

    /// How many writes of an organisation run or wait on this node.
    synchronized int length(Org.Id org) {
        var queue = queues.get(org);
        return queue == null ? 0 : queue.length();
    }

    private void serve(Org.Id org) {
        var more = true;
        while (more) {
            try {
                batch(org);
            } catch (RuntimeException | Error e) {
                LOG.error("a batch of writes", e); // must not end the thread: its queue would never be answered
            } finally {
                more = answered(org);
            }
        }
    }

    private void batch(Org.Id org) {
        var committing = new AtomicReference<Batch>();
        try {
            db.inPlace(org, handle -> {
                if (rehearsesNext(org)) {
                    rehearse(handle, org);
                } else {
                    batch(handle, org, committing);
                }
                return null;
            });
        } catch (RuntimeException | Error e) {
            var happened = false;
            try {
                happened = committedAllTheSame(committing.get());
            } finally {
                if (!happened) {
                    fail(org, e);
                }
            }
        }
    }

    /// A commit that broke off may have happened. The audit entry of the batch's last write tells, once we have the lock
    /// again. Nothing runs twice. If it cannot be found out, callers are told that the database is away.
    private boolean committedAllTheSame(Batch batch) {
        if (batch == null || !batch.changed) {
            return false;
        }
        db.versions().uncertain(batch.org);
        LOG.warn("a commit broke off; checking whether it happened");
        try {
            if (!db.happened(batch.org, batch.state)) {
                return false;
            }
        } catch (RuntimeException e) {
            LOG.warn("it cannot be found out whether it happened: {}", e.getMessage());
            return false;
        }
        committed(batch);
        return true;
    }

    /// If the batch could not begin, all waiting writes fail: they have waited as long.
    private synchronized void fail(Org.Id org, Throwable failure) {
        var queue = queues.get(org);
        if (queue.taken.isEmpty()) {
            queue.taken.addAll(queue.waiting);
            queue.taken.addAll(queue.rehearsals);
            queue.waiting.clear();
            queue.rehearsals.clear();
        }
        queue.taken.forEach(each -> each.fails(failure));
    }

    /// Answers the writes of the batch.
    ///
    /// @return whether more wait
    private boolean answered(Org.Id org) {
        List<Waiting<?>> done;
        boolean more;
        synchronized (this) {
            var queue = queues.get(org);
            done = List.copyOf(queue.taken);
            queue.taken.clear();
            more = queue.length() > 0;
            if (!more) {
                queues.remove(org);
            }
        }
        done.forEach(each -> each.answered.complete(null));
        return more;
    }

    private synchronized boolean waits(Org.Id org) {
        var queue = queues.get(org);
        return !queue.waiting.isEmpty() && queue.taken.size() < BATCH_WRITES_MAX;
    }

    private synchronized Waiting<?> next(Org.Id org) {
        var queue = queues.get(org);
        var next = queue.waiting.remove();
        queue.taken.add(next);
        return next;
    }

    private synchronized boolean rehearsesNext(Org.Id org) {
        return queues.get(org).rehearsesNext();
    }

    private synchronized Waiting<?> nextRehearsal(Org.Id org) {
        var queue = queues.get(org);
        var next = queue.rehearsals.remove();
        queue.taken.add(next);
        return next;
    }

    private void batch(Handle handle, Org.Id org, AtomicReference<Batch> committing) {
        handle.begin();
        Batch batch;
        try {
            batch = locked(new Tx(handle), org);
            // The first write needs no savepoint: the start of the transaction is one.
            batch.wrote(run(batch, next(org)));
            while (batch.hasTime() && waits(org)) {
                batch.tx.flush();
                runBetweenSavepoints(batch, next(org));
            }
            if (batch.changed) {
                batch.tx.later("""
                    UPDATE orgs
                       SET version = ?, stamp = ?, access_version = ?, access_stamp = ?, written_at = ?,
                           trail_version = ?, trail_entry = ?, trail_seal = ?
                     WHERE id = ?
                    """, batch.state.version(), batch.state.stamp(), batch.state.version(), batch.lastAccess,
                    batch.clock.written(), batch.trailEnd.version(),
                    batch.trailEnd.entry(), batch.trailEnd.seal(), org);
            }
            committing.set(batch);
            batch.tx.commit();
        } catch (RuntimeException | Error e) {
            if (SqlFailures.isOfServer(e)) {
                committing.set(null);
            }
            takeBack(handle, e);
            throw e;
        }
        handle.commit(); // the handle has not seen the commit, and would roll back
        committed(batch);
    }

    private static void takeBack(Handle handle, Throwable why) {
        try {
            handle.rollback();
        } catch (JdbiException unable) {
            why.addSuppressed(unable); // a broken connection has rolled back by itself
        }
    }

    /// In a transaction of its own, so that nothing of it can be committed. What fails, fails for this one alone.
    private void rehearse(Handle handle, Org.Id org) {
        handle.begin();
        try {
            var batch = locked(new Tx(handle), org);
            batch.tx.mustEndWithin(REHEARSAL_TIME_MAX);
            batch.tx.later("SET LOCAL statement_timeout = " + REHEARSAL_TIME_MAX.toMillis());
            run(batch, nextRehearsal(org));
            batch.tx.flush(); // what waits to be sent may be what fails
            handle.rollback();
        } catch (RuntimeException | Error e) {
            takeBack(handle, e);
            throw e;
        }
    }

    private void committed(Batch batch) {
        batch.access.committed();
        db.versions().wrote(batch.org, batch.state);
        db.clocks().wrote(batch.clock.written());
        Database.run(batch.afterwards);
    }

    private Batch locked(Tx tx, Org.Id org) {
        tx.later("SELECT id FROM orgs WHERE id = ? FOR UPDATE", org);
        return tx.query("""
            SELECT version, stamp, %s AS access, written_at, roster_now() AS now,
                   trail_version, trail_entry, COALESCE(trail_seal, '') AS trail_seal
              FROM orgs WHERE id = ?
            """.formatted(OrgVersions.ACCESS), org).optional(row -> {
            var told = new Told(new State(row.number("version"), row.number("stamp")), row.number("access"));
            db.access().told(org, told);
            var now = row.instant("now");
            var written = row.instant("written_at");
            var clock = new BatchClock(now, written, db.clocks().isAhead(org, written, now));
            return new Batch(org, tx, told, TrailEnd.of(row), clock, db.access().from(org, told.state()));
        }).orElseThrow(() -> new Refused(new BadKeys()));
    }

    private <T> WriteTx run(Batch batch, Waiting<T> waiting) {
        var caller = db.admitted(batch.tx, waiting.caller, batch.access, batch.clock.now());
        var tx = new WriteTx(batch.tx, caller, batch.clock.ofNextWrite(), batch.state.version() + 1, db.sources(),
            batch.trailEnd);
        waiting.result = waiting.work.apply(tx);
        return tx;
    }

    private void runBetweenSavepoints(Batch batch, Waiting<?> waiting) {
        batch.tx.later("SAVEPOINT before");
        try {
            var tx = run(batch, waiting);
            batch.tx.later("RELEASE SAVEPOINT before");
            batch.tx.flush();
            batch.wrote(tx);
        } catch (RuntimeException | Error e) {
            if (SqlFailures.isBroken(e)) {
                throw e; // the connection broke: the whole batch was rolled back
            }
            waiting.fails(e);
            if (!batch.tx.forget().contains("SAVEPOINT before")) {
                batch.tx.later("ROLLBACK TO SAVEPOINT before");
                batch.tx.later("RELEASE SAVEPOINT before");
                batch.tx.flush();
            }
        }
    }
}
