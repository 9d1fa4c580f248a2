package roster.base.http;

import java.time.Duration;

/// Which phase of a request a connection is in, and until when it may be. Changed by the event loop only; any thread may ask.
final class Progress {
    /// What a connection waits for: a request, the rest of its head, the handler, the body, the client to take the answer, the
    /// rest of an unread body, or the client to hang up.
    enum Phase { IDLE, HEAD, ANSWER, BODY, WRITE, SKIP, LINGER }

    /// What the next bytes are wanted for.
    enum Wants { HEAD, BODY, REST, NOTHING }

    private static final long EPOCH = System.nanoTime();
    private static final long NEVER = Long.MAX_VALUE;

    private volatile Phase phase = Phase.IDLE;
    private volatile long began;
    private volatile long end = NEVER;

    Phase phase() {
        return phase;
    }

    boolean is(Phase some) {
        return phase == some;
    }

    /// @param limit on the total time of the phase, however often a byte arrives
    void begin(Phase next, Duration limit) {
        var now = nanos();
        began = now;
        phase = next;
        end = now + limit.toNanos();
    }

    /// The handler may take its time.
    void beginAnswer() {
        phase = Phase.ANSWER;
        end = NEVER;
    }

    /// The connection is closed.
    void stop() {
        end = NEVER;
    }

    private static long nanos() {
        return System.nanoTime() - EPOCH;
    }

    Wants wants() {
        return switch (phase) {
            case IDLE, HEAD -> Wants.HEAD;
            case BODY -> Wants.BODY;
            case SKIP, LINGER -> Wants.REST;
            case ANSWER, WRITE -> Wants.NOTHING;
        };
    }

    /// @param last whether no further request is wanted; if so, idle connections are overdue
    boolean isOverdue(boolean last) {
        return end <= nanos() || last && phase == Phase.IDLE;
    }

    /// How long it has been in a phase; 0 if it is in another.
    Duration since(Phase some) {
        return phase == some ? Duration.ofNanos(nanos() - began) : Duration.ZERO;
    }
}
