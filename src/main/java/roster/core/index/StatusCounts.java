package roster.core.index;

import java.util.EnumMap;
import java.util.Map;
import roster.model.User.Status;

/// How many users there are of each status.
final class StatusCounts {
    private final int[] counts = new int[Status.values().length];

    void add(Status status, int more) {
        counts[status.ordinal()] += more;
    }

    /// Both together.
    StatusCounts with(StatusCounts others) {
        var sum = new StatusCounts();
        for (var status : Status.values()) {
            sum.add(status, counts[status.ordinal()] + others.counts[status.ordinal()]);
        }
        return sum;
    }

    int all() {
        var all = 0;
        for (var count : counts) {
            all += count;
        }
        return all;
    }

    /// By status; every status is there.
    Map<Status, Long> byStatus() {
        var shown = new EnumMap<Status, Long>(Status.class);
        for (var status : Status.values()) {
            shown.put(status, (long) counts[status.ordinal()]);
        }
        return shown;
    }
}
