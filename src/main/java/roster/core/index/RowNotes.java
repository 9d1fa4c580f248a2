package roster.core.index;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// What was made of the user in each row, such as JSON, kept beside the row: looking for it elsewhere would wait for memory
/// several times more.
///
/// Threads that read the index make notes; the thread that changes it erases those of what it changes; and any thread may
/// erase one at any time, to free memory.
final class RowNotes {
    /// Of a chunk. Chunks are not copied, as threads that erase a note know its chunk.
    private static final int ROWS = 1024;

    static final int JSON = 0;
    static final int TAGS = 1;
    private static final int KINDS = 2;
    private static final VarHandle NOTE = MethodHandles.arrayElementVarHandle(Object[].class);

    private Object[][] chunks = {new Object[16 * KINDS]};

    /// Makes room for so many rows, a power of two.
    void grow(int rows) {
        if (chunks.length == 1 && chunks[0].length < ROWS * KINDS) {
            chunks[0] = new Object[Math.min(rows, ROWS) * KINDS];
        }
        var before = chunks.length;
        chunks = Arrays.copyOf(chunks, Math.max(1, rows / ROWS));
        for (var i = before; i < chunks.length; i++) {
            chunks[i] = new Object[ROWS * KINDS];
        }
    }

    Object[] chunk(int row) {
        return chunks[row / ROWS];
    }

    /// Where in its chunk the notes of a row are.
    static int start(int row) {
        return row % ROWS * KINDS;
    }

    void erase(int row) {
        for (var kind = 0; kind < KINDS; kind++) {
            NOTE.setRelease(chunk(row), start(row) + kind, null);
        }
    }

    void eraseAll() {
        for (var chunk : chunks) {
            for (var i = 0; i < chunk.length; i++) {
                NOTE.setRelease(chunk, i, null);
            }
        }
    }

    static Object get(Object[] chunk, int at) {
        return NOTE.getAcquire(chunk, at);
    }

    /// Puts a note in the place of another one, or of none, if that is still there.
    static boolean replace(Object[] chunk, int at, Object old, Object note) {
        return NOTE.compareAndSet(chunk, at, old, note);
    }

    /// Its approximate size in memory, in bytes, without the notes themselves.
    static long bytes(int rows) {
        return 4L * KINDS * rows;
    }
}
