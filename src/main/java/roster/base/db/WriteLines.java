package roster.base.db;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.BadKeys;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// The writes that wait for an organisation, in a line: one after the other in one transaction with one flush.
///
/// A line has a thread of its own as long as anybody stands in it. It locks the organisation's row and runs whatever has
/// queued up until then, each between savepoints, so that a refusal or a failure of one takes nothing from the others.
/// Nobody is answered before the commit. Then it goes on with those who have come meanwhile.
final class WriteLines {
    /// The longest batch. Whoever reads the organisation's row for a write elsewhere waits for the end of it.
    private static final int BATCH_WRITES_MAX = 256;
    private static final Duration BATCH_TIME_MAX = Duration.ofMillis(50);

    /// Writes that may wait for one organisation on this node; beyond it they are turned away.
    private static final int WAITING_MAX = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(WriteLines.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Database db;
    private final Map<Org.Id, Line> lines = new HashMap<>();

    WriteLines(Database db) {
        this.db = db;
    }

    /// A write in its line.
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

        /// Makes nothing, so that it can be said even when memory has run out.
        private void fails(Throwable why) {
            result = null;
            failure = why;
        }

        private T outcome() {
            if (failure != null) {
                throw failure instanceof RuntimeException known ? Database.translated(known)
                    : new IllegalStateException(failure);
            }
            return result;
        }
    }

    /// Who stands in line, and those of them, from the front, whose turn it is.
    private static final class Line {
        private final Deque<Waiting<?>> waiting = new ArrayDeque<>();
        private final List<Waiting<?>> taken = new ArrayList<>();

        private int length() {
            return waiting.size() + taken.size();
        }
    }

    /// One transaction, and where it has come to.
    private static final class Batch {
        private final Org.Id org;
        private final Tx tx;
        private final Instant began;
        private final long beganNanos = System.nanoTime();
        private final SameAccess.Course access;
        private final List<Runnable> afterwards = new ArrayList<>();
        private State state;
        private Instant now;
        private TrailEnd trailEnd;
        private boolean changed;

        private Batch(Org.Id org, Tx tx, State state, TrailEnd trailEnd, Instant began, SameAccess.Course access) {
            this.org = org;
            this.tx = tx;
            this.state = state;
            this.trailEnd = trailEnd;
            this.began = began;
            this.now = began;
            this.access = access;
        }

        /// The database's clock, carried on by ours for the length of a batch; after whatever was written before.
        private Instant tick() {
            var later = began.plusNanos(System.nanoTime() - beganNanos).truncatedTo(ChronoUnit.MICROS);
            var earliest = changed ? now.plus(1, ChronoUnit.MICROS) : now;
            return later.isAfter(earliest) ? later : earliest;
        }

        private void wrote(WriteTx tx) {
            if (tx.changed()) {
                state = new State(tx.version(), tx.stamp());
                now = tx.now();
                trailEnd = tx.trailEnd();
                changed = true;
                access.wrote(state, tx.accessChanged());
            }
            afterwards.addAll(tx.afterwards());
        }

        private boolean hasTime() {
            return System.nanoTime() - beganNanos < BATCH_TIME_MAX.toNanos();
        }
    }

    /// Waits for its turn, and returns after the commit.
    ///
    /// @throws Refused by the work, or with Unavailable if the organisation's lock or the database is not to be had; if the
    ///     commit itself broke and nobody can tell how it ended, that too
    <T> T run(Caller caller, Function<WriteTx, T> work) {
        var mine = new Waiting<>(caller, work);
        if (join(mine)) {
            // Whoever sends a request may be interrupted. Those behind him in the line have nothing to do with it.
            Thread.ofVirtual().name("writes").start(() -> serve(caller.org()));
        }
        mine.answered.join();
        return mine.outcome();
    }

    /// @return whether it is the first
    private synchronized boolean join(Waiting<?> mine) {
        var line = lines.computeIfAbsent(mine.caller.org(), org -> new Line());
        if (line.length() >= WAITING_MAX) {
            throw new Refused(new Unavailable(1));
        }
        line.waiting.add(mine);
        return line.length() == 1;
    }

    /// How many writes of an organisation run or wait on this node.
    synchronized int length(Org.Id org) {
        var line = lines.get(org);
        return line == null ? 0 : line.length();
    }

    private void serve(Org.Id org) {
        var more = true;
        while (more) {
            try {
                batch(org);
            } catch (RuntimeException | Error e) {
                LOG.error("a batch of writes", e); // a line whose thread ended would never be answered again
            } finally {
                more = answered(org);
            }
        }
    }

    private void batch(Org.Id org) {
        var committing = new AtomicReference<Batch>();
        try {
            db.inPlace(handle -> {
                batch(handle, org, committing);
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

    /// A commit that breaks may have happened or not: the audit entry of the batch's last write tells, once the lock is
    /// ours again. Nothing runs a second time; if nobody can tell, the answer is that the database is away.
    private boolean committedAllTheSame(Batch batch) {
        if (batch == null || !batch.changed) {
            return false;
        }
        db.versions().uncertain(batch.org);
        LOG.warn("a commit broke; looking whether it happened");
        try {
            if (!db.happened(batch.org, batch.state)) {
                return false;
            }
        } catch (RuntimeException e) {
            LOG.warn("nobody can tell whether it happened: {}", e.getMessage());
            return false;
        }
        committed(batch);
        return true;
    }

    /// What could not begin at all cannot for those behind it either: they have waited as long.
    private synchronized void fail(Org.Id org, Throwable failure) {
        var line = lines.get(org);
        if (line.taken.isEmpty()) {
            line.taken.addAll(line.waiting);
            line.waiting.clear();
        }
        line.taken.forEach(each -> each.fails(failure));
    }

    /// Whoever had his turn leaves the line.
    ///
    /// @return whether anybody stands in it still
    private boolean answered(Org.Id org) {
        List<Waiting<?>> done;
        boolean more;
        synchronized (this) {
            var line = lines.get(org);
            done = List.copyOf(line.taken);
            line.taken.clear();
            more = !line.waiting.isEmpty();
            if (!more) {
                lines.remove(org);
            }
        }
        done.forEach(each -> each.answered.complete(null));
        return more;
    }

    private synchronized boolean waits(Org.Id org) {
        var line = lines.get(org);
        return !line.waiting.isEmpty() && line.taken.size() < BATCH_WRITES_MAX;
    }

    private synchronized Waiting<?> next(Org.Id org) {
        var line = lines.get(org);
        var next = line.waiting.remove();
        line.taken.add(next);
        return next;
    }

    private void batch(Handle handle, Org.Id org, AtomicReference<Batch> committing) {
        handle.begin();
        Batch batch;
        try {
            batch = locked(new Tx(handle), org);
            // The first needs no savepoint: the beginning of the transaction is one.
            batch.wrote(run(batch, next(org)));
            while (batch.hasTime() && waits(org)) {
                batch.tx.flush();
                runBetweenSavepoints(batch, next(org));
            }
            if (batch.changed) {
                batch.tx.later("""
                    UPDATE orgs
                       SET version = ?, stamp = ?, written_at = ?, trail_version = ?, trail_entry = ?, trail_seal = ?
                     WHERE id = ?
                    """, batch.state.version(), batch.state.stamp(), batch.now, batch.trailEnd.version(),
                    batch.trailEnd.entry(), batch.trailEnd.seal(), org);
            }
            batch.tx.flush();
        } catch (RuntimeException | Error e) {
            try {
                handle.rollback();
            } catch (JdbiException unable) {
                e.addSuppressed(unable); // a broken connection has rolled back by itself
            }
            throw e;
        }
        committing.set(batch);
        handle.commit();
        committed(batch);
    }

    private void committed(Batch batch) {
        batch.access.committed();
        db.versions().wrote(batch.org, batch.state);
        Database.run(batch.afterwards);
    }

    private Batch locked(Tx tx, Org.Id org) {
        tx.later("SELECT id FROM orgs WHERE id = ? FOR UPDATE", org);
        return tx.query("""
            SELECT version, stamp, greatest(clock_timestamp(), written_at + interval '1 microsecond') AS now,
                   trail_version, trail_entry, COALESCE(trail_seal, '') AS trail_seal
              FROM orgs WHERE id = ?
            """, org).optional(row -> {
            var state = new State(row.number("version"), row.number("stamp"));
            return new Batch(org, tx, state, TrailEnd.of(row), row.instant("now"), db.access().from(org, state));
        }).orElseThrow(() -> new Refused(new BadKeys()));
    }

    private <T> WriteTx run(Batch batch, Waiting<T> waiting) {
        var caller = db.admitted(batch.tx, waiting.caller, batch.access);
        var tx = new WriteTx(batch.tx, caller, batch.tick(), batch.state.version() + 1, RANDOM.nextLong(),
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
            if (Database.isBroken(e)) {
                throw e; // the connection: nothing of the batch was kept
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
