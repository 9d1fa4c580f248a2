package roster.base.work;

import java.time.Duration;

/// Wakes workers on this node: rung after a commit that left them something to do.
public final class Signal {
    private final Object monitor = new Object();
    private long rung;

    /// Wakes every worker that waits for this signal.
    public void ring() {
        synchronized (monitor) {
            rung++;
            monitor.notifyAll();
        }
    }

    /// How often it has been rung: read before looking for work, so that nothing rung meanwhile is missed.
    long count() {
        synchronized (monitor) {
            return rung;
        }
    }

    /// Waits until it is rung more often than `heard`, or for `atMost`.
    void await(long heard, Duration atMost) throws InterruptedException {
        var end = System.nanoTime() + atMost.toNanos();
        synchronized (monitor) {
            for (var left = atMost.toNanos(); rung == heard && left > 0; left = end - System.nanoTime()) {
                monitor.wait(left / 1_000_000 + 1);
            }
        }
    }
}
