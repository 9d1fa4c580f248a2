package roster.base.work;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// How many requests a client may send in a period. Periods are aligned to the clock: with 60 s they end with the minute.
public final class RateLimit {
    /// What a client has left after a request.
    ///
    /// @param remaining requests left in this period; 0 for the last one that is allowed, and for those that are not
    /// @param resetSeconds until the period ends, rounded up
    public record Standing(String name, Rate rate, boolean allowed, long remaining, long resetSeconds) {}

    /// Clients that are counted at a time. Beyond it, counts that were used least recently start again from 0.
    private static final int COUNTED_MAX = 100_000;

    private final String name;
    private final Rate rate;
    private final InstantSource clock;
    private final Cache<Object, Window> windows = Caffeine.newBuilder().maximumSize(COUNTED_MAX).build();

    private record Window(long number, AtomicLong used) {}

    public RateLimit(String name, Rate rate, InstantSource clock) {
        this.name = name;
        this.rate = rate;
        this.clock = clock;
    }

    /// Counts one request of a client.
    public Standing take(Object client) {
        return standing(client, 1);
    }

    /// Looks without counting.
    public Standing look(Object client) {
        return standing(client, 0);
    }

    private Standing standing(Object client, int requests) {
        var millis = clock.millis();
        var period = rate.periodSeconds() * 1000L;
        var number = Math.floorDiv(millis, period);
        var window = windows.asMap().compute(client,
            (key, old) -> old != null && old.number() == number ? old : new Window(number, new AtomicLong()));
        var used = window.used().addAndGet(requests);
        var left = rate.count() - used;
        var reset = Math.ceilDiv((number + 1) * period - millis, 1000L);
        return new Standing(name, rate, requests == 0 ? left > 0 : left >= 0, Math.max(0, left), reset);
    }
}
