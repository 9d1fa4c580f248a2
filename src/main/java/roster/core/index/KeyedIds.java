package roster.core.index;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/// Ids in the order of keys: found by rank, and ranked by key, at a cost that hardly grows with their number. A key is bytes
/// that compare, unsigned, in that order; it ends with its id, so that no two are alike. For one thread at a time.
public final class KeyedIds {
    private static final int ID_BYTES = 2 * Long.BYTES;

    /// The size of an array's header and of a reference to it, in bytes.
    private static final int OBJECT = 24;

    private byte[][] keys;
    private final IdTable rows = new IdTable(row -> id(this.keys[row]));
    private final Deque<Integer> free = new ArrayDeque<>();
    private final RankedRows order;
    private int end;
    private long keyBytes;

    /// @param all no two with the same id
    public KeyedIds(Collection<byte[]> all) {
        keys = new byte[Math.max(16, all.size())][];
        all.forEach(this::insert);
        var unsorted = new int[end];
        Arrays.setAll(unsorted, row -> row);
        order = RankedRows.of(unsorted, this::compare, this::compare);
    }

    private int compare(int row, int other) {
        return Arrays.compareUnsigned(keys[row], keys[other]);
    }

    /// The id that a key ends with.
    public static UUID id(byte[] key) {
        var id = ByteBuffer.wrap(key, key.length - ID_BYTES, ID_BYTES);
        return new UUID(id.getLong(), id.getLong());
    }

    private int insert(byte[] key) {
        var row = free.isEmpty() ? newRow() : free.pop();
        keys[row] = key;
        keyBytes += key.length + OBJECT;
        rows.add(id(key), row);
        return row;
    }

    private int newRow() {
        if (end == keys.length) {
            keys = Arrays.copyOf(keys, end + end / 2);
        }
        return end++;
    }

    /// Adds an id, or gives it another key.
    public void put(byte[] key) {
        var known = rows.find(id(key));
        if (known < 0 || !Arrays.equals(keys[known], key)) {
            remove(id(key));
            order.add(insert(key));
        }
    }

    /// No-op if absent.
    public void remove(UUID id) {
        var row = rows.find(id);
        if (row >= 0) {
            order.remove(row);
            rows.remove(id);
            keyBytes -= keys[row].length + OBJECT;
            keys[row] = null;
            free.push(row);
        }
    }

    public int size() {
        return order.size();
    }

    /// How many come before a key, or have it.
    public int rank(byte[] key) {
        return order.rank(row -> Arrays.compareUnsigned(keys[row], key) <= 0 ? -1 : 1);
    }

    /// Keys in order.
    ///
    /// @param from how many come before them
    public List<byte[]> keys(long from, int most) {
        var found = new ArrayList<byte[]>();
        order.each(from, most, false, row -> found.add(keys[row]));
        return found;
    }

    /// Its approximate size in memory, in bytes.
    public long bytes() {
        return keyBytes + 4L * keys.length + rows.bytes() + order.bytes();
    }
}
