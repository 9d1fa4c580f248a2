package roster.core.access;

import java.time.Duration;
import roster.base.work.Rounds;

/// Clears answers away that are too old to be given again, at the start and from time to time, so that their table holds
/// those of a day.
public final class IdempotencySweep implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMinutes(10);

    private final Rounds rounds;

    private IdempotencySweep(Rounds rounds) {
        this.rounds = rounds;
    }

    public static IdempotencySweep start(KeptAnswers answers) {
        return new IdempotencySweep(Rounds.start("idempotency-sweep", EVERY, answers::sweep,
            "old answers could not be cleared away"));
    }

    @Override
    public void close() {
        rounds.close();
    }
}
