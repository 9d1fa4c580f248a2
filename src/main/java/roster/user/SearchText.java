package roster.user;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.IntConsumer;

/// What people are searched and sorted by, folded, one after the other in one array: for each row its e-mail and its
/// name. A search goes through the array once, eight bytes at a time, and looks closer where the first two bytes match.
///
/// A changed row is written anew at the end; what it leaves behind is cleared up when it is half of the array.
final class SearchText {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    /// Behind each field: no text that can be stored holds it, so that no match goes beyond a field.
    private static final byte END = 0;

    /// Behind all text, so that eight bytes may be read anywhere.
    private static final int SLACK = 8;

    /// Left free at the end of the longest array, in bytes: more than any user's text.
    private static final int FULL = 1 << 20;

    private byte[] bytes = new byte[1024];
    private int end;
    private int garbage;

    // For each row: where its e-mail starts, where its name starts, and where the name ends. -1: no such row.
    private int[] emails = new int[16];
    private int[] names = new int[16];
    private int[] ends = new int[16];

    // Rows by the place of their text: `owners[i]` begins at `starts[i]`. Rows that moved on are still in it.
    private int[] owners = new int[16];
    private int[] starts = new int[16];
    private int written;

    SearchText() {
        Arrays.fill(emails, -1);
    }

    /// @param row not there yet
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

    /// Folded; of a row without one its e-mail.
    byte[] name(int row) {
        return Arrays.copyOfRange(bytes, nameFrom(row), nameTo(row));
    }

    /// By name; a row without one by its e-mail in place of the name.
    int compareNames(int row, int other) {
        return Arrays.compareUnsigned(bytes, nameFrom(row), nameTo(row), bytes, nameFrom(other), nameTo(other));
    }

    private int nameFrom(int row) {
        return names[row] == ends[row] ? emails[row] : names[row];
    }

    private int nameTo(int row) {
        return names[row] == ends[row] ? names[row] - 1 : ends[row];
    }

    /// Hands out each row whose e-mail or name holds the pattern, once, in no particular order.
    ///
    /// @param pattern folded, UTF-8, not empty
    void matching(byte[] pattern, IntConsumer taker) {
        if (indexOf(pattern, END) >= 0) {
            return;
        }
        var first = (pattern[0] & 0xFFL) * ONES;
        var second = (pattern[pattern.length > 1 ? 1 : 0] & 0xFFL) * ONES;
        var shift = pattern.length > 1 ? 1 : 0;
        var entry = 0;
        var skipTo = 0;
        for (int at = 0; at < end; at += 8) {
            var hits = zeros((long) LONG.get(bytes, at) ^ first);
            if (hits != 0 && shift == 1 && at + 1 + 8 <= bytes.length) {
                hits &= zeros((long) LONG.get(bytes, at + 1) ^ second);
            }
            for (; hits != 0; hits &= hits - 1) {
                var place = at + (Long.numberOfTrailingZeros(hits) >>> 3);
                if (place < skipTo || place >= end || !holdsAt(place, pattern)) {
                    continue;
                }
                entry = entryAt(place, entry);
                if (emails[owners[entry]] == starts[entry]) {
                    taker.accept(owners[entry]);
                }
                skipTo = entry + 1 < written ? starts[entry + 1] : end;
            }
        }
    }

    /// Whether the e-mail or the name of a row holds the pattern.
    ///
    /// @param pattern as for [#matching]
    boolean holds(int row, byte[] pattern) {
        if (indexOf(pattern, END) >= 0) {
            return false;
        }
        for (int place = emails[row]; place + pattern.length <= ends[row]; place++) {
            if (holdsAt(place, pattern)) {
                return true;
            }
        }
        return false;
    }

    /// The high bit of each byte that is 0; never misses one, and may name a byte above one too.
    private static long zeros(long word) {
        return (word - ONES) & ~word & HIGHS;
    }

    private boolean holdsAt(int place, byte[] pattern) {
        return place + pattern.length <= end
            && Arrays.equals(bytes, place, place + pattern.length, pattern, 0, pattern.length);
    }

    /// The entry whose text a place is in; places come in ascending order, mostly near the one before.
    private int entryAt(int place, int from) {
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

    /// Whether the array is about as long as an array can be.
    boolean isFull() {
        return end > Integer.MAX_VALUE - FULL;
    }

    /// Bytes that this takes in memory, about.
    long size() {
        return bytes.length + 4L * (emails.length + names.length + ends.length + owners.length + starts.length);
    }
}
