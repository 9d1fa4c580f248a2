package roster.base.fair;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// Runs slow tasks, a few at a time, so that processors are left for other requests. Organisations take turns ([FairPlaces]).
/// Uses platform threads, as the tasks would block the carriers of virtual threads; they stand back where others want the
/// processors.
public final class FairExecutor implements AutoCloseable {
    /// Tasks of one organisation that may wait; further ones are refused.
    private static final int WAITING_MAX = 500;
    private static final Duration WAIT = Duration.ofSeconds(15);

    private final ThreadPoolExecutor threads;
    private final FairPlaces places;

    /// @param name of the threads
    public FairExecutor(String name, int atOnce) {
        this(name, atOnce, new FairPlaces(atOnce, WAITING_MAX, WAIT));
    }

    /// The same, where at most so many tasks wait in all, each for so long.
    public FairExecutor(String name, int atOnce, int waitingMax, Duration patience) {
        this(name, atOnce, new FairPlaces(atOnce, waitingMax, waitingMax, patience));
    }

    private FairExecutor(String name, int atOnce, FairPlaces places) {
        this.places = places;
        threads = new ThreadPoolExecutor(atOnce, atOnce, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            new BackgroundThreads(name));
        threads.allowCoreThreadTimeOut(true);
    }

    /// Runs a slow task when it is the turn of whom it is for, and waits for it. Never to be called in a transaction.
    ///
    /// @param whom an organisation or a client's network, told apart by `equals`
    /// @throws Refused with [Unavailable] if it could not begin in time (15 s unless set otherwise), or too many tasks of
    ///     theirs wait already (500)
    public <T> T await(Object whom, Callable<T> slow) {
        return places.in(whom, () -> run(slow));
    }

    private <T> T run(Callable<T> slow) {
        Turns.end();
        try {
            var task = threads.submit(slow);
            try {
                return task.get();
            } catch (InterruptedException e) {
                task.cancel(true);
                Thread.currentThread().interrupt();
                throw new Refused(new Unavailable(1));
            }
        } catch (RejectedExecutionException e) { // closed
            throw new Refused(new Unavailable(1));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /// How many tasks wait.
    int waiting() {
        return places.waiting();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
