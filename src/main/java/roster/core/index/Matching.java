package roster.core.index;

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
    private Optional<Ranking> order = Optional.empty();

    /// @param all users in the order
    /// @param result who matches; none: all users
    /// @param ordering puts them in order
    Matching(RankedRows all, Optional<FilterResult> result, Supplier<Ranking> ordering) {
        this.all = all;
        this.result = result;
        this.ordering = ordering;
        this.count = result.map(FilterResult::count).orElseGet(all::size);
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
            order = Optional.of(result.isEmpty() ? all : ordering.get());
        }
        return order.get();
    }

    /// As in [Ranking].
    void each(long from, int most, boolean backwards, IntConsumer consumer) {
        if (from >= count) {
            return;
        }
        var length = (int) Math.min(most, count - from);
        var after = count - from - length;
        if (result.isEmpty() || order.isPresent() || !isNear(Math.min(from, after) + length)) {
            order().each(from, length, backwards, consumer);
        } else if (from <= after) {
            all.eachOf(result.get().rows()::get, from, length, backwards, consumer);
        } else {
            fromEnd(after, length, backwards, consumer);
        }
    }

    private void fromEnd(long after, int length, boolean backwards, IntConsumer consumer) {
        var rows = new int[length];
        var reversed = new IntConsumer() {
            private int left = length;

            @Override
            public void accept(int row) {
                rows[--left] = row;
            }
        };
        all.eachOf(result.orElseThrow().rows()::get, after, length, !backwards, reversed);
        for (var row : rows) {
            consumer.accept(row);
        }
    }

    /// Whether so many of the first or last who match are found by looking at few rows of the order of all users, if they are
    /// spread evenly over it: then they need no order of their own.
    private boolean isNear(long end) {
        return end * (double) all.size() / count <= NEAR_MAX;
    }
}
