package roster.core.index;

import java.util.Arrays;

/// How many rows are counted in each block of an order, and in all blocks before it.
final class BlockCounts {
    private int[] counts;
    private int[] before; // valid up to `summed`
    private int size; // number of blocks
    private int summed;

    /// @param room for so many blocks at first
    BlockCounts(int room) {
        counts = new int[Math.max(4, room)];
        before = new int[counts.length + 1];
    }

    int of(int block) {
        return counts[block];
    }

    void add(int block, int more) {
        counts[block] += more;
        summed = Math.min(summed, block);
    }

    /// Inserts a block in front of the one at a place.
    void insert(int at, int count) {
        if (size == counts.length) {
            counts = Arrays.copyOf(counts, size * 2);
            before = Arrays.copyOf(before, size * 2 + 1);
        }
        System.arraycopy(counts, at, counts, at + 1, size - at);
        counts[at] = count;
        size++;
        summed = Math.min(summed, at);
    }

    void remove(int at) {
        System.arraycopy(counts, at + 1, counts, at, size - at - 1);
        size--;
        summed = Math.min(summed, at);
    }

    /// Completes changes: until the next change, any number of threads may read at once.
    void settle() {
        for (; summed < size; summed++) {
            before[summed + 1] = before[summed] + counts[summed];
        }
    }

    /// How many rows are counted in all blocks before one.
    int before(int block) {
        settle();
        return before[block];
    }

    int all() {
        return before(size);
    }

    /// The block of the row that comes after so many others.
    ///
    /// @param rank less than [#all]
    int blockOf(int rank) {
        settle();
        var low = 0;
        var high = size - 1;
        while (low < high) { // the first block that ends after the row; blocks may be empty
            var middle = (low + high) >>> 1;
            if (before[middle + 1] <= rank) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Its approximate size in memory, in bytes.
    long bytes() {
        return 60 + 8L * counts.length;
    }
}
