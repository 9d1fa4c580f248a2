package roster.core.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/// The results of the filters that were used last, within a number of bytes. Their sizes are counted as they grow.
final class FilterCache {
    /// Each change updates each result: with more of them, writes would cost more than reads save.
    private static final int RESULTS_MAX = 64;

    private final Function<UserFilter, FilterResult> maker;
    private final Map<UserFilter, FilterResult> results = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<UserFilter, Long> sizes = new LinkedHashMap<>();
    private long bytes;

    /// @param maker makes a result to fill
    FilterCache(Function<UserFilter, FilterResult> maker) {
        this.maker = maker;
    }

    /// @return the cached result, or a new one to fill
    synchronized FilterResult get(UserFilter filter) {
        var found = results.computeIfAbsent(filter, maker);
        sizes.putIfAbsent(filter, 0L);
        return found;
    }

    /// Counts a result anew, as it may have grown, and drops those unused for longest while all are too large together.
    synchronized void grown(FilterResult result, long bytesMax) {
        if (results.get(result.filter()) == result) {
            count(result);
        }
        makeRoom(bytesMax);
    }

    private void makeRoom(long bytesMax) {
        var oldest = results.values().iterator();
        while (oldest.hasNext() && (bytes > bytesMax || results.size() > RESULTS_MAX)) {
            var result = oldest.next();
            result.drop();
            bytes -= sizes.remove(result.filter());
            oldest.remove();
        }
    }

    private void count(FilterResult result) {
        var now = result.bytes();
        bytes += now - sizes.put(result.filter(), now);
    }

    synchronized List<FilterResult> all() {
        return new ArrayList<>(results.values());
    }

    /// Drops the results of some filters.
    synchronized void forget(Predicate<UserFilter> which) {
        results.values().removeIf(result -> {
            if (which.test(result.filter())) {
                result.drop();
                bytes -= sizes.remove(result.filter());
                return true;
            }
            return false;
        });
    }

    /// After changes: prepares the results for concurrent reads and counts them anew.
    synchronized void settle(long bytesMax) {
        results.values().forEach(result -> {
            result.settle();
            count(result);
        });
        makeRoom(bytesMax);
    }

    /// The approximate size of all results in memory, in bytes.
    synchronized long bytes() {
        return bytes;
    }
}
