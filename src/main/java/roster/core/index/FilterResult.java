package roster.core.index;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import roster.model.User.Status;

/// The users that match a filter: their rows, and these in each order that was asked for. Changes update it row by row.
///
/// Rows and orders are computed on first use, and once, even if several threads ask at the same time.
final class FilterResult {
    /// Of fewer users than one in so many, each order holds the rows: looking for them in the order of all users would cost
    /// more than keeping them.
    private static final int FEW_PART = 32;

    private final UserFilter filter;
    private final IntFunction<Status> statuses;
    private final IntPredicate belongs;
    private final Map<UserQuery.Sort, Ranking> orders = new EnumMap<>(UserQuery.Sort.class);
    private BitSet rows;
    private int count;
    private Optional<StatusCounts> byStatus = Optional.empty(); // once they have been asked for
    private boolean dropped;

    /// @param statuses of the users in rows
    /// @param belongs whether a row matches the filter, at any time
    FilterResult(UserFilter filter, IntFunction<Status> statuses, IntPredicate belongs) {
        this.filter = filter;
        this.statuses = statuses;
        this.belongs = belongs;
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
            count = rows.cardinality();
        }
    }

    /// How many rows match.
    synchronized int count() {
        return count;
    }

    /// How many rows match, by status.
    synchronized Map<Status, Long> byStatus() {
        if (byStatus.isEmpty()) {
            var counts = new StatusCounts();
            for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                counts.add(statuses.apply(row), 1);
            }
            byStatus = Optional.of(counts);
        }
        return byStatus.get().byStatus();
    }

    private void counted(int row, int more) {
        count += more;
        byStatus.ifPresent(counts -> counts.add(statuses.apply(row), more));
    }

    /// The rows that match. Not to be changed by the caller.
    synchronized BitSet rows() {
        return rows;
    }

    /// The rows in an order, if they have been asked for in it.
    synchronized Optional<Ranking> known(UserQuery.Sort sort) {
        return Optional.ofNullable(orders.get(sort));
    }

    /// The rows in an order.
    ///
    /// @param all gives all users in this order, on first use
    synchronized Ranking order(UserQuery.Sort sort, Supplier<RankedRows> all) {
        return orders.computeIfAbsent(sort, missing -> ordered(all.get()));
    }

    private Ranking ordered(RankedRows all) {
        if (count < all.size() / FEW_PART) {
            return all.among(rows.stream().toArray());
        }
        var part = new RankedPart(all, rows);
        return dropped ? part : part.attached();
    }

    /// Adds a row if it matches. To be called before the row is added to the orders of all users.
    synchronized void add(int row) {
        if (rows != null && belongs.test(row)) {
            rows.set(row);
            counted(row, 1);
            own().forEach(order -> order.add(row));
        }
    }

    /// Removes a row; no-op if absent. To be called after the row is removed from the orders of all users. The row must still
    /// hold the values it was sorted by.
    synchronized void remove(int row) {
        if (rows != null && rows.get(row)) {
            rows.clear(row);
            counted(row, -1);
            own().forEach(order -> order.remove(row));
        }
    }

    /// Orders that hold rows of their own: the others hear of changes from the orders of all users.
    private Stream<RankedRows> own() {
        return orders.values().stream().filter(RankedRows.class::isInstance).map(RankedRows.class::cast);
    }

    /// After changes: prepares the orders for concurrent reads.
    synchronized void settle() {
        own().forEach(RankedRows::settle);
    }

    /// It is not updated any more.
    synchronized void drop() {
        dropped = true;
        orders.values().forEach(order -> {
            if (order instanceof RankedPart part) {
                part.detach();
            }
        });
    }

    /// Its approximate size in memory, in bytes.
    synchronized long bytes() {
        return 500 + filter.text().map(text -> 2L * text.length()).orElse(0L) + (rows == null ? 0 : rows.size() / 8)
            + orders.values().stream().mapToLong(Ranking::bytes).sum();
    }
}
