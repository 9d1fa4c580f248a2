package roster.core.index;

import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/// Rows of an index in one order. Finds the row at a rank and the rank of a key, and takes changes one by one.
///
/// Rows are ints, in blocks of at most [#BLOCK_MAX]. So a change moves a few thousand ints at most, however long the list
/// is. Ranks are computed from the running sums of the blocks' lengths.
final class RankedRows {
    /// Compares two rows. Never 0 for different rows.
    @FunctionalInterface
    interface Comparison {
        int compare(int row, int other);
    }

    /// Compares a row with a key: negative if the row comes first.
    @FunctionalInterface
    interface Probe {
        int compare(int row);
    }

    private static final int BLOCK_MAX = 2048;
    private static final int BLOCK_NEW = 1024;

    /// Free space in a new block, in rows, so that the first addition does not copy it.
    private static final int SPARE = 16;

    private final Comparison comparison;
    private int[][] blocks = new int[4][];
    private int[] lengths = new int[4];
    private int[] before = new int[5]; // rows in earlier blocks; valid up to `summed`
    private int count; // of blocks
    private int summed;
    private long capacity; // of all blocks together

    RankedRows(Comparison comparison) {
        this.comparison = comparison;
    }

    /// @param rows in any order; not to be used by the caller afterwards
    /// @param quick gives the same result as the comparison, maybe faster for many rows
    static RankedRows of(int[] rows, Comparison comparison, Comparison quick) {
        sort(rows, new int[rows.length], 0, rows.length, quick);
        return ofSorted(rows, rows.length, comparison);
    }

    /// @param rows the first `length` of them, already in this order
    static RankedRows ofSorted(int[] rows, int length, Comparison comparison) {
        var order = new RankedRows(comparison);
        var blocks = (length + BLOCK_NEW - 1) / BLOCK_NEW;
        order.blocks = new int[Math.max(4, blocks)][];
        order.lengths = new int[order.blocks.length];
        order.before = new int[order.blocks.length + 1];
        for (int from = 0; from < length; from += BLOCK_NEW) {
            order.insertBlock(order.count, rows, from, Math.min(length, from + BLOCK_NEW));
        }
        order.settle();
        return order;
    }

    /// Completes changes: until the next change, any number of threads may read at once.
    void settle() {
        sums(count);
    }

    /// A merge sort, as comparisons cost more than moves here. The JDK cannot sort ints by a comparison.
    private static void sort(int[] rows, int[] spare, int from, int to, Comparison comparison) {
        if (to - from < 8) {
            for (int i = from + 1; i < to; i++) {
                var row = rows[i];
                var j = i;
                for (; j > from && comparison.compare(rows[j - 1], row) > 0; j--) {
                    rows[j] = rows[j - 1];
                }
                rows[j] = row;
            }
            return;
        }
        var middle = (from + to) >>> 1;
        sort(rows, spare, from, middle, comparison);
        sort(rows, spare, middle, to, comparison);
        if (comparison.compare(rows[middle - 1], rows[middle]) <= 0) {
            return;
        }
        System.arraycopy(rows, from, spare, from, middle - from);
        for (int left = from, right = middle, out = from; left < middle; out++) {
            rows[out] = right < to && comparison.compare(rows[right], spare[left]) < 0 ? rows[right++] : spare[left++];
        }
    }

    /// Some of the rows, in the same order.
    ///
    /// @param some in any order; not to be used by the caller afterwards
    RankedRows among(int[] some) {
        return of(some, comparison, comparison);
    }

    /// The rows that pass a test, in the same order.
    ///
    /// @param most at least the number of rows that pass
    RankedRows among(int most, IntPredicate test) {
        var chosen = new int[most];
        var length = 0;
        for (int block = 0; block < count; block++) {
            for (int at = 0; at < lengths[block]; at++) {
                var row = blocks[block][at];
                if (test.test(row)) {
                    chosen[length++] = row;
                }
            }
        }
        return ofSorted(chosen, length, comparison);
    }

    int size() {
        return count == 0 ? 0 : sums(count)[count];
    }

    /// @throws IllegalStateException if the row is present
    void add(int row) {
        if (count == 0) {
            insertBlock(0, new int[0], 0, 0);
        }
        var block = blockOf(row);
        var at = search(blocks[block], lengths[block], other -> comparison.compare(other, row));
        if (at < lengths[block] && blocks[block][at] == row) {
            throw new IllegalStateException("row " + row + " is in the order already");
        }
        if (lengths[block] == blocks[block].length) {
            var larger = Math.min(BLOCK_MAX, lengths[block] + lengths[block] / 4 + SPARE);
            capacity += larger - lengths[block];
            blocks[block] = Arrays.copyOf(blocks[block], larger);
        }
        System.arraycopy(blocks[block], at, blocks[block], at + 1, lengths[block] - at);
        blocks[block][at] = row;
        lengths[block]++;
        summed = Math.min(summed, block);
        if (lengths[block] == BLOCK_MAX) {
            split(block);
        }
    }

    /// @throws IllegalStateException if the row is absent, or its key changed since it was added
    void remove(int row) {
        var block = count == 0 ? 0 : blockOf(row);
        var at = count == 0 ? 0 : search(blocks[block], lengths[block], other -> comparison.compare(other, row));
        if (count == 0 || at == lengths[block] || blocks[block][at] != row) {
            throw new IllegalStateException("row " + row + " is not in the order");
        }
        System.arraycopy(blocks[block], at + 1, blocks[block], at, lengths[block] - at - 1);
        lengths[block]--;
        summed = Math.min(summed, block);
        if (lengths[block] == 0) {
            removeBlock(block);
        }
    }

    /// The number of rows before a key.
    int rank(Probe probe) {
        if (count == 0) {
            return 0;
        }
        var low = 0;
        var high = count;
        while (low < high) { // the first block whose last row does not come before the key
            var middle = (low + high) >>> 1;
            if (probe.compare(blocks[middle][lengths[middle] - 1]) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == count ? size() : sums(low)[low] + search(blocks[low], lengths[low], probe);
    }

    /// Passes rows to a consumer, in order from a rank on, or, with ranks counted from the end, in reverse order.
    void each(long from, int most, boolean backwards, IntConsumer consumer) {
        var size = size();
        if (from >= size) {
            return;
        }
        var first = (int) from;
        var last = (int) Math.min(size, from + most);
        for (int rank = first; rank < last;) {
            var wanted = backwards ? size - 1 - rank : rank;
            var sums = sums(count);
            var found = Arrays.binarySearch(sums, 0, count, wanted);
            var block = found >= 0 ? found : -found - 2;
            var at = wanted - sums[block];
            if (backwards) {
                for (; at >= 0 && rank < last; at--, rank++) {
                    consumer.accept(blocks[block][at]);
                }
            } else {
                for (; at < lengths[block] && rank < last; at++, rank++) {
                    consumer.accept(blocks[block][at]);
                }
            }
        }
    }

    /// Passes those rows to a consumer that pass a test, without the first ones, in order or in reverse order. Looks at every
    /// row until it has enough.
    ///
    /// @param skipped how many to leave out
    void eachOf(IntPredicate test, long skipped, int most, boolean backwards, IntConsumer consumer) {
        var left = skipped;
        var wanted = most;
        for (int i = 0; i < count; i++) {
            var block = backwards ? count - 1 - i : i;
            for (int j = 0; j < lengths[block]; j++) {
                var row = blocks[block][backwards ? lengths[block] - 1 - j : j];
                if (test.test(row) && --left < 0) {
                    consumer.accept(row);
                    if (--wanted == 0) {
                        return;
                    }
                }
            }
        }
    }

    private int blockOf(int row) {
        var low = 0;
        var high = count - 1;
        while (low < high) { // the last block whose first row does not come after
            var middle = (low + high + 1) >>> 1;
            if (comparison.compare(blocks[middle][0], row) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /// The number of rows of a block before a key.
    static int search(int[] block, int length, Probe probe) {
        var low = 0;
        var high = length;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (probe.compare(block[middle]) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int[] sums(int upTo) {
        for (; summed < upTo; summed++) {
            before[summed + 1] = before[summed] + lengths[summed];
        }
        return before;
    }

    private void split(int block) {
        var half = lengths[block] / 2;
        var whole = blocks[block];
        var length = lengths[block];
        removeBlock(block);
        insertBlock(block, whole, half, length);
        insertBlock(block, whole, 0, half);
    }

    /// Inserts a block with the rows of a part of an array.
    private void insertBlock(int at, int[] rows, int from, int to) {
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
            before = Arrays.copyOf(before, count * 2 + 1);
        }
        System.arraycopy(blocks, at, blocks, at + 1, count - at);
        System.arraycopy(lengths, at, lengths, at + 1, count - at);
        blocks[at] = new int[to - from + SPARE];
        System.arraycopy(rows, from, blocks[at], 0, to - from);
        lengths[at] = to - from;
        capacity += blocks[at].length;
        count++;
        summed = Math.min(summed, at);
    }

    private void removeBlock(int at) {
        capacity -= blocks[at].length;
        System.arraycopy(blocks, at + 1, blocks, at, count - at - 1);
        System.arraycopy(lengths, at + 1, lengths, at, count - at - 1);
        blocks[--count] = null;
        summed = Math.min(summed, at);
    }

    /// Its approximate size in memory, in bytes.
    long bytes() {
        return 200 + 4 * capacity + 32L * blocks.length;
    }
}
