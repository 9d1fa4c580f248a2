package roster.base.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import roster.base.fair.Turns;
import roster.base.json.Json;
import roster.model.Problem;
import roster.model.Refused;

/// The body of one request: how it is read, and what becomes of it if it is not read.
///
/// The library's own reader accepts more than the standard allows as the line before a chunk, and cannot tell a chunk that is
/// too large from a malformed one. Whatever does not follow RFC 9112, section 7.1, exactly is refused.
final class Body {
    /// An unread body up to this size is discarded to keep the connection; a longer one closes it.
    private static final int SKIPPED_BYTES_MAX = 64 << 10;

    private static final int CHUNK_LINE_BYTES_MAX = 256;
    private static final int TRAILER_BYTES_MAX = 8 << 10;
    private static final int SIZE_DIGITS_MAX = 15;

    /// Of memory, in a tree of JSON.
    private static final int VALUE_BYTES = 100;

    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final Framing framing;
    private volatile int bytesMax;

    /// Of the caller: what [#read()] has come to.
    private volatile byte[] bytes;
    private volatile boolean broken;
    private volatile boolean over;

    /// Of the event loop: what has arrived.
    private final CompletableFuture<byte[]> arrived = new CompletableFuture<>();
    private byte[] all = NOTHING;
    private int read;
    private int values;
    private Part part;
    private long left;
    private int digits;
    private int lineBytes;
    private boolean colon;

    /// What the next byte is part of.
    private enum Part {
        DATA, SIZE, EXTENSION, SIZE_END, CHUNK_RETURN, CHUNK_END, TRAILER_START, TRAILER, TRAILER_END, END
    }

    /// @param bytesMax size in bytes, without the framing of chunks, beyond which it is refused; [#read(int)] may have another
    Body(Connection connection, Framing framing, int bytesMax) {
        this.connection = connection;
        this.framing = framing;
        this.bytesMax = bytesMax;
        this.bytes = framing.length() == 0 ? NOTHING : null;
        this.part = isChunked() ? Part.SIZE : Part.DATA;
        this.left = isChunked() ? 0 : framing.length();
    }

    private boolean isChunked() {
        return framing.length() == Framing.CHUNKED;
    }

    boolean sent() {
        return framing.length() != 0;
    }

    /// Whether there is nothing to wait for.
    boolean isRead() {
        return bytes != null;
    }

    /// What is read, and answered, is counted among the bytes of an organisation. Called before that, by the thread that runs
    /// the handler.
    void belongsTo(Object organisation) {
        connection.held().belongsTo(organisation);
    }

    /// Waits for the whole body. Called by the thread that runs the handler.
    ///
    /// @see Request#body()
    byte[] read() {
        return read(bytesMax);
    }

    /// @param most size in bytes beyond which it is refused, if possible before any of it is read
    byte[] read(int most) {
        if (bytes != null) {
            return bytes;
        }
        bytesMax = most;
        if (over) {
            throw new IllegalStateException("The next request may be on the wire by now");
        }
        if (broken) {
            throw new Refused(new Problem.BadRequest());
        }
        broken = true; // until all of it has arrived
        if (framing.encoded()) {
            throw new Refused(new Problem.Encoded());
        }
        if (framing.length() > bytesMax) {
            throw new Refused(new Problem.TooLarge());
        }
        Turns.end();
        connection.receive(framing.asksFirst());
        try {
            bytes = arrived.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Refused refused ? new Refused(refused.problem()) : e;
        }
        broken = false;
        return bytes;
    }

    /// Ends the wait of [#read()].
    void fail(Problem problem) {
        arrived.completeExceptionally(new Refused(problem));
    }

    /// Whether the connection can carry another request after [#skip].
    boolean leavesConnectionUsable() {
        return bytes != null
            || !broken && !framing.asksFirst() && !isChunked() && framing.length() <= SKIPPED_BYTES_MAX;
    }

    /// From now on, the body can no longer be read.
    void close() {
        over = true;
    }

    /// Takes what belongs to the body.
    ///
    /// @return whether it is complete
    /// @throws Refused with `TooLarge`, `BadRequest` or `Unavailable`, also at [#read()]
    boolean take(ByteBuf in) {
        try {
            while (in.isReadable()) {
                if (part == Part.DATA ? takeData(in) : takeByte((char) (in.readByte() & 0xff))) {
                    arrived.complete(read == all.length ? all : Arrays.copyOf(all, read));
                    return true;
                }
            }
            return false;
        } catch (Refused e) {
            fail(e.problem());
            throw e;
        }
    }

    /// Discards what belongs to an unread body of known length.
    ///
    /// @return whether it is complete
    boolean skip(ByteBuf in) {
        if (bytes == null) {
            var some = (int) Math.min(left, in.readableBytes());
            in.skipBytes(some);
            left -= some;
            return left == 0;
        }
        return true;
    }

    private boolean takeData(ByteBuf in) {
        var some = (int) Math.min(left, in.readableBytes());
        if (read + some > all.length) {
            // Grows with what arrives, so that announcing a megabyte does not allocate one.
            var most = isChunked() ? bytesMax : (int) framing.length();
            var size = Math.max(read + some, Math.min(Math.max(all.length * 2, 8 << 10), most));
            if (!connection.held().takeBody(size - all.length)) {
                throw new Refused(new Problem.Unavailable(1));
            }
            all = Arrays.copyOf(all, size);
        }
        in.readBytes(all, read, some);
        if (!connection.held().takeBody(sizeAsTree(read, read + some))) {
            throw new Refused(new Problem.Unavailable(1));
        }
        read += some;
        left -= some;
        if (left > 0) {
            return false;
        }
        part = Part.CHUNK_RETURN;
        return !isChunked();
    }

    /// What the values that begin in a part of the body take once it has been parsed as JSON: a document of empty objects is
    /// thirty times as large then.
    private long sizeAsTree(int start, int end) {
        var before = values;
        var most = Json.tokensMax(bytesMax);
        for (var i = start; i < end && values < most; i++) {
            values += all[i] == '{' || all[i] == '[' || all[i] == ',' ? 1 : 0;
        }
        return (long) (values - before) * VALUE_BYTES;
    }

    private boolean takeByte(char c) {
        switch (part) {
            case SIZE -> takeSize(c);
            case EXTENSION -> takeExtension(c);
            case SIZE_END -> {
                must(c == '\n');
                lineBytes = 0;
                digits = 0;
                part = left == 0 ? Part.TRAILER_START : Part.DATA;
                if (left > bytesMax - read) {
                    throw new Refused(new Problem.TooLarge());
                }
            }
            case CHUNK_RETURN -> {
                must(c == '\r');
                part = Part.CHUNK_END;
            }
            case CHUNK_END -> {
                must(c == '\n');
                part = Part.SIZE;
            }
            case TRAILER_START -> {
                must(c == '\r' || c > ' ' && c != ':');
                colon = false;
                part = c == '\r' ? Part.END : Part.TRAILER;
            }
            case TRAILER -> takeTrailer(c);
            case TRAILER_END -> {
                must(c == '\n');
                part = Part.TRAILER_START;
            }
            case END -> {
                must(c == '\n');
                return true;
            }
            case DATA -> throw new IllegalStateException();
        }
        return false;
    }

    private void takeSize(char c) {
        must(++lineBytes <= CHUNK_LINE_BYTES_MAX);
        if (c == '\r' || c == ';') {
            must(digits > 0);
            part = c == '\r' ? Part.SIZE_END : Part.EXTENSION;
            return;
        }
        var digit = c < 128 ? Character.digit(c, 16) : -1;
        must(digit >= 0 && ++digits <= SIZE_DIGITS_MAX);
        left = left << 4 | digit;
    }

    /// Extensions are ignored (RFC 9112, 7.1.1).
    private void takeExtension(char c) {
        must(++lineBytes <= CHUNK_LINE_BYTES_MAX && (c >= ' ' || c == '\t' || c == '\r'));
        part = c == '\r' ? Part.SIZE_END : Part.EXTENSION;
    }

    /// Trailers are ignored (RFC 9110, 6.5.1).
    private void takeTrailer(char c) {
        colon |= c == ':';
        must(++lineBytes <= TRAILER_BYTES_MAX && (c >= ' ' || c == '\t' || c == '\r' && colon));
        part = c == '\r' ? Part.TRAILER_END : Part.TRAILER;
    }

    private static void must(boolean met) {
        if (!met) {
            throw new Refused(new Problem.BadRequest());
        }
    }
}
