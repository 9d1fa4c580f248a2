package roster.core.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The text that users are searched and sorted by: the folded e-mail and name of each row, one after the other in one
/// array. A search scans the array once, eight bytes at a time, and compares the whole pattern where its first two bytes
/// and its last one match.
///
/// A changed row is written anew at the end of the array. The garbage that it leaves is removed when it is half of the
/// array.
final class SearchText {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    /// Ends each field. PostgreSQL stores no text that contains it, so no match crosses the end of a field.
    private static final byte END = 0;

    private static final byte AT = '@';

    /// Free space after all text, so that eight bytes can be read anywhere.
    private static final int SLACK = 8;

    /// The least text, in bytes, that a search gives a thread of its own.
    private static final int PART_MIN = 4 << 20;
    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    /// Free space at the end of the longest array, in bytes: more than the text of one user.
    private static final int FULL = 1 << 20;

    private byte[] bytes = new byte[1024];
    private int end;
    private int garbage;

    // For each row: the start of its e-mail, or -1 if there is no such row, the start of its name and the end of its name.
    private int[] emails = new int[16];
    private int[] names = new int[16];
    private int[] ends = new int[16];

    // Rows sorted by the place of their text: that of `owners[i]` starts at `starts[i]`. Includes garbage.
    private int[] owners = new int[16];
    private int[] starts = new int[16];
    private int written;

    SearchText() {
        Arrays.fill(emails, -1);
    }

    /// @param row must be absent
    void put(int row, byte[] email, byte[] name) {
        if (row >= emails.length) {
            var length = emails.length;
            emails = Arrays.copyOf(emails, Math.max(row + 1, length * 2));
            Arrays.fill(emails, length, emails.length, -1);
            names = Arrays.copyOf(names, emails.length);
            ends = Arrays.copyOf(ends, emails.length);
        }
        append(row, email, 0, email.length, name, 0, name.length);
    }

    private void append(int row, byte[] email, int emailFrom, int emailLength, byte[] name, int nameFrom,
        int nameLength) {
        var needed = Math.addExact(end, emailLength + nameLength + 2 + SLACK);
        if (needed > bytes.length) {
            bytes =
                Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 16, Math.max(needed, bytes.length * 3L / 2)));
        }
        if (written == owners.length) {
            owners = Arrays.copyOf(owners, written * 2);
            starts = Arrays.copyOf(starts, written * 2);
        }
        owners[written] = row;
        starts[written++] = end;
        emails[row] = end;
        System.arraycopy(email, emailFrom, bytes, end, emailLength);
        end += emailLength;
        bytes[end++] = END;
        names[row] = end;
        System.arraycopy(name, nameFrom, bytes, end, nameLength);
        end += nameLength;
        ends[row] = end;
        bytes[end++] = END;
    }

    void remove(int row) {
        garbage += ends[row] + 1 - emails[row];
        emails[row] = -1;
        if (garbage > 4096 && garbage > end / 2) {
            compact();
        }
    }

    private void compact() {
        var old = bytes;
        var oldOwners = owners;
        var oldStarts = starts;
        var entries = written;
        bytes = new byte[Math.max(1024, end - garbage + SLACK)];
        owners = new int[Math.max(16, entries / 2)];
        starts = new int[owners.length];
        end = 0;
        garbage = 0;
        written = 0;
        for (int i = 0; i < entries; i++) {
            var row = oldOwners[i];
            if (emails[row] == oldStarts[i]) {
                var email = emails[row];
                var name = names[row];
                append(row, old, email, name - 1 - email, old, name, ends[row] - name);
            }
        }
    }

    int compareEmails(int row, int other) {
        return Arrays.compareUnsigned(bytes, emails[row], names[row] - 1, bytes, emails[other], names[other] - 1);
    }

    int compareEmail(int row, byte[] email) {
        return Arrays.compareUnsigned(bytes, emails[row], names[row] - 1, email, 0, email.length);
    }

    byte[] email(int row) {
        return Arrays.copyOfRange(bytes, emails[row], names[row] - 1);
    }

    /// The folded name of a row, or its e-mail if it has no name.
    byte[] name(int row) {
        return Arrays.copyOfRange(bytes, nameFrom(row), nameTo(row));
    }

    /// Compares two rows by what [#name] gives.
    int compareNames(int row, int other) {
        return Arrays.compareUnsigned(bytes, nameFrom(row), nameTo(row), bytes, nameFrom(other), nameTo(other));
    }

    private int nameFrom(int row) {
        return names[row] == ends[row] ? emails[row] : names[row];
    }

    private int nameTo(int row) {
        return names[row] == ends[row] ? names[row] - 1 : ends[row];
    }

    /// The rows whose e-mail or name contains a pattern. Several threads search a long text.
    ///
    /// @param pattern folded, in UTF-8, not empty
    /// @param also a further condition, tested by several threads at once
    BitSet matching(byte[] pattern, IntPredicate also) {
        if (indexOf(pattern, END) >= 0) {
            return new BitSet();
        }
        var parts = Math.clamp(end / PART_MIN, 1, PROCESSORS);
        return IntStream.range(0, parts).parallel()
            .mapToObj(part -> matching(pattern, also, part(part, parts), part(part + 1, parts)))
            .reduce(SearchText::together).orElseThrow();
    }

    private int part(int number, int parts) {
        return (int) ((long) written * number / parts);
    }

    private static BitSet together(BitSet some, BitSet others) {
        some.or(others);
        return some;
    }

    private BitSet matching(byte[] pattern, IntPredicate also, int fromEntry, int toEntry) {
        var found = new BitSet(emails.length);
        var stop = (toEntry < written ? starts[toEntry] : end) - (pattern.length - 1); // no match begins there or later
        var entry = fromEntry;
        var at = fromEntry < written ? candidate(pattern, starts[fromEntry], stop) : stop;
        while (at < stop) {
            var place = at;
            var past = at + 8;
            while (place < past && !holdsAt(place, pattern)) {
                place++;
            }
            if (place < past && place < stop) {
                entry = entryAt(place, entry);
                var row = owners[entry];
                if (emails[row] == starts[entry] && also.test(row)) {
                    found.set(row);
                }
                past = entry + 1 < written ? starts[entry + 1] : stop; // one match in a row is enough
            }
            at = candidate(pattern, past, stop);
        }
        return found;
    }

    /// Finds the next eight places among which a match may begin: the pattern's first two bytes and its last one occur in
    /// the right distance. A search spends nearly all of its time here.
    ///
    /// @return the first of the eight places; `stop` or more if there are none
    private int candidate(byte[] pattern, int from, int stop) {
        var last = pattern.length - 1;
        var next = Math.min(1, last);
        var first = (pattern[0] & 0xFFL) * ONES;
        var second = (pattern[next] & 0xFFL) * ONES;
        var third = (pattern[last] & 0xFFL) * ONES;
        var text = bytes;
        for (int at = from; at < stop; at += 8) {
            // One branch for all three bytes: each alone is too frequent for the processor to predict a branch on it.
            var differs = (long) LONG.get(text, at) ^ first | (long) LONG.get(text, at + next) ^ second
                | (long) LONG.get(text, at + last) ^ third;
            if (((differs - ONES) & ~differs & HIGHS) != 0) { // some byte of it is 0
                return at;
            }
        }
        return stop;
    }

    /// Whether the e-mail or the name of a row contains a pattern.
    ///
    /// @param pattern as for [#matching]
    boolean holds(int row, byte[] pattern) {
        return holds(emails[row], ends[row], pattern);
    }

    /// Whether the e-mail of a row contains a pattern that [roster.model.Email#sought] made: without an `@`, whether its domain
    /// does.
    boolean emailHolds(int row, byte[] pattern) {
        var from = emails[row];
        if (indexOf(pattern, AT) < 0) {
            while (bytes[from] != AT && bytes[from] != END) {
                from++;
            }
        }
        return holds(from, names[row] - 1, pattern);
    }

    private boolean holds(int from, int to, byte[] pattern) {
        if (indexOf(pattern, END) >= 0) {
            return false;
        }
        for (int place = from; place + pattern.length <= to; place++) {
            if (holdsAt(place, pattern)) {
                return true;
            }
        }
        return false;
    }

    private boolean holdsAt(int place, byte[] pattern) {
        return place + pattern.length <= end
            && Arrays.equals(bytes, place, place + pattern.length, pattern, 0, pattern.length);
    }

    /// The entry whose text a place is in. Places come in ascending order, usually close to the previous one.
    ///
    /// @param from the entry of the previous place
    private int entryAt(int place, int from) {
        if (from + 1 == written || place < starts[from + 1]) {
            return from;
        }
        var step = 1;
        while (from + step < written && starts[from + step] <= place) {
            step *= 2;
        }
        var found = Arrays.binarySearch(starts, from, Math.min(written, from + step + 1), place);
        return found >= 0 ? found : -found - 2;
    }

    private static int indexOf(byte[] bytes, byte wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /// Whether the array is nearly as long as an array can be.
    boolean isFull() {
        return end > Integer.MAX_VALUE - FULL;
    }

    /// Its approximate size in memory, in bytes.
    long size() {
        return bytes.length + 4L * (emails.length + names.length + ends.length + owners.length + starts.length);
    }
}
