package roster.base.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import roster.base.fair.Rotation;

/// The large answers that a loop has to copy and to send: one at a time, those of an organisation one after the other,
/// organisations in turn.
///
/// A loop does its tasks in the order they came. With thousands of large answers in that order, all other connections of the
/// loop would wait for them. So after each the loop looks at its connections, and does what else it has to do.
final class LargeAnswers {
    private static final FastThreadLocal<LargeAnswers> OF_LOOP = new FastThreadLocal<>() {
        @Override
        protected LargeAnswers initialValue() {
            return new LargeAnswers();
        }
    };

    private record Answer(Runnable send, Consumer<Throwable> failed) {}

    private final Rotation<Answer> waiting = new Rotation<>();
    private boolean sending;

    private LargeAnswers() {}

    /// Sends an answer: a large one when it is its turn. To be called on the loop.
    ///
    /// @param whose told apart by `equals`
    /// @param length in bytes
    /// @param failed told what the sending of a large one throws
    static void inTurn(EventLoop loop, Object whose, long length, Runnable send, Consumer<Throwable> failed) {
        if (!Held.isLarge(length)) {
            send.run();
            return;
        }
        var its = OF_LOOP.get();
        its.waiting.add(whose, new Answer(send, failed));
        if (!its.sending) {
            its.sending = true;
            its.next(loop);
        }
    }

    private void next(EventLoop loop) {
        var next = waiting.next();
        if (next.isEmpty()) {
            sending = false;
            return;
        }
        var answer = next.get();
        try {
            answer.send.run();
        } catch (Throwable e) {
            answer.failed.accept(e);
        }
        // What is due at a time waits until the loop has looked at its connections; a task would not.
        var _ = loop.schedule(() -> next(loop), 1, TimeUnit.NANOSECONDS);
    }
}
