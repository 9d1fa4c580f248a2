package roster.core.index;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import roster.model.User.Status;

/// The users that match a filter: their rows, and these in each order that was asked for. Changes update it row by row.
///
/// Rows and orders are computed on first use, and once, even if several threads ask at the same time.
final class FilterResult {
    private final UserFilter filter;
    private final IntFunction<Status> statuses;
    private final StatusCounts counts = new StatusCounts();
    private final Map<UserQuery.Sort, RankedRows> orders = new EnumMap<>(UserQuery.Sort.class);
    private BitSet rows;

    /// @param statuses of the users in rows
    FilterResult(UserFilter filter, IntFunction<Status> statuses) {
        this.filter = filter;
        this.statuses = statuses;
    }

    UserFilter filter() {
        return filter;
    }

    /// To be called before the rows are asked for.
    ///
    /// @param search finds them, on first use
    synchronized void fill(Supplier<BitSet> search) {
        if (rows == null) {
            rows = search.get();
            for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                counts.add(statuses.apply(row), 1);
            }
        }
    }

    /// How many rows match.
    synchronized int count() {
        return counts.all();
    }

    /// How many rows match, by status.
    synchronized Map<Status, Long> byStatus() {
        return counts.byStatus();
    }

    /// The rows that match. Not to be changed by the caller.
    synchronized BitSet rows() {
        return rows;
    }

    /// The rows in an order.
    ///
    /// @param sorting puts the rows in order, on first use
    synchronized RankedRows order(UserQuery.Sort sort, Function<BitSet, RankedRows> sorting) {
        return orders.computeIfAbsent(sort, wanted -> sorting.apply(rows));
    }

    /// Adds a row if it matches.
    ///
    /// @param belongs whether a row matches the filter
    synchronized void add(int row, IntPredicate belongs) {
        if (rows != null && belongs.test(row)) {
            rows.set(row);
            counts.add(statuses.apply(row), 1);
            orders.values().forEach(order -> order.add(row));
        }
    }

    /// Removes a row; no-op if absent. The row must still hold the values it was sorted by.
    synchronized void remove(int row) {
        if (rows != null && rows.get(row)) {
            rows.clear(row);
            counts.add(statuses.apply(row), -1);
            orders.values().forEach(order -> order.remove(row));
        }
    }

    /// After changes: prepares the orders for concurrent reads.
    synchronized void settle() {
        orders.values().forEach(RankedRows::settle);
    }

    /// Its approximate size in memory, in bytes.
    synchronized long bytes() {
        return 500 + filter.text().map(text -> 2L * text.length()).orElse(0L) + (rows == null ? 0 : rows.size() / 8)
            + orders.values().stream().mapToLong(RankedRows::bytes).sum();
    }
}
