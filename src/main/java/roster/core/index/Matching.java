package roster.core.index;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/// The users who match a filter, in one order.
final class Matching {
    /// How many rows to look at, at most, for a page of a filter without an order of its own: some 100 µs.
    private static final int NEAR_MAX = 10_000;

    private final RankedRows all;
    private final Optional<FilterResult> result;
    private final Supplier<Ranking> ordering;
    private final int count;
    private Optional<Ranking> order;

    /// @param all users in the order
    /// @param result who matches; none: all users
    /// @param order of those who match, if there is one already
    /// @param ordering puts them in order
    Matching(RankedRows all, Optional<FilterResult> result, Optional<Ranking> order, Supplier<Ranking> ordering) {
        this.all = all;
        this.result = result;
        this.ordering = ordering;
        this.count = result.map(FilterResult::count).orElseGet(all::size);
        this.order = result.isEmpty() ? Optional.of(all) : order;
    }

    int count() {
        return count;
    }

    /// As in [Ranking].
    int rank(Ranking.Probe probe) {
        return order().rank(probe);
    }

    private Ranking order() {
        if (order.isEmpty()) {
            order = Optional.of(ordering.get());
        }
        return order.get();
    }

    /// As in [Ranking].
    void each(long from, int most, boolean backwards, IntConsumer consumer) {
        if (from >= count) {
            return;
        }
        var length = (int) Math.min(most, count - from);
        var near = order.isPresent() ? Optional.<int[]>empty() : near((int) from, length, backwards);
        if (near.isPresent()) {
            Arrays.stream(near.get()).forEach(consumer);
        } else {
            order().each(from, length, backwards, consumer);
        }
    }

    /// Looks for rows from the end of the order that is closer: rows that are found soon need no order of their own.
    ///
    /// @return nothing if they are not found soon
    private Optional<int[]> near(int from, int length, boolean backwards) {
        var after = count - from - length;
        var first = Math.min(from, after);
        if ((first + length) * (double) all.size() / count > NEAR_MAX) { // if they are spread evenly
            return Optional.empty();
        }
        var found = all.some(result.orElseThrow().rows()::get, first, length, from <= after == backwards, NEAR_MAX);
        if (from > after) {
            found.ifPresent(Matching::reverse);
        }
        return found;
    }

    private static void reverse(int[] rows) {
        for (int i = 0; i < rows.length / 2; i++) {
            var other = rows[rows.length - 1 - i];
            rows[rows.length - 1 - i] = rows[i];
            rows[i] = other;
        }
    }
}
