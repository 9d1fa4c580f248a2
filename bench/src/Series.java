import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// One thing, measured once a round.
record Series(List<Load> loads) {
    /// What one measurement found.
    ///
    /// @param perSecond how many were done in a second
    /// @param done how many were done at all
    record Load(double perSecond, double p50Millis, double p99Millis, long done) {}

    /// A median, and the least and the most of what it is the median of.
    record Spread(double median, double least, double most) {
        static Spread of(List<Double> values) {
            var sorted = values.stream().sorted().toList();
            var middle = sorted.size() / 2;
            var median =
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
            return new Spread(median, sorted.getFirst(), sorted.getLast());
        }

        @Override
        public String toString() {
            return "%s (%s–%s)".formatted(number(median), number(least), number(most));
        }

        static String number(double value) {
            return String.format(Locale.ROOT,
                value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.3f",
                value);
        }
    }

    /// Measures all of them in each round, in turns and every other round backwards, so that what the machine does
    /// besides, and what came before, hits them alike.
    static List<Series> inTurns(int rounds, List<Supplier<Load>> things) {
        var all = IntStream.range(0, things.size()).mapToObj(i -> new Series(new ArrayList<>())).toList();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < things.size(); i++) {
                var turn = round % 2 == 0 ? i : things.size() - 1 - i;
                all.get(turn).loads().add(things.get(turn).get());
            }
        }
        return all;
    }

    /// How many times as much this one did, round by round.
    Spread rateTo(Series other) {
        return Spread.of(IntStream.range(0, loads.size())
            .mapToObj(i -> loads.get(i).perSecond() / other.loads.get(i).perSecond()).toList());
    }

    /// How many times as long it took, at the median of each round.
    Spread timeTo(Series other) {
        return Spread.of(IntStream.range(0, loads.size())
            .mapToObj(i -> loads.get(i).p50Millis() / other.loads.get(i).p50Millis()).toList());
    }

    /// The same at the 99th percentile.
    Spread p99To(Series other) {
        return Spread.of(IntStream.range(0, loads.size())
            .mapToObj(i -> loads.get(i).p99Millis() / other.loads.get(i).p99Millis()).toList());
    }

    Spread millis() {
        return Spread.of(loads.stream().map(Load::p50Millis).toList());
    }

    long done() {
        return loads.stream().mapToLong(Load::done).sum();
    }

    /// The absolute figures, for people: medians over the rounds.
    String shown() {
        return String.format(Locale.ROOT, "%,.0f/s, p50 %s ms, p99 %s ms",
            Spread.of(loads.stream().map(Load::perSecond).toList()).median(),
            Spread.number(millis().median()),
            Spread.number(Spread.of(loads.stream().map(Load::p99Millis).toList()).median()));
    }

    /// Only the time.
    String shownMillis() {
        return Spread.number(millis().median()) + " ms";
    }
}
