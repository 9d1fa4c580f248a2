package roster.base.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ServerConnectionException;
import java.util.Arrays;
import java.util.Locale;
import roster.model.Problem;
import roster.model.Refused;

/// The body of one request: its framing (RFC 9112, section 6) and how it is read.
///
/// The library's own reader accepts anything as the end of a chunk, keeps chunks of any size in memory, refuses a long
/// body before the caller is known, and has no limit on the total time. If a server and a proxy disagree about where a
/// body ends, requests can be smuggled; so everything that does not follow the standard exactly is refused.
final class Body {
    /// An unread body up to this size is discarded to keep the connection; a longer one closes it.
    private static final int SKIPPED_BYTES_MAX = 64 << 10;

    private static final int CHUNK_LINE_BYTES_MAX = 256;
    private static final long CHUNKED = -1;
    private static final byte[] NOTHING = {};

    private final Wire wire;
    private final long length;
    private final boolean asksFirst;
    private byte[] bytes;
    private boolean broken;
    private boolean begun;
    private volatile boolean over;

    private Body(Wire wire, long length, boolean asksFirst) {
        this.wire = wire;
        this.length = length;
        this.asksFirst = asksFirst;
        this.bytes = length == 0 ? NOTHING : null;
    }

    /// Removes the framing from the headers of a request, so that the library treats the request as ending with them.
    ///
    /// @throws io.helidon.http.RequestException 400 if the framing is ambiguous, 501 for codings other than `chunked`
    static Body of(Wire wire, WritableHeaders<?> headers) {
        var length = length(headers);
        if (length == 0) {
            return new Body(wire, 0, false);
        }
        var asksFirst = headers.first(HeaderNames.EXPECT).filter("100-continue"::equalsIgnoreCase).isPresent();
        return new Body(wire, length, asksFirst);
    }

    private static long length(WritableHeaders<?> headers) {
        var coded = headers.contains(HeaderNames.TRANSFER_ENCODING);
        var counted = headers.contains(HeaderNames.CONTENT_LENGTH);
        if (!coded && !counted) {
            return 0;
        }
        if (coded && counted) {
            throw Errors.duringHead(400);
        }
        if (coded) {
            if (!single(headers, HeaderNames.TRANSFER_ENCODING).toLowerCase(Locale.ROOT).equals("chunked")) {
                throw Errors.duringHead(501);
            }
            return CHUNKED;
        }
        var digits = single(headers, HeaderNames.CONTENT_LENGTH);
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Errors.duringHead(400);
        }
        return Long.parseLong(digits);
    }

    /// Removes a header that must not be repeated, and returns its value.
    private static String single(WritableHeaders<?> headers, HeaderName name) {
        var header = headers.get(name);
        if (header.valueCount() != 1) {
            throw Errors.duringHead(400);
        }
        headers.remove(name);
        return header.get().strip();
    }

    boolean sent() {
        return length != 0;
    }

    /// @see Request#body()
    byte[] read() {
        if (bytes != null) {
            return bytes;
        }
        if (over) {
            throw new IllegalStateException("The next request may be on the wire by now");
        }
        if (broken) {
            throw new Refused(new Problem.BadRequest());
        }
        broken = true; // until all of it has arrived
        if (length > wire.limits().bodyBytes()) {
            throw new Refused(new Problem.TooLarge());
        }
        if (asksFirst) {
            wire.sendContinue();
        }
        begun = true;
        wire.beginBody();
        try {
            bytes = length == CHUNKED ? readChunks(wire.dataReader()) : readCounted(wire.dataReader(), (int) length);
        } catch (InsufficientDataAvailableException | ServerConnectionException _) {
            throw new Refused(new Problem.BadRequest()); // the client is gone and will not see this response
        }
        wire.endBody();
        broken = false;
        return bytes;
    }

    /// Whether the connection can carry another request after [#skip()].
    boolean leavesConnectionUsable() {
        return bytes != null || !broken && !asksFirst && length != CHUNKED && length <= SKIPPED_BYTES_MAX;
    }

    /// Discards an unread body. Called after the response is sent, so that a slow client does not delay it. The body
    /// can no longer be read afterwards.
    void skip() {
        over = true;
        if (bytes == null) {
            wire.beginSkipping();
            var reader = wire.dataReader();
            for (var left = (int) length; left > 0;) {
                reader.ensureAvailable();
                var part = Math.min(left, reader.available());
                reader.skip(part);
                left -= part;
            }
        }
    }

    /// Whether the client may still be sending a body that will not be read.
    boolean mayStillCome() {
        return bytes == null && (begun || !asksFirst);
    }

    private static byte[] readCounted(DataReader reader, int length) {
        // Grows with the bytes received, so that announcing a megabyte does not allocate one.
        var all = new byte[Math.min(length, 8 << 10)];
        for (var read = 0; read < length;) {
            reader.ensureAvailable();
            var part = reader.readBytes(Math.min(length - read, reader.available()));
            if (read + part.length > all.length) {
                all = Arrays.copyOf(all, Math.min(length, Math.max(all.length * 2, read + part.length)));
            }
            System.arraycopy(part, 0, all, read, part.length);
            read += part.length;
        }
        return all;
    }

    private byte[] readChunks(DataReader reader) {
        var all = NOTHING;
        var read = 0;
        for (int size = chunkSize(reader); size > 0; size = chunkSize(reader)) {
            if (size > wire.limits().bodyBytes() - read) {
                throw new Refused(new Problem.TooLarge());
            }
            var chunk = readCounted(reader, size);
            if (read + size > all.length) {
                all = Arrays.copyOf(all, Math.max(all.length * 2, read + size));
            }
            System.arraycopy(chunk, 0, all, read, size);
            read += size;
            expect(reader, '\r');
            expect(reader, '\n');
        }
        expect(reader, '\r'); // trailers are refused, because nothing reads them
        expect(reader, '\n');
        return read == all.length ? all : Arrays.copyOf(all, read);
    }

    /// Reads the line before a chunk. Extensions, which follow a semicolon, are ignored (RFC 9112, 7.1.1).
    private static int chunkSize(DataReader reader) {
        var size = 0L;
        var digits = 0;
        var extension = false;
        for (var i = 0; i < CHUNK_LINE_BYTES_MAX; i++) {
            var c = reader.read();
            if (c == '\r' && digits > 0) {
                expect(reader, '\n');
                return (int) Math.min(size, Integer.MAX_VALUE);
            }
            if (extension) {
                if (c < ' ' && c != '\t') {
                    break;
                }
            } else if (c == ';' && digits > 0) {
                extension = true;
            } else {
                var digit = Character.digit(c, 16);
                if (digit < 0 || ++digits > 15) {
                    break;
                }
                size = size << 4 | digit;
            }
        }
        throw new Refused(new Problem.BadRequest());
    }

    private static void expect(DataReader reader, char wanted) {
        if (reader.read() != wanted) {
            throw new Refused(new Problem.BadRequest());
        }
    }
}
