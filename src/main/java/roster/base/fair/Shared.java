package roster.base.fair;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// A result that is costly to make, and the same for all who ask: made once for all that wait for it, and with pauses, so
/// that it takes a tenth of one processor at most, however often it is asked for.
public final class Shared<T> {
    /// How many times as long as the making the pause after it is.
    private static final int PAUSES = 9;

    private final Supplier<T> making;
    private final ReentrantLock turn = new ReentrantLock(true);

    /// Makings are numbered as they begin: the last one that began, and the last one that succeeded, with its result.
    private volatile long begun;
    private long made;
    private T last;
    private long resumesNanos = System.nanoTime();

    public Shared(Supplier<T> making) {
        this.making = making;
    }

    /// @return what was made by a making that began after the call
    public T get() {
        var before = begun;
        Turns.end();
        turn.lock();
        try {
            if (made <= before) {
                pause();
                var number = begun + 1;
                begun = number;
                var began = System.nanoTime();
                last = making.get();
                made = number;
                var ended = System.nanoTime();
                resumesNanos = ended + PAUSES * (ended - began);
            }
            return last;
        } finally {
            turn.unlock();
        }
    }

    private void pause() {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, resumesNanos - System.nanoTime())));
        } catch (InterruptedException e) { // the node stops: no pause is needed
            Thread.currentThread().interrupt();
        }
    }

    /// How many wait.
    int waiting() {
        return turn.getQueueLength();
    }
}
