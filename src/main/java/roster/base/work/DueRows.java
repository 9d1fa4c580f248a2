package roster.base.work;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.source.Randomness;
import roster.base.work.DueTable.Claim;

/// Works on the due rows of a table, one at a time; any number of threads and nodes share them.
///
/// A row is claimed in a short transaction, worked on outside of any, and the outcome is stored in another. A node that
/// dies in between leaves a claim that runs out, and the row is then worked on again: the work must bear that.
public final class DueRows<T> {
    /// The state of a row that will be tried again.
    public static final String DEFERRED = "deferred";

    /// The state of a row that will not: its time was over.
    public static final String FAILED = "failed";

    /// How long to wait for what.
    ///
    /// @param poll for rows that another node added, and while the other side is away
    /// @param first after the first attempt that failed
    /// @param longest between two attempts; each pause before it is four times the last
    public record Pauses(Duration poll, Duration first, Duration longest) {
        public static final Pauses STANDARD = new Pauses(Duration.ofSeconds(5), Duration.ofSeconds(5),
            Duration.ofHours(4));

        /// @param attempts that failed so far; 10 % more or less, so that rows do not come back all at once
        Duration after(int attempts, Randomness randomness) {
            var millis = Math.min(longest.toMillis(), first.toMillis() * Math.pow(4, attempts - 1));
            return Duration.ofMillis((long) (millis * (0.9 + 0.2 * randomness.fraction())));
        }
    }

    /// How an attempt ended.
    public sealed interface Outcome {
        /// There will be no other attempt.
        ///
        /// @param state of the row from now on
        record Ended(String state, Optional<String> why) implements Outcome {}

        /// To be tried again after a pause, unless the row's time is over by then.
        ///
        /// @param forAll whether no other row would fare better now, as the other side is away: ends the run
        record Later(String why, boolean forAll) implements Outcome {}
    }

    /// Hears of each outcome before it is stored, as for logs and metrics.
    @FunctionalInterface
    public interface Listener<T> {
        void ended(Claim<T> attempted, String state, Optional<String> why);
    }

    private static final Logger LOG = LoggerFactory.getLogger(DueRows.class);

    /// How many rows are taken before the organisations that have any are looked for again, or one of each if these are
    /// more.
    private static final int ROUND = 50;

    private final Database db;
    private final DueTable<T> table;
    private final Duration claim;
    private final Pauses pauses;
    private final Listener<T> listener;

    /// @param claim longer than one attempt can take
    public DueRows(Database db, DueTable<T> table, Duration claim, Pauses pauses, Listener<T> listener) {
        this.db = db;
        this.table = table;
        this.claim = claim;
        this.pauses = pauses;
        this.listener = listener;
    }

    /// Works until nothing is due, an outcome is for all, or the stop is requested.
    ///
    /// @param permit asked before each claim, and may wait, as for a rate; false ends the run
    /// @param work one attempt. What it throws is logged, and the row is tried again
    public void run(Stop stop, BooleanSupplier permit, Function<Claim<T>, Outcome> work) {
        while (!stop.requested() && round(stop, permit, work)) {
            // and again, for what has come due since
        }
    }

    /// One row of each organisation that has any, and again, so that none waits for another's thousands.
    ///
    /// @return whether there may be more to do at once
    private boolean round(Stop stop, BooleanSupplier permit, Function<Claim<T>, Outcome> work) {
        var orgs = new ArrayDeque<>(db.read(table::orgs));
        var turns = Math.max(ROUND, orgs.size());
        var any = false;
        for (var org = orgs.poll(); org != null && turns > 0 && permit.getAsBoolean(); org = orgs.poll(), turns--) {
            var next = org;
            var claimed = db.note(tx -> table.claim(tx, next, claim));
            if (claimed.isPresent()) {
                any = true;
                orgs.add(org);
                if (!attempt(claimed.get(), work, stop)) {
                    return false;
                }
            }
        }
        return any;
    }

    /// @return whether to go on
    private boolean attempt(Claim<T> claimed, Function<Claim<T>, Outcome> work, Stop stop) {
        switch (outcome(claimed, work)) {
            case Outcome.Ended(var state, var why) -> note(claimed, state, why, Duration.ZERO, stop);
            case Outcome.Later(var why, var forAll) -> {
                var pause = pauses.after(claimed.attempts(), db.sources().randomness());
                if (claimed.now().plus(pause).isBefore(claimed.goodUntil())) {
                    note(claimed, DEFERRED, Optional.of(why), pause, stop);
                } else {
                    note(claimed, FAILED, Optional.of("gave up: " + why), Duration.ZERO, stop);
                }
                return !forAll;
            }
        }
        return true;
    }

    private Outcome outcome(Claim<T> claimed, Function<Claim<T>, Outcome> work) {
        if (claimed.overdue()) {
            return new Outcome.Ended(FAILED,
                Optional.of("gave up: " + claimed.lastError().orElse("its time was over")));
        }
        try {
            return work.apply(claimed);
        } catch (RuntimeException e) { // or the row would wait for its claim to run out, and the others for it
            LOG.atError().addKeyValue("org", claimed.org()).addKeyValue("row", claimed.id()).setCause(e)
                .log("an attempt failed unexpectedly");
            return new Outcome.Later("it failed unexpectedly; the log says why", false);
        }
    }

    /// What was done must be stored, or it is done again: while the database is away this tries again.
    private void note(Claim<T> attempted, String state, Optional<String> why, Duration pause, Stop stop) {
        listener.ended(attempted, state, why);
        var interrupted = Thread.interrupted(); // the note is worth the wait
        while (true) {
            try {
                db.note(tx -> {
                    table.note(tx, attempted, state, why, pause);
                    return true;
                });
                break;
            } catch (RuntimeException e) {
                if (stop.requested() || interrupted) {
                    throw e;
                }
                LOG.atWarn().addKeyValue("org", attempted.org()).addKeyValue("row", attempted.id())
                    .log("the outcome could not be stored yet: {}", e.toString());
                stop.within(pauses.poll());
                interrupted = Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
