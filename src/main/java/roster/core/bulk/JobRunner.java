package roster.core.bulk;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import roster.base.db.Database;
import roster.base.db.WriteTx;
import roster.base.work.BatchSize;
import roster.base.work.Stop;
import roster.core.bulk.Job.State;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem;
import roster.model.Refused;

/// Runs jobs piece by piece. Each piece is one write: it changes people and stores what became of them, or does neither. So
/// a node may stop or die at any moment, and any other goes on.
final class JobRunner {
    /// How long a piece should hold the organisation's lock; other writes wait for it.
    private static final Duration PIECE = Duration.ofMillis(100);
    private static final int LEAST = 5;
    private static final int MOST = 2000;
    private static final int FIRST = 50;

    /// The longest wait for room under a limit before it is looked at again, in seconds.
    private static final long WAIT_MAX = 60;

    /// How often the maker's rights may change between a look at them and the lock, in a row.
    private static final int LOOKS_MAX = 20;

    private final Database db;
    private final Acts acts;
    private final Deputies deputies;

    JobRunner(Database db, Acts acts, Deputies deputies) {
        this.db = db;
        this.acts = acts;
        this.deputies = deputies;
    }

    /// How large the pieces of a job are.
    private record Pace(UUID job, int people) {}

    /// Of the job that had its turn last, for its next one.
    private volatile Pace pace = new Pace(new UUID(0, 0), FIRST);

    /// What came of a piece.
    private enum Step {
        MORE, OVER,
        /// The maker's rights have changed since they were looked at.
        AGAIN
    }

    /// @param maker of a job that is not over; none: they may do nothing any more
    private record Look(Optional<Caller> maker) {}

    /// Runs a job until it is over, a limit holds it up, time has passed, or a stop is requested.
    ///
    /// @throws Refused with Unavailable if the database is
    void run(Org.Id org, UUID id, Duration time, Stop stop) {
        var end = System.nanoTime() + time.toNanos();
        var size = new BatchSize(PIECE, LEAST, MOST, pace.job().equals(id) ? pace.people() : FIRST);
        try {
            run(org, id, () -> stop.requested() || System.nanoTime() - end >= 0, size);
        } finally {
            pace = new Pace(id, size.rows());
        }
    }

    private void run(Org.Id org, UUID id, BooleanSupplier over, BatchSize size) {
        var most = Integer.MAX_VALUE;
        var looks = 0;
        while (!over.getAsBoolean() && looks < LOOKS_MAX) {
            var look = db.read(tx -> Jobs.find(tx, org, id).filter(job -> !job.isOver())
                .map(job -> new Look(deputies.caller(tx, job))));
            if (look.isEmpty()) {
                return; // it is over
            }
            var maker = look.get().maker();
            if (maker.isEmpty()) {
                db.note(tx -> Jobs.end(tx, org, id, State.NOT_ALLOWED));
                return;
            }
            var wanted = Math.min(size.rows(), most);
            try {
                var step = db.write(maker.get(), tx -> piece(tx, id, wanted, size));
                if (step == Step.OVER) {
                    return;
                }
                looks = step == Step.AGAIN ? looks + 1 : 0;
                most = Integer.MAX_VALUE;
            } catch (Refused e) {
                var fits = fits(e, org, id, wanted);
                if (fits.isEmpty()) {
                    return;
                }
                most = fits.get();
            }
        }
    }

    /// How many people the next piece may be about, after one was refused as a whole; none: the job has to wait.
    private Optional<Integer> fits(Refused refused, Org.Id org, UUID id, int wanted) {
        return switch (refused.problem()) {
            case Problem.Unavailable _, Problem.BadKeys _ -> throw refused;
            case Problem.LimitReached limit when limit.remaining() > 0 ->
                Optional.of((int) Math.min(limit.remaining(), Math.max(1, wanted - 1)));
            case Problem.LimitReached limit -> {
                db.note(tx -> {
                    Jobs.defer(tx, org, id, Math.clamp(limit.resetSeconds(), 1, WAIT_MAX));
                    return true;
                });
                yield Optional.empty();
            }
            default -> Optional.of(Math.max(1, wanted / 2));
        };
    }

    private Step piece(WriteTx tx, UUID id, int wanted, BatchSize size) {
        var began = System.nanoTime();
        var found = Jobs.locked(tx, id).filter(job -> !job.isOver());
        if (found.isEmpty()) {
            return Step.OVER;
        }
        var job = found.get();
        var now = deputies.caller(tx, job).map(Caller::permissions);
        if (!now.equals(Optional.of(tx.caller().permissions()))) {
            return Step.AGAIN;
        }
        if (!tx.caller().holds(job.order().act().needed())) {
            Jobs.end(tx, id, State.NOT_ALLOWED);
            return Step.OVER;
        }
        if (job.people() > Bulk.AT_ONCE_MAX) {
            tx.planAnew();
        }
        var items = Jobs.next(tx, job, wanted);
        var all = items.stream().map(Jobs.Placed::item).toList();
        var results = all.isEmpty() ? List.<Result>of() : all.size() == 1 ? List.of(single(tx, job, all.getFirst()))
            : acts.perform(tx, job.order(), all);
        Jobs.note(tx, job, items, results,
            items.size() < wanted ? Math.toIntExact(job.people()) : items.getLast().position());
        if (items.size() < wanted) {
            Jobs.end(tx, id, State.FINISHED);
        }
        tx.query("SELECT 1").any(); // sends what waits, so that the time is that of all of it
        size.took(items.size(), Duration.ofNanos(System.nanoTime() - began));
        return items.size() < wanted ? Step.OVER : Step.MORE;
    }

    /// What is refused of one alone is the reason why they are not reached; only limits that end hold the job up.
    private Result single(WriteTx tx, Job job, Item item) {
        try {
            return tx.attempt(() -> acts.perform(tx, job.order(), List.of(item)).getFirst());
        } catch (Refused e) {
            if (e.problem() instanceof Problem.Unavailable || e.problem() instanceof Problem.LimitReached) {
                throw e;
            }
            return Result.refused(e.problem());
        }
    }
}
