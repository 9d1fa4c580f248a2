package roster.base.work;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Some work that is done at the start and then from time to time, on a thread of its own, until it is closed. A round that
/// fails is told in the log, and the next one comes in its time.
public final class Rounds implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    /// How long a round that is under way may take when Roster stops.
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final Duration every;
    private final Runnable work;
    private final String failure;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;

    private Rounds(String name, Duration every, Runnable work, String failure) {
        this.every = every;
        this.work = work;
        this.failure = failure;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::go);
    }

    /// @param failure what to say in the log when the work fails
    public static Rounds start(String name, Duration every, Runnable work, String failure) {
        var rounds = new Rounds(name, every, work, failure);
        rounds.thread.start();
        return rounds;
    }

    private void go() {
        try {
            do {
                now();
            } while (!stopped.await(every.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void now() {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("{}; trying again later: {}", failure, e.toString());
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
