package roster.db;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.db.OrgVersions.State;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// The writes that wait for an organisation, in a line: one after the other in one transaction with one flush.
///
/// The first of a line leads: it locks the organisation's row and runs, besides its own, whatever has queued up behind it
/// until then, each between savepoints, so that a refusal or a failure of one takes nothing from the others. Nobody is
/// answered before the commit. Then the next in the line leads.
final class WriteLines {
    /// The longest batch. Whoever reads the organisation's row for a write elsewhere waits for the end of it.
    private static final int BATCH_WRITES_MAX = 256;
    private static final Duration BATCH_TIME_MAX = Duration.ofMillis(50);

    /// Writes that may wait for one organisation on this node; beyond it they are turned away.
    private static final int WAITING_MAX = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(WriteLines.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database db;
    private final Map<Org.Id, Deque<Waiting<?>>> lines = new HashMap<>();

    WriteLines(Database db) {
        this.db = db;
    }

    /// A write in its line. Its turn is true when it has to lead, false when it was done by another.
    private static final class Waiting<T> {
        private final Caller caller;
        private final Function<WriteTx, T> work;
        private final CompletableFuture<Boolean> turn = new CompletableFuture<>();
        private T result;
        private RuntimeException failure;

        private Waiting(Caller caller, Function<WriteTx, T> work) {
            this.caller = caller;
            this.work = work;
        }

        private T outcome() {
            if (failure != null) {
                throw failure;
            }
            return result;
        }
    }

    /// Where a batch has come to.
    private static final class Batch {
        private final List<Waiting<?>> done = new ArrayList<>();
        private final Instant began;
        private final long beganNanos = System.nanoTime();
        private final List<Runnable> afterwards = new ArrayList<>();
        private State state;
        private Instant now;
        private boolean changed;

        private Batch(State state, Instant began) {
            this.state = state;
            this.began = began;
            this.now = began;
        }

        /// The database's clock, carried on by ours for the length of a batch; after whatever was written before.
        private Instant tick() {
            var later = began.plusNanos(System.nanoTime() - beganNanos).truncatedTo(ChronoUnit.MICROS);
            var earliest = changed ? now.plus(1, ChronoUnit.MICROS) : now;
            return later.isAfter(earliest) ? later : earliest;
        }
    }

    /// Waits for its turn, runs, and returns after the commit.
    ///
    /// @throws Refused by the work, or with Unavailable if the organisation's lock or the database is not to be had; if the
    ///     commit itself broke and nobody can tell how it ended, that too
    <T> T run(Caller caller, Function<WriteTx, T> work) {
        var mine = new Waiting<>(caller, work);
        if (join(mine) || mine.turn.join()) {
            lead(caller.org());
        }
        return mine.outcome();
    }

    /// @return whether it is the first
    private synchronized boolean join(Waiting<?> mine) {
        var line = lines.computeIfAbsent(mine.caller.org(), org -> new ArrayDeque<>());
        if (line.size() >= WAITING_MAX) {
            throw new Refused(new Unavailable(1));
        }
        line.add(mine);
        return line.size() == 1;
    }

    /// What a leader has taken on, and whether it has come to the commit.
    private static final class Attempt {
        private final List<Waiting<?>> taken = new ArrayList<>();
        private Batch committing;
    }

    /// How many writes of an organisation run or wait on this node.
    synchronized int length(Org.Id org) {
        var line = lines.get(org);
        return line == null ? 0 : line.size();
    }

    private void lead(Org.Id org) {
        var attempt = new Attempt();
        try {
            db.inPlace(handle -> {
                batch(handle, org, attempt);
                return null;
            });
        } catch (RuntimeException | Error e) {
            if (!committedAllTheSame(org, attempt)) {
                fail(org, attempt.taken,
                    e instanceof RuntimeException failure ? failure : new IllegalStateException(e));
            }
        } finally {
            handOn(org, attempt.taken);
        }
    }

    /// A commit that breaks may have happened or not: the audit entry of the batch's last write tells, once the lock is
    /// ours again. Nothing runs a second time; if nobody can tell, the answer is that the database is away.
    private boolean committedAllTheSame(Org.Id org, Attempt attempt) {
        if (attempt.committing == null || !attempt.committing.changed) {
            return false;
        }
        db.versions().uncertain(org);
        LOG.warn("a commit broke; looking whether it happened");
        try {
            if (!db.happened(org, attempt.committing.state)) {
                return false;
            }
        } catch (RuntimeException e) {
            LOG.warn("nobody can tell whether it happened: {}", e.getMessage());
            return false;
        }
        committed(org, attempt.committing);
        return true;
    }

    /// What could not begin at all cannot for those behind it either: they have waited as long.
    private synchronized void fail(Org.Id org, List<Waiting<?>> taken, RuntimeException failure) {
        if (taken.isEmpty()) {
            taken.addAll(lines.get(org));
        }
        for (var each : taken) {
            each.result = null;
            each.failure = failure;
        }
    }

    /// Whoever was done leaves the line; the next one leads.
    private void handOn(Org.Id org, List<Waiting<?>> taken) {
        Waiting<?> next;
        synchronized (this) {
            var line = lines.get(org);
            line.removeAll(taken);
            next = line.peek();
            if (next == null) {
                lines.remove(org);
            }
        }
        taken.forEach(each -> each.turn.complete(false));
        if (next != null) {
            next.turn.complete(true);
        }
    }

    private synchronized Optional<Waiting<?>> next(Org.Id org, int done) {
        return lines.get(org).stream().skip(done).findFirst().map(waiting -> waiting);
    }

    private void batch(Handle handle, Org.Id org, Attempt attempt) {
        var taken = attempt.taken;
        handle.begin();
        Batch batch;
        try {
            batch = locked(new Tx(handle), org);
            var next = next(org, 0);
            while (next.isPresent()) {
                taken.add(next.get());
                if (!runOne(handle, batch, next.get())) {
                    handle.rollback();
                    return; // it was the first: there is nothing to commit
                }
                var more = taken.size() < BATCH_WRITES_MAX
                    && System.nanoTime() - batch.beganNanos < BATCH_TIME_MAX.toNanos();
                next = more ? next(org, taken.size()) : Optional.empty();
            }
            if (batch.changed) {
                new Tx(handle).execute("UPDATE orgs SET version = ?, stamp = ?, written_at = ? WHERE id = ?",
                    batch.state.version(), batch.state.stamp(), batch.now, org);
            }
        } catch (RuntimeException | Error e) {
            try {
                handle.rollback();
            } catch (JdbiException unable) {
                e.addSuppressed(unable); // a broken connection has rolled back by itself
            }
            throw e;
        }
        attempt.committing = batch;
        handle.commit();
        committed(org, batch);
    }

    private void committed(Org.Id org, Batch batch) {
        db.versions().wrote(org, batch.state);
        Database.run(batch.afterwards);
    }

    private static Batch locked(Tx tx, Org.Id org) {
        if (!tx.query("SELECT id FROM orgs WHERE id = ? FOR UPDATE", org).any()) {
            throw new Refused(new BadKeys());
        }
        return tx.query("""
            SELECT version, stamp, greatest(clock_timestamp(), written_at + interval '1 microsecond') AS now
              FROM orgs WHERE id = ?
            """, org).one(row -> new Batch(new State(row.number("version"), row.number("stamp")), row.instant("now")));
    }

    /// Runs one write. The first of a batch has no savepoint of its own, as the beginning of the transaction is one.
    ///
    /// @return false if the first one failed: the transaction is to be rolled back
    private <T> boolean runOne(Handle handle, Batch batch, Waiting<T> waiting) {
        var first = batch.done.isEmpty();
        if (!first) {
            handle.savepoint("before");
        }
        batch.done.add(waiting);
        try {
            var caller = db.admitted(new Tx(handle), waiting.caller, batch.state);
            var tx = new WriteTx(handle, caller, batch.tick(), batch.state.version() + 1, RANDOM.nextLong());
            waiting.result = waiting.work.apply(tx);
            if (tx.changed()) {
                batch.state = new State(tx.version(), tx.stamp());
                batch.now = tx.now();
                batch.changed = true;
            }
            batch.afterwards.addAll(tx.afterwards());
        } catch (RuntimeException | Error e) {
            if (Database.isBroken(e)) {
                throw e; // the connection: nothing of the batch was kept
            }
            waiting.result = null;
            waiting.failure = e instanceof RuntimeException failure ? Database.translated(failure)
                : new IllegalStateException(e);
            if (first) {
                return false;
            }
            handle.rollbackToSavepoint("before"); // which ends it, too
            return true;
        }
        if (!first) {
            handle.releaseSavepoint("before");
        }
        return true;
    }
}
