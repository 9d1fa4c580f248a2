package roster.base.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Date;

/// A response as it is sent.
final class ResponseBytes {
    private static final int HEAD_BYTES = 768;

    /// The header `Date`, which changes once a second.
    private record Moment(long second, String text) {}

    private static volatile Moment moment = new Moment(-1, "");

    private ResponseBytes() {}

    /// A single buffer: the sockets take memory outside the heap only, so that the pieces of the body are copied once in any
    /// case, and two writes could be two packets of which the second waits for the acknowledgement of the first.
    ///
    /// @param head whether the body is left out
    /// @param close whether the connection is closed afterwards
    /// @param keep whether the client must be told that it stays open
    static ByteBuf of(ByteBufAllocator memory, Response answer, String id, boolean head, boolean close, boolean keep) {
        var length = answer.length();
        var lines = new StringBuilder(HEAD_BYTES);
        var status = HttpResponseStatus.valueOf(answer.status());
        lines.append("HTTP/1.1 ").append(status.code()).append(' ').append(status.reasonPhrase()).append("\r\n");
        line(lines, "Date", date(System.currentTimeMillis()));
        line(lines, "X-Request-Id", id);
        answer.contentType().ifPresent(type -> line(lines, "Content-Type", type));
        if (answer.status() != 204 && answer.status() != 304) {
            lines.append("Content-Length: ").append(length + answer.stored().map(StoredBody::length).orElse(0L))
                .append("\r\n");
        }
        for (var header : answer.headers()) {
            line(lines, header.name(), header.value());
        }
        if (close || keep) {
            line(lines, "Connection", close ? "close" : "keep-alive");
        }
        lines.append("\r\n");
        var top = lines.toString().getBytes(StandardCharsets.ISO_8859_1); // ASCII, see `Response.Header`
        var size = top.length + (head ? 0 : length);
        var bytes = memory.directBuffer(size, size);
        var into = bytes.internalNioBuffer(0, size).put(top);
        if (!head) {
            for (var piece : answer.pieces()) {
                into.put(piece);
            }
        }
        return bytes.writerIndex(size);
    }

    private static void line(StringBuilder lines, String name, String value) {
        lines.append(name).append(": ").append(value).append("\r\n");
    }

    /// The header `Date` at a time, in milliseconds since 1970, also when it is earlier than the one before.
    static String date(long now) {
        var known = moment;
        if (known.second != now / 1000) {
            known = new Moment(now / 1000, DateFormatter.format(new Date(now)));
            moment = known;
        }
        return known.text;
    }
}
