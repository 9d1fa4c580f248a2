package roster.base.work;

import java.time.Duration;

/// What makes a worker run. It always runs once when the node starts.
///
/// @param signal runs it at once; one that is never rung where only time matters
/// @param period the longest pause between the end of one run and the start of the next; more than none
/// @param words for operators, as `every 60 s`
public record Wake(Signal signal, Duration period, String words) {
    public Wake {
        if (!period.isPositive()) {
            throw new IllegalArgumentException("a pause between two runs must be longer than " + period);
        }
    }

    /// At start, then `period` after the end of each run.
    public static Wake every(Duration period) {
        return new Wake(new Signal(), period, "every " + shown(period));
    }

    /// Whenever the signal is rung on this node, and at least every `period`, as other nodes leave work too.
    ///
    /// @param when what rings it, as `each new e-mail`
    public static Wake on(Signal signal, String when, Duration period) {
        return new Wake(signal, period, "%s, and every %s".formatted(when, shown(period)));
    }

    private static String shown(Duration period) {
        return period.toMillis() % 1000 == 0 ? period.toSeconds() + " s" : period.toMillis() + " ms";
    }
}
