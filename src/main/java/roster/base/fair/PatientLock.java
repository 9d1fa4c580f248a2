package roster.base.fair;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// A lock for which requests wait in turn, at most 5 s.
public final class PatientLock {
    private static final Duration WAIT = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock(true);

    /// @throws Refused with [Unavailable] if others took too long
    public void lock() {
        try {
            if (!lock.tryLock(WAIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new Refused(new Unavailable(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(new Unavailable(1));
        }
    }

    public void unlock() {
        lock.unlock();
    }

    public boolean isHeldByCurrentThread() {
        return lock.isHeldByCurrentThread();
    }
}
