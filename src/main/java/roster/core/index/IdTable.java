package roster.core.index;

import java.util.Arrays;
import java.util.UUID;

/// Maps ids to rows. Open addressing over ints: a map of objects would take ten times the memory.
final class IdTable {
    private static final int EMPTY = -1;
    private static final int REMOVED = -2;

    /// Returns the id of a row.
    @FunctionalInterface
    interface Ids {
        UUID of(int row);
    }

    private final Ids ids;
    private int[] table = filled(16);
    private int used; // slots that are not EMPTY
    private int live; // slots that hold a row

    IdTable(Ids ids) {
        this.ids = ids;
    }

    private static int[] filled(int length) {
        var table = new int[length];
        Arrays.fill(table, EMPTY);
        return table;
    }

    /// @return the row, or -1 if absent
    int find(UUID id) {
        for (int at = slot(id);; at = at + 1 & table.length - 1) {
            if (table[at] == EMPTY) {
                return -1;
            }
            if (table[at] >= 0 && ids.of(table[at]).equals(id)) {
                return table[at];
            }
        }
    }

    /// @param id must be absent
    void add(UUID id, int row) {
        if ((used + 1) * 2 > table.length) {
            grow();
        }
        insert(id, row);
        used++;
        live++;
    }

    private void insert(UUID id, int row) {
        var at = slot(id);
        while (table[at] != EMPTY) {
            at = at + 1 & table.length - 1;
        }
        table[at] = row;
    }

    /// No-op if absent. The row must still have the id.
    void remove(UUID id) {
        for (int at = slot(id); table[at] != EMPTY; at = at + 1 & table.length - 1) {
            if (table[at] >= 0 && ids.of(table[at]).equals(id)) {
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
                insert(ids.of(row), row);
            }
        }
    }

    private int slot(UUID id) {
        // The low half of a version 7 id is random; spread that of other versions too.
        var mixed = (id.getLeastSignificantBits() ^ id.getMostSignificantBits()) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & table.length - 1;
    }

    /// Its size in memory, in bytes.
    long bytes() {
        return 4L * table.length;
    }
}
