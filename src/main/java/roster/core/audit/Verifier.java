package roster.core.audit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.work.DueRows;
import roster.base.work.DueTable.Claim;
import roster.base.work.Stop;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.core.audit.Verification.State;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// Verifies trails in the background: a stretch of one organisation's, then one of another's. What was looked at is stored
/// after each, so that a node may stop or die at any moment, and any other goes on.
final class Verifier {
    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

    /// How long one organisation's trail is looked at before another has its turn.
    private static final Duration TURN = Duration.ofSeconds(1);

    /// Longer than a turn and the reads in it.
    static final Duration CLAIM = Duration.ofSeconds(30);

    private static final Duration SCHEDULED_EVERY = Duration.ofMinutes(10);

    /// After a failure that was not foreseen.
    private static final DueRows.Pauses PAUSES =
        new DueRows.Pauses(Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofMinutes(10));

    private final Database db;
    private final Trail trail;
    private final Verifications verifications;

    Verifier(Database db, Trail trail, Verifications verifications) {
        this.db = db;
        this.trail = trail;
        this.verifications = verifications;
    }

    List<Worker> workers() {
        return List.of(
            new Worker("trail-verification", "Verifies audit trails, piece by piece.",
                Wake.on(verifications.asked(), "each request", PAUSES.poll()), this::run),
            new Worker("trail-schedule", "Has audit trails verified that were not for a while.",
                Wake.every(SCHEDULED_EVERY), verifications::schedule));
    }

    private void run(Stop stop) {
        new DueRows<>(db, Verifications.DUE, CLAIM, PAUSES, (_, _, _) -> {}).run(stop, () -> !stop.requested(),
            claim -> outcome(claim, stop));
    }

    private DueRows.Outcome outcome(Claim<Boolean> claim, Stop stop) {
        try {
            turn(claim, TURN, stop);
            return new DueRows.Outcome.Ended("turn", Optional.empty());
        } catch (Refused e) {
            if (e.problem() instanceof Unavailable) {
                return new DueRows.Outcome.Later("the database is away or busy", false);
            }
            throw e;
        }
    }

    /// Looks at what comes next, until the end of the trail or for some time.
    void turn(Claim<Boolean> claim, Duration time, Stop stop) {
        var org = claim.org();
        var found = db.read(tx -> verifications.open(tx, org, claim.id()));
        if (found.isEmpty()) {
            return; // it is over
        }
        var walk = trail.walk(org, found.get().verification().walked());
        var more = stretch(claim, walk, time, stop);
        if (!more) {
            walk.verdict();
            // From the beginning on, the trail must also have what was verified before.
            found.get().verified().filter(_ -> found.get().verification().whole()).filter(head -> !trail.has(org, head))
                .ifPresent(walk::misses);
        }
        var walked = walk.walked();
        var state = more ? State.RUNNING : walked.faults().isEmpty() ? State.GOOD : State.BROKEN;
        if (state == State.BROKEN) {
            LOG.atError().addKeyValue("org", org).log("the audit trail is not as Roster wrote it: {}", walked.faults());
        }
        db.note(tx -> {
            verifications.note(tx, claim, walked, state);
            return null;
        });
    }

    /// Half as long as it takes to look at entries it rests, so that others have the processor and the database.
    ///
    /// @return whether there may be more
    private boolean stretch(Claim<Boolean> claim, TrailWalk walk, Duration time, Stop stop) {
        var end = System.nanoTime() + time.toNanos();
        while (true) {
            var began = System.nanoTime();
            var more = trail.step(claim.org(), walk);
            var now = System.nanoTime();
            if (!more || now - end >= 0 || stop.within(Duration.ofNanos((now - began) / 2))) {
                return more;
            }
        }
    }
}
