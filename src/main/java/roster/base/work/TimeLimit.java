package roster.base.work;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Bounds reads and writes that may block: when the time is up, the channel is closed.
public final class TimeLimit {
    /// Reads or writes, and has a result.
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /// Reads or writes.
    @FunctionalInterface
    public interface Action {
        void run() throws IOException;
    }

    private TimeLimit() {}

    /// @throws IOException that says so, if the time was up
    public static void within(Duration limit, Channel channel, Action action) throws IOException {
        within(limit, channel, () -> {
            action.run();
            return true;
        });
    }

    /// @throws IOException that says so, if the time was up
    public static <T> T within(Duration limit, Channel channel, Work<T> work) throws IOException {
        var over = new AtomicBoolean();
        var watch = Thread.ofVirtual().name("time-limit").start(() -> {
            try {
                Thread.sleep(limit);
                over.set(true);
                channel.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the work ended in time
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            return work.run();
        } catch (ClosedChannelException e) {
            throw over.get() ? new IOException("it took longer than %d s".formatted(limit.toSeconds()), e) : e;
        } finally {
            watch.interrupt();
        }
    }
}
