package roster.core.mail;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import roster.base.work.Rate;
import roster.base.work.Stop;

/// Spaces e-mails evenly, so that ten thousand invitations do not reach a mail server at once. An e-mail that comes alone
/// does not wait. For any number of threads.
public final class SendRate {
    private final long nanosBetween;
    private long nextNanos;
    private boolean begun;

    /// @param rate how many in a period; none: no limit
    public SendRate(Optional<Rate> rate) {
        nanosBetween = rate.map(some -> TimeUnit.SECONDS.toNanos(some.periodSeconds()) / some.count()).orElse(0L);
    }

    /// Waits until the next e-mail may be sent.
    ///
    /// @return whether to go on: not once the stop is requested
    boolean await(Stop stop) {
        return !stop.within(Duration.ofNanos(turn(System.nanoTime())));
    }

    /// @param now of a clock of nanoseconds that begins anywhere
    /// @return nanoseconds until the next e-mail may be sent, which is then taken
    synchronized long turn(long now) {
        var mine = begun && nextNanos - now > 0 ? nextNanos : now;
        begun = true;
        nextNanos = mine + nanosBetween;
        return mine - now;
    }
}
