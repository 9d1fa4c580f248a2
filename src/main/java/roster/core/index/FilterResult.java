package roster.core.index;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/// Whom a filter lets through, as rows and in those orders that were asked for; kept current row by row.
///
/// What is not there yet is looked for once, however many ask for it at a time.
final class FilterResult {
    private final UserFilter filter;
    private final Map<UserQuery.Sort, RankedRows> orders = new EnumMap<>(UserQuery.Sort.class);
    private BitSet rows;
    private int count;

    FilterResult(UserFilter filter) {
        this.filter = filter;
    }

    UserFilter filter() {
        return filter;
    }

    synchronized int count(Supplier<BitSet> search) {
        if (rows == null) {
            rows = search.get();
            count = rows.cardinality();
        }
        return count;
    }

    /// @param sorting of the rows that were found
    synchronized RankedRows order(UserQuery.Sort sort, Function<BitSet, RankedRows> sorting) {
        return orders.computeIfAbsent(sort, wanted -> sorting.apply(rows));
    }

    /// @param belongs whether the filter lets it through
    synchronized void add(int row, IntPredicate belongs) {
        if (rows != null && belongs.test(row)) {
            rows.set(row);
            count++;
            orders.values().forEach(order -> order.add(row));
        }
    }

    /// Before what is known of the row changes, as the orders go by it. Nothing happens if it is not among them.
    synchronized void remove(int row) {
        if (rows != null && rows.get(row)) {
            rows.clear(row);
            count--;
            orders.values().forEach(order -> order.remove(row));
        }
    }

    synchronized void settle() {
        orders.values().forEach(RankedRows::settle);
    }

    /// What it takes in memory, about.
    synchronized long bytes() {
        return 500 + filter.text().map(text -> 2L * text.length()).orElse(0L) + (rows == null ? 0 : rows.size() / 8)
            + orders.values().stream().mapToLong(RankedRows::bytes).sum();
    }
}
