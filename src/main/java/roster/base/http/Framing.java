package roster.base.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Locale;
import java.util.function.IntPredicate;

/// What the head of a request says about the connection: how long the body is, and what happens afterwards
/// (RFC 9112, sections 3.2, 6 and 9).
///
/// @param length of the body in bytes, or [#CHUNKED]
/// @param encoded whether the body is compressed, or otherwise coded (RFC 9110, 8.4)
/// @param asksFirst whether the client waits for `100 Continue` before it sends the body
/// @param keepAlive whether the client wants the connection to stay open
/// @param old whether the client speaks HTTP/1.0, which closes connections unless both sides say otherwise
record Framing(long length, boolean encoded, boolean asksFirst, boolean keepAlive, boolean old) {
    static final long CHUNKED = -1;

    private static final String NAME_MARKS = "-._~!$&'()*+,;=%";

    /// Removes `Content-Length` and `Transfer-Encoding`.
    ///
    /// @throws Head.Bad 400 if it is ambiguous where the request ends or whom it is for, 417 for an unknown expectation, 431
    ///     for too many headers, 501 for codings other than `chunked`
    static Framing of(HttpMessage message, Limits limits) {
        var headers = message.headers();
        if (headers.size() > limits.headers() && headers.names().size() > limits.headers()) {
            throw new Head.Bad(431);
        }
        var old = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
        mustNameHost(headers, old);
        var length = length(headers, old);
        var expected = headers.getAll(HttpHeaderNames.EXPECT);
        var asks = !expected.isEmpty() && !old;
        if (asks && (expected.size() > 1 || !expected.getFirst().equalsIgnoreCase("100-continue"))) {
            throw new Head.Bad(417);
        }
        var keep = !old;
        if (headers.contains(HttpHeaderNames.CONNECTION)) {
            keep = !headers.containsValue(HttpHeaderNames.CONNECTION, "close", true)
                && (!old || headers.containsValue(HttpHeaderNames.CONNECTION, "keep-alive", true));
        }
        return new Framing(length, length != 0 && isEncoded(headers), asks && length != 0, keep, old);
    }

    private static boolean isEncoded(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.CONTENT_ENCODING).stream()
            .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("identity"));
    }

    private static void mustNameHost(HttpHeaders headers, boolean old) {
        var hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.size() > 1 || hosts.isEmpty() && !old || !hosts.isEmpty() && !isHost(hosts.getFirst())) {
            throw new Head.Bad(400);
        }
    }

    /// Whether it is a name or an address, and perhaps a port.
    static boolean isHost(String text) {
        var bracket = text.startsWith("[") ? text.indexOf(']') : -1;
        var colon = text.indexOf(':', Math.max(bracket, 0));
        var end = colon < 0 ? text.length() : colon;
        var host = bracket < 0 ? all(text, 0, end, Framing::isOfName)
            : bracket > 1 && bracket + 1 == end && all(text, 1, bracket, Framing::isOfAddress);
        return host && all(text, end + 1, text.length(), c -> c >= '0' && c <= '9');
    }

    private static boolean all(String text, int start, int end, IntPredicate met) {
        for (var i = start; i < end; i++) {
            if (!met.test(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isOfName(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || NAME_MARKS.indexOf(c) >= 0;
    }

    private static boolean isOfAddress(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == ':' || c == '.';
    }

    private static long length(HttpHeaders headers, boolean old) {
        var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        var lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (codings.isEmpty() && lengths.isEmpty()) {
            return 0;
        }
        if (codings.size() + lengths.size() > 1 || old && !codings.isEmpty()) {
            throw new Head.Bad(400);
        }
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        if (lengths.isEmpty()) {
            if (!codings.getFirst().toLowerCase(Locale.ROOT).equals("chunked")) {
                throw new Head.Bad(501);
            }
            return CHUNKED;
        }
        var digits = lengths.getFirst();
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new Head.Bad(400);
        }
        return Long.parseLong(digits);
    }
}
