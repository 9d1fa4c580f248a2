package roster.core.index;

import java.util.Arrays;
import java.util.UUID;

/// From a user's id to his row: open addressing over ints, as a map of objects would take ten times the memory.
final class IdTable {
    private static final int EMPTY = -1;
    private static final int REMOVED = -2;

    /// Where a row's packed user is.
    @FunctionalInterface
    interface Rows {
        byte[] packed(int row);
    }

    private final Rows rows;
    private int[] table = filled(16);
    private int used;
    private int live;

    IdTable(Rows rows) {
        this.rows = rows;
    }

    private static int[] filled(int length) {
        var table = new int[length];
        Arrays.fill(table, EMPTY);
        return table;
    }

    /// @return the row, or -1
    int find(UUID id) {
        for (int at = place(id);; at = at + 1 & table.length - 1) {
            if (table[at] == EMPTY) {
                return -1;
            }
            if (table[at] >= 0 && UserCodec.id(rows.packed(table[at])).equals(id)) {
                return table[at];
            }
        }
    }

    /// @param row of an id that is not there
    void add(UUID id, int row) {
        if ((used + 1) * 2 > table.length) {
            grow();
        }
        insert(id, row);
        used++;
        live++;
    }

    private void insert(UUID id, int row) {
        var at = place(id);
        while (table[at] != EMPTY) {
            at = at + 1 & table.length - 1;
        }
        table[at] = row;
    }

    void remove(UUID id) {
        for (int at = place(id); table[at] != EMPTY; at = at + 1 & table.length - 1) {
            if (table[at] >= 0 && UserCodec.id(rows.packed(table[at])).equals(id)) {
                table[at] = REMOVED;
                live--;
                return;
            }
        }
    }

    private void grow() {
        var old = table;
        table = filled(Integer.highestOneBit(Math.max(8, live) * 4));
        used = live;
        for (var row : old) {
            if (row >= 0) {
                insert(UserCodec.id(rows.packed(row)), row);
            }
        }
    }

    private int place(UUID id) {
        // The low half of a version 7 id is random; spread the others' too.
        var mixed = (id.getLeastSignificantBits() ^ id.getMostSignificantBits()) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & table.length - 1;
    }

    /// What it takes in memory.
    long bytes() {
        return 4L * table.length;
    }
}
