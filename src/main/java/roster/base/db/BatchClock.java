package roster.base.db;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The time during a batch of writes of one organisation: the database's clock, asked once under the lock and advanced by a
/// clock that cannot be set.
final class BatchClock {
    private final Instant began;
    private final long beganNanos = System.nanoTime();
    private Instant written;
    private boolean ahead;

    /// @param began now, by the database's clock
    /// @param written when the organisation was written last
    /// @param ahead whether that time is ahead, see [OrgClocks]
    BatchClock(Instant began, Instant written, boolean ahead) {
        this.began = began;
        this.written = written;
        this.ahead = ahead;
    }

    Duration sinceBegin() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    /// The time by which it is decided what has expired.
    Instant now() {
        return began.plus(sinceBegin()).truncatedTo(ChronoUnit.MICROS);
    }

    /// The time of the next write: later than those of earlier writes, unless the organisation is ahead.
    Instant ofNextWrite() {
        var now = now();
        var next = written.plus(1, ChronoUnit.MICROS);
        return ahead || now.isAfter(next) ? now : next;
    }

    /// @param time of a write
    /// @param repaired whether the organisation is not ahead any more
    void wrote(Instant time, boolean repaired) {
        ahead &= !repaired;
        written = ahead && written.isAfter(time) ? written : time;
    }

    /// The latest time of any write.
    Instant written() {
        return written;
    }
}
