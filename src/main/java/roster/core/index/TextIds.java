package roster.core.index;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/// Ids by texts that they are known by, of which only hashes are kept. An id that has a text is always found by it. One is
/// found by a text that it never had about once in a billion texts, and by a text that it has no longer until everything is
/// put into another one of these: so what is found is to be looked at.
///
/// Any number of threads may read it at once. One thread may change it while no other reads it; the owner takes care of that.
public final class TextIds {
    private static final int EMPTY = -1;

    /// The modulus of the hash. Who does not know the seed cannot choose texts whose hashes are alike.
    private static final long PRIME = (1L << 61) - 1;

    private final long seed;

    /// Open addressing: the hash in the upper half, the row of the id in the lower one.
    private long[] table = filled(16);
    private int used;

    /// Two numbers for each row.
    private long[] ids = new long[32];
    private int rows;
    private final IdTable byId = new IdTable(this::id);

    /// @param seed random
    public TextIds(long seed) {
        this.seed = Math.floorMod(seed, PRIME);
    }

    private static long[] filled(int length) {
        var table = new long[length];
        Arrays.fill(table, EMPTY);
        return table;
    }

    private UUID id(int row) {
        return new UUID(ids[2 * row], ids[2 * row + 1]);
    }

    /// Adds texts to those by which an id is found.
    public void put(UUID id, Collection<String> texts) {
        if (!texts.isEmpty()) {
            var row = row(id);
            texts.forEach(text -> put(hash(text), row));
        }
    }

    private int row(UUID id) {
        var known = byId.find(id);
        if (known >= 0) {
            return known;
        }
        if (2 * rows == ids.length) {
            ids = Arrays.copyOf(ids, 2 * ids.length);
        }
        ids[2 * rows] = id.getMostSignificantBits();
        ids[2 * rows + 1] = id.getLeastSignificantBits();
        byId.add(id, rows);
        return rows++;
    }

    private void put(int hash, int row) {
        var entry = (long) hash << Integer.SIZE | row;
        for (var at = slot(hash); table[at] != EMPTY; at = after(at)) {
            if (table[at] == entry) {
                return;
            }
        }
        if (3L * (used + 1) > 2L * table.length) {
            grow();
        }
        insert(entry);
        used++;
    }

    private void insert(long entry) {
        var at = slot(hash(entry));
        while (table[at] != EMPTY) {
            at = after(at);
        }
        table[at] = entry;
    }

    private void grow() {
        var old = table;
        table = filled(2 * old.length);
        for (var entry : old) {
            if (entry != EMPTY) {
                insert(entry);
            }
        }
    }

    private static int hash(long entry) {
        return (int) (entry >>> Integer.SIZE);
    }

    private int slot(int hash) {
        return hash & table.length - 1;
    }

    private int after(int slot) {
        return slot + 1 & table.length - 1;
    }

    /// The ids that are known by one of these texts, and rarely others.
    public Set<UUID> find(Collection<String> texts) {
        var found = new LinkedHashSet<UUID>();
        for (var text : texts) {
            var hash = hash(text);
            for (var at = slot(hash); table[at] != EMPTY; at = after(at)) {
                if (hash(table[at]) == hash) {
                    found.add(id((int) table[at]));
                }
            }
        }
        return found;
    }

    /// A polynomial in the seed, whose coefficients are the characters.
    private int hash(String text) {
        var sum = (long) text.length();
        for (var i = 0; i < text.length(); i++) {
            sum = product(sum, seed) + text.charAt(i);
        }
        return (int) (sum * 0x9E3779B97F4A7C15L >>> Integer.SIZE);
    }

    /// Modulo [#PRIME], but for a small multiple of it.
    private static long product(long one, long other) {
        var low = one * other;
        var sum = (low & PRIME) + (low >>> 61 | Math.multiplyHigh(one, other) << 3);
        return (sum & PRIME) + (sum >>> 61);
    }

    /// How many texts there are, each counted for each of its ids; those that ids have no longer, too.
    public int size() {
        return used;
    }

    /// Its approximate size in memory, in bytes.
    public long bytes() {
        return 8L * table.length + 8L * ids.length + byId.bytes();
    }
}
