package roster.core.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import roster.base.http.Response;
import roster.model.Problem.LimitReached;

/// How many requests somebody may send in a period. Periods are aligned to the clock: with 60 s they end with the minute.
public final class RateLimit {
    /// @param requests in one period
    /// @param periodSeconds length of a period
    public record Setting(long requests, int periodSeconds) {
        /// Reads `60000/60s`, `1000/1h`; `off` reads as none.
        ///
        /// @throws IllegalArgumentException saying what is expected
        public static Optional<Setting> parse(String text) {
            if (text.equals("off")) {
                return Optional.empty();
            }
            if (!text.matches("[1-9][0-9]{0,11}/([1-9][0-9]{0,5}s|[1-9][0-9]{0,3}m|[1-9][0-9]{0,2}h)")) {
                throw new IllegalArgumentException(
                    "expected a number in a period as 60000/60s, 500/5m or 1000/1h, or off");
            }
            var slash = text.indexOf('/');
            var unit = switch (text.charAt(text.length() - 1)) {
                case 'h' -> 3600;
                case 'm' -> 60;
                default -> 1;
            };
            return Optional.of(new Setting(Long.parseLong(text.substring(0, slash)),
                unit * Integer.parseInt(text.substring(slash + 1, text.length() - 1))));
        }
    }

    /// Where somebody stands after a request.
    ///
    /// @param remaining requests left in this period; none left and this one too many is `!allowed`
    /// @param resetSeconds until the period ends, rounded up
    public record Standing(String name, Setting setting, boolean allowed, long remaining, long resetSeconds) {
        /// Of a limit that is kept elsewhere, and was reached.
        static Standing of(LimitReached reached) {
            return new Standing(reached.name(), new Setting(reached.limit(), reached.periodSeconds()), false,
                reached.remaining(), reached.resetSeconds());
        }

        /// The answer with the headers that tell (users.md 7 of the contract).
        public Response on(Response response) {
            return response.with(List.of(
                new Response.Header("X-RateLimit-Limit", Long.toString(setting.requests())),
                new Response.Header("X-RateLimit-Period", Integer.toString(setting.periodSeconds())),
                new Response.Header("X-RateLimit-Remaining", Long.toString(remaining)),
                new Response.Header("X-RateLimit-Reset", Long.toString(resetSeconds)),
                new Response.Header("X-RateLimit-Name", name)));
        }
    }

    /// Who is counted at once. Beyond it the longest unseen start afresh.
    private static final int COUNTED_MAX = 100_000;

    private final String name;
    private final Setting setting;
    private final InstantSource clock;
    private final Cache<Object, Window> windows = Caffeine.newBuilder().maximumSize(COUNTED_MAX).build();

    private record Window(long number, AtomicLong used) {}

    public RateLimit(String name, Setting setting, InstantSource clock) {
        this.name = name;
        this.setting = setting;
        this.clock = clock;
    }

    /// Counts one request of somebody.
    public Standing take(Object who) {
        return standing(who, 1);
    }

    /// Looks without counting.
    public Standing look(Object who) {
        return standing(who, 0);
    }

    private Standing standing(Object who, int requests) {
        var millis = clock.millis();
        var period = setting.periodSeconds() * 1000L;
        var number = Math.floorDiv(millis, period);
        var window = windows.asMap().compute(who,
            (key, old) -> old != null && old.number() == number ? old : new Window(number, new AtomicLong()));
        var used = window.used().addAndGet(requests);
        var left = setting.requests() - used;
        var reset = Math.ceilDiv((number + 1) * period - millis, 1000L);
        return new Standing(name, setting, requests == 0 ? left > 0 : left >= 0, Math.max(0, left), reset);
    }
}
