package roster.access;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Clears answers away that are too old to be given again, at the start and from time to time, so that their table holds
/// those of a day.
public final class IdempotencySweep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencySweep.class);
    private static final Duration EVERY = Duration.ofMinutes(10);

    /// How long a round that is under way may take when Roster stops.
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final Idempotency idempotency;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("idempotency-sweep").unstarted(this::work);

    private IdempotencySweep(Idempotency idempotency) {
        this.idempotency = idempotency;
    }

    public static IdempotencySweep start(Idempotency idempotency) {
        var sweep = new IdempotencySweep(idempotency);
        sweep.thread.start();
        return sweep;
    }

    private void work() {
        try {
            do {
                try {
                    idempotency.sweep();
                } catch (RuntimeException e) {
                    LOG.warn("old answers could not be cleared away; trying again later: {}", e.toString());
                }
            } while (!stopped.await(EVERY.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(DRAIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
