package roster.base.http;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import java.util.Set;

/// The library's connection, entered in the server's list of open ones while it lives.
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
            // It comes back without an exception after it has refused a request's head.
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

    /// Ends it at once, in the middle of whatever it does. The socket goes first: what an interrupted handler makes of
    /// it is not an answer.
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
