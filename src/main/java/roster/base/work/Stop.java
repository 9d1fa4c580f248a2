package roster.base.work;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells work in the background that the node is about to stop. Once requested it stays so.
public final class Stop {
    private final CountDownLatch request = new CountDownLatch(1);

    public void request() {
        request.countDown();
    }

    /// To be asked between two steps of long work.
    public boolean requested() {
        return request.getCount() == 0;
    }

    /// Waits for at most `time`, in the place of a sleep. An interrupt counts as a request.
    ///
    /// @return whether the stop was requested, true at once when it is
    public boolean within(Duration time) {
        try {
            return request.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
