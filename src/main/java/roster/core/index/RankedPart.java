package roster.core.index;

import java.util.BitSet;
import java.util.function.IntConsumer;

/// Some of the rows of an order, in the same order: takes eight bytes for each block of the order, however many rows there
/// are. Made for parts that are not much smaller than the whole, as it looks at other rows, too.
///
/// The order tells it of changes, once it is attached to the order.
final class RankedPart implements Ranking {
    private final RankedRows order;
    private final BitSet rows;
    private final BlockCounts counts;

    /// @param rows which; the owner changes it before a row is added to the order, and after it is removed
    RankedPart(RankedRows order, BitSet rows) {
        this.order = order;
        this.rows = rows;
        this.counts = new BlockCounts(order.blocks());
        for (int block = 0; block < order.blocks(); block++) {
            inserted(block);
        }
        counts.settle();
    }

    /// From now on, the order tells it of changes.
    RankedPart attached() {
        order.attach(this);
        return this;
    }

    void detach() {
        order.detach(this);
    }

    void added(int row, int block) {
        counts.add(block, rows.get(row) ? 1 : 0);
    }

    void removed(int row, int block) {
        counts.add(block, rows.get(row) ? -1 : 0);
    }

    void inserted(int block) {
        counts.insert(block, counted(block, order.length(block)));
    }

    void removedBlock(int block) {
        counts.remove(block);
    }

    void settle() {
        counts.settle();
    }

    private int counted(int block, int upTo) {
        var counted = 0;
        for (int at = 0; at < upTo; at++) {
            counted += rows.get(order.row(block, at)) ? 1 : 0;
        }
        return counted;
    }

    @Override
    public int rank(Probe probe) {
        var block = order.blockOf(probe);
        return block == order.blocks() ? counts.all()
            : counts.before(block) + counted(block, order.search(block, probe));
    }

    @Override
    public void each(long from, int most, boolean backwards, IntConsumer consumer) {
        var all = counts.all();
        if (from >= all) {
            return;
        }
        var left = (int) Math.min(most, all - from);
        var rank = (int) (backwards ? all - 1 - from : from);
        var block = counts.blockOf(rank);
        var skipped = backwards ? counts.before(block) + counts.of(block) - 1 - rank : rank - counts.before(block);
        for (; left > 0; block += backwards ? -1 : 1) {
            var length = counts.of(block) == 0 ? 0 : order.length(block);
            for (int i = 0; i < length && left > 0; i++) {
                var row = order.row(block, backwards ? length - 1 - i : i);
                if (rows.get(row) && --skipped < 0) {
                    consumer.accept(row);
                    left--;
                }
            }
        }
    }

    @Override
    public long bytes() {
        return 60 + counts.bytes();
    }
}
