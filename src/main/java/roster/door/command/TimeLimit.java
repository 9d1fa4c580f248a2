package roster.door.command;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Reading and writing that must come to an end: a channel that is still at it when the time is up is closed.
final class TimeLimit {
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    @FunctionalInterface
    interface Errand {
        void run() throws IOException;
    }

    private TimeLimit() {}

    static void within(Duration limit, Channel channel, Errand errand) throws IOException {
        within(limit, channel, () -> {
            errand.run();
            return true;
        });
    }

    /// @throws IOException that says so, if the time was up
    static <T> T within(Duration limit, Channel channel, Work<T> work) throws IOException {
        var over = new AtomicBoolean();
        var watch = Thread.ofVirtual().name("time-limit").start(() -> {
            try {
                Thread.sleep(limit);
                over.set(true);
                channel.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it was in time
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
