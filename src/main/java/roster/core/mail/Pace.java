package roster.core.mail;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import roster.base.work.Rate;

/// Spaces letters evenly, so that ten thousand invitations do not fall upon a mail server at once. A letter that comes
/// alone does not wait.
public final class Pace {
    private final long nanosBetween;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private long nextNanos;
    private boolean begun;

    /// @param rate how many in a period; none: no bound
    public Pace(Optional<Rate> rate) {
        nanosBetween = rate.map(some -> TimeUnit.SECONDS.toNanos(some.periodSeconds()) / some.count()).orElse(0L);
    }

    /// Waits until it is somebody's turn.
    ///
    /// @return whether to go on: not once it is stopped
    boolean await() {
        try {
            return !stopped.await(turn(System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// @param now of a clock of nanoseconds that begins anywhere
    /// @return nanoseconds until it comes
    synchronized long turn(long now) {
        var mine = begun && nextNanos - now > 0 ? nextNanos : now;
        begun = true;
        nextNanos = mine + nanosBetween;
        return mine - now;
    }

    /// Lets nobody wait any more.
    void stop() {
        stopped.countDown();
    }
}
