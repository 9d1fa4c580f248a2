package roster.core.index;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;

/// Rows of an index in one order. Finds the row at a rank and the rank of a key, and takes changes one by one.
///
/// Rows are ints, in blocks of at most [#BLOCK_MAX]. So a change moves a few thousand ints at most, however long the list
/// is. Ranks are computed from the running sums of the blocks' lengths.
final class RankedRows implements Ranking {
    /// Compares two rows. Never 0 for different rows.
    @FunctionalInterface
    interface Comparison {
        int compare(int row, int other);
    }

    private static final int BLOCK_MAX = 2048;
    private static final int BLOCK_NEW = 1024;

    /// Free space in a new block, in rows, so that the first addition does not copy it.
    private static final int SPARE = 16;

    private final Comparison comparison;
    private final BlockCounts lengths;
    private final List<RankedPart> parts = new CopyOnWriteArrayList<>();
    private int[][] blocks;
    private int count; // of blocks
    private long capacity; // of all blocks together

    /// @param room for so many blocks at first
    private RankedRows(Comparison comparison, int room) {
        this.comparison = comparison;
        this.lengths = new BlockCounts(room);
        this.blocks = new int[Math.max(4, room)][];
    }

    /// @param rows in any order; not to be used by the caller afterwards
    /// @param quick gives the same result as the comparison, maybe faster for many rows
    static RankedRows of(int[] rows, Comparison comparison, Comparison quick) {
        sort(rows, new int[rows.length], 0, rows.length, quick);
        return ofSorted(rows, rows.length, comparison);
    }

    /// @param rows the first `length` of them, already in this order
    static RankedRows ofSorted(int[] rows, int length, Comparison comparison) {
        var order = new RankedRows(comparison, (length + BLOCK_NEW - 1) / BLOCK_NEW);
        for (int from = 0; from < length; from += BLOCK_NEW) {
            order.insertBlock(order.count, rows, from, Math.min(length, from + BLOCK_NEW));
        }
        order.settle();
        return order;
    }

    /// Completes changes: until the next change, any number of threads may read at once.
    void settle() {
        lengths.settle();
        parts.forEach(RankedPart::settle);
    }

    /// From now on, a part is told of changes.
    void attach(RankedPart part) {
        parts.add(part);
    }

    void detach(RankedPart part) {
        parts.remove(part);
    }

    /// The number of blocks.
    int blocks() {
        return count;
    }

    int length(int block) {
        return lengths.of(block);
    }

    int row(int block, int at) {
        return blocks[block][at];
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

    int size() {
        return lengths.all();
    }

    /// @throws IllegalStateException if the row is present
    void add(int row) {
        if (count == 0) {
            insertBlock(0, new int[0], 0, 0);
        }
        var block = blockOf(row);
        var length = lengths.of(block);
        var at = search(block, other -> comparison.compare(other, row));
        if (at < length && blocks[block][at] == row) {
            throw new IllegalStateException("row " + row + " is in the order already");
        }
        if (length == blocks[block].length) {
            var larger = Math.min(BLOCK_MAX, length + length / 4 + SPARE);
            capacity += larger - length;
            blocks[block] = Arrays.copyOf(blocks[block], larger);
        }
        System.arraycopy(blocks[block], at, blocks[block], at + 1, length - at);
        blocks[block][at] = row;
        lengths.add(block, 1);
        for (var part : parts) {
            part.added(row, block);
        }
        if (length + 1 == BLOCK_MAX) {
            split(block);
        }
    }

    /// @throws IllegalStateException if the row is absent, or its key changed since it was added
    void remove(int row) {
        var block = count == 0 ? 0 : blockOf(row);
        var length = count == 0 ? 0 : lengths.of(block);
        var at = count == 0 ? 0 : search(block, other -> comparison.compare(other, row));
        if (at == length || blocks[block][at] != row) {
            throw new IllegalStateException("row " + row + " is not in the order");
        }
        System.arraycopy(blocks[block], at + 1, blocks[block], at, length - at - 1);
        lengths.add(block, -1);
        for (var part : parts) {
            part.removed(row, block);
        }
        if (length == 1) {
            removeBlock(block);
        }
    }

    @Override
    public int rank(Probe probe) {
        var block = blockOf(probe);
        return block == count ? size() : lengths.before(block) + search(block, probe);
    }

    /// The first block whose last row does not come before a key; the number of blocks if there is none.
    int blockOf(Probe probe) {
        var low = 0;
        var high = count;
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (probe.compare(blocks[middle][lengths.of(middle) - 1]) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public void each(long from, int most, boolean backwards, IntConsumer consumer) {
        var size = size();
        if (from >= size) {
            return;
        }
        var last = (int) Math.min(size, from + most);
        for (int rank = (int) from; rank < last;) {
            var wanted = backwards ? size - 1 - rank : rank;
            var block = lengths.blockOf(wanted);
            var at = wanted - lengths.before(block);
            if (backwards) {
                for (; at >= 0 && rank < last; at--, rank++) {
                    consumer.accept(blocks[block][at]);
                }
            } else {
                for (; at < lengths.of(block) && rank < last; at++, rank++) {
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
            var length = lengths.of(block);
            for (int j = 0; j < length; j++) {
                var row = blocks[block][backwards ? length - 1 - j : j];
                if (test.test(row) && --left < 0) {
                    consumer.accept(row);
                    if (--wanted == 0) {
                        return;
                    }
                }
            }
        }
    }

    /// Some of those rows that pass a test, in order or in reverse order.
    ///
    /// @param skipped how many of them to leave out first
    /// @param length how many to find; so many pass the test after those
    /// @param looked at how many rows to look, at most
    /// @return nothing if they are not among those
    Optional<int[]> some(IntPredicate test, int skipped, int length, boolean backwards, int looked) {
        var found = new int[length];
        var passed = -skipped;
        var left = looked;
        for (int i = 0; i < count && left > 0; i++) {
            var block = backwards ? count - 1 - i : i;
            var rows = lengths.of(block);
            for (int j = 0; j < rows && left > 0; j++, left--) {
                var row = blocks[block][backwards ? rows - 1 - j : j];
                if (test.test(row) && passed++ >= 0) {
                    found[passed - 1] = row;
                    if (passed == length) {
                        return Optional.of(found);
                    }
                }
            }
        }
        return Optional.empty();
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
    int search(int block, Probe probe) {
        var rows = blocks[block];
        var low = 0;
        var high = lengths.of(block);
        while (low < high) {
            var middle = (low + high) >>> 1;
            if (probe.compare(rows[middle]) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void split(int block) {
        var whole = blocks[block];
        var length = lengths.of(block);
        var half = length / 2;
        removeBlock(block);
        insertBlock(block, whole, half, length);
        insertBlock(block, whole, 0, half);
    }

    /// Inserts a block with the rows of a part of an array.
    private void insertBlock(int at, int[] rows, int from, int to) {
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, count * 2);
        }
        System.arraycopy(blocks, at, blocks, at + 1, count - at);
        blocks[at] = new int[to - from + SPARE];
        System.arraycopy(rows, from, blocks[at], 0, to - from);
        capacity += blocks[at].length;
        count++;
        lengths.insert(at, to - from);
        for (var part : parts) {
            part.inserted(at);
        }
    }

    private void removeBlock(int at) {
        capacity -= blocks[at].length;
        System.arraycopy(blocks, at + 1, blocks, at, count - at - 1);
        blocks[--count] = null;
        lengths.remove(at);
        for (var part : parts) {
            part.removedBlock(at);
        }
    }

    @Override
    public long bytes() {
        return 200 + 4 * capacity + 8L * blocks.length + lengths.bytes();
    }
}
