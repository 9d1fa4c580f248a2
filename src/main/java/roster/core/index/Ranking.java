package roster.core.index;

import java.util.function.IntConsumer;

/// Rows in one order, by rank.
interface Ranking {
    /// Compares a row with a key: negative if the row comes first.
    @FunctionalInterface
    interface Probe {
        int compare(int row);
    }

    /// The number of rows before a key.
    int rank(Probe probe);

    /// Passes rows to a consumer, in order from a rank on, or, with ranks counted from the end, in reverse order.
    void each(long from, int most, boolean backwards, IntConsumer consumer);

    /// Its approximate size in memory, in bytes.
    long bytes();
}
