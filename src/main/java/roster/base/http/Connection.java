package roster.base.http;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import java.util.Set;

/// The library's connection, listed among the server's open connections while it exists.
final class Connection implements ServerConnection, InterruptableTask<Void> {
    private final ServerConnection inner;
    private final Wire wire;
    private final Set<Connection> open;
    private volatile boolean closing;

    Connection(ServerConnection inner, Wire wire, Set<Connection> open) {
        this.inner = inner;
        this.wire = wire;
        this.open = open;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        open.add(this);
        try {
            inner.handle(limit);
            // The library returns without an exception after refusing the head of a request.
            if (!closing) {
                wire.linger();
            }
        } finally {
            open.remove(this);
        }
    }

    void stopIfOverdue(boolean last) {
        wire.stopIfOverdue(last);
    }

    /// Ends the connection at once, even during a request. Closes the socket first, so that nothing an interrupted
    /// handler writes reaches the client.
    void abort() {
        wire.close();
        close(true);
    }

    @Override
    public void close(boolean interrupt) {
        closing = true;
        inner.close(interrupt);
    }

    @Override
    public boolean canInterrupt() {
        return inner instanceof InterruptableTask<?> task && task.canInterrupt();
    }

    /// The library's own idle timer is not used.
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }
}
