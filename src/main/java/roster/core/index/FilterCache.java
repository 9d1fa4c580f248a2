package roster.core.index;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The outcomes of the filters that were used last. They are counted as they grow, and stay within a number of bytes.
final class FilterCache {
    /// Each is brought up to date with each change: more of them would make writes dearer than they save.
    private static final int KEPT_MAX = 64;

    private final Map<UserFilter, FilterResult> kept = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<UserFilter, Long> sizes = new LinkedHashMap<>();
    private long bytes;

    /// @return what is kept; if nothing is, something to be filled
    synchronized FilterResult get(UserFilter filter) {
        var found = kept.computeIfAbsent(filter, FilterResult::new);
        sizes.putIfAbsent(filter, 0L);
        return found;
    }

    /// Counts it anew, as it may have grown, and forgets those unused for longest while all are too large.
    synchronized void grown(FilterResult matches, long bytesMax) {
        if (kept.get(matches.filter()) == matches) {
            count(matches);
        }
        makeRoom(bytesMax);
    }

    private void makeRoom(long bytesMax) {
        var oldest = kept.keySet().iterator();
        while (oldest.hasNext() && (bytes > bytesMax || kept.size() > KEPT_MAX)) {
            bytes -= sizes.remove(oldest.next());
            oldest.remove();
        }
    }

    private void count(FilterResult matches) {
        var now = matches.bytes();
        bytes += now - sizes.put(matches.filter(), now);
    }

    synchronized List<FilterResult> all() {
        return new ArrayList<>(kept.values());
    }

    synchronized void forget(Predicate<UserFilter> which) {
        kept.keySet().removeIf(filter -> {
            if (which.test(filter)) {
                bytes -= sizes.remove(filter);
                return true;
            }
            return false;
        });
    }

    /// After changes: the orders are ready to be read by many again, and counted.
    synchronized void settle(long bytesMax) {
        kept.values().forEach(matches -> {
            matches.settle();
            count(matches);
        });
        makeRoom(bytesMax);
    }

    synchronized long bytes() {
        return bytes;
    }
}
