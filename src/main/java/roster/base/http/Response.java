package roster.base.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A response. The server adds `Date`, `X-Request-Id`, `Content-Type` and `Content-Length`.
///
/// @param headers in the order they are sent; a name may occur more than once, such as `Set-Cookie`
/// @param pieces the parts of the body, in order; not copied, so callers must not change them. Empty for 204 and 304
/// @param stored what follows the pieces, from a file; the server closes it
/// @param repeatable whether the request changed nothing, though its method does not say so: it can be sent again
public record Response(int status, List<Header> headers, Optional<String> contentType, List<byte[]> pieces,
    boolean repeatable, Optional<StoredBody> stored) {
    private static final Optional<String> JSON = Optional.of("application/json");
    private static final Optional<String> HTML = Optional.of("text/html; charset=utf-8");
    private static final Optional<String> TEXT = Optional.of("text/plain; charset=utf-8");

    public Response {
        headers = List.copyOf(headers);
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("Not the status of an answer: " + status);
        }
        if ((status == 204 || status == 304) && !pieces.isEmpty()) {
            throw new IllegalArgumentException("A %d has no body".formatted(status));
        }
        contentType.ifPresent(type -> requirePrintable("Content-Type", type));
    }

    public Response(int status, List<Header> headers, Optional<String> contentType, List<byte[]> pieces,
        boolean repeatable) {
        this(status, headers, contentType, pieces, repeatable, Optional.empty());
    }

    /// A body that may be too large for memory.
    public static Response stored(String contentType, StoredBody body) {
        return new Response(200, List.of(), Optional.of(contentType), List.of(), false, Optional.of(body));
    }

    public static Response ok(String contentType, byte[] body) {
        return of(200, contentType, body);
    }

    public static Response of(int status, String contentType, byte[] body) {
        return new Response(status, List.of(), Optional.of(contentType), List.of(body), false);
    }

    public static Response json(int status, byte[] body) {
        return json(status, List.of(body));
    }

    public static Response json(int status, List<byte[]> pieces) {
        return new Response(status, List.of(), JSON, pieces, false);
    }

    public static Response html(int status, String page) {
        return new Response(status, List.of(), HTML, List.of(page.getBytes(StandardCharsets.UTF_8)), false);
    }

    public static Response text(int status, String text) {
        return new Response(status, List.of(), TEXT, List.of(text.getBytes(StandardCharsets.UTF_8)), false);
    }

    public static Response noContent() {
        return empty(204);
    }

    /// A response without a body, such as a redirect.
    public static Response empty(int status) {
        return new Response(status, List.of(), Optional.empty(), List.of(), false);
    }

    /// The same response with one more header.
    public Response with(String name, String value) {
        return with(List.of(new Header(name, value)));
    }

    /// The same response with more headers.
    public Response with(List<Header> more) {
        var together = new ArrayList<Header>(headers.size() + more.size());
        together.addAll(headers);
        together.addAll(more);
        return new Response(status, together, contentType, pieces, repeatable, stored);
    }

    /// The same response to a request that changed nothing, whatever its method.
    public Response toRead() {
        return new Response(status, headers, contentType, pieces, true, stored);
    }

    /// Length of the body in memory, in bytes.
    public int length() {
        var length = 0;
        for (var piece : pieces) {
            length += piece.length;
        }
        return length;
    }

    /// The whole body.
    public byte[] body() {
        var body = new byte[length()];
        writeBody(body, 0);
        return body;
    }

    /// Copies the body into an array, starting at an index.
    void writeBody(byte[] bytes, int start) {
        var at = start;
        for (var piece : pieces) {
            System.arraycopy(piece, 0, bytes, at, piece.length);
            at += piece.length;
        }
    }

    /// The first value of a header set so far. The name is case-insensitive.
    public Optional<String> header(String name) {
        return headers.stream().filter(header -> header.name.equalsIgnoreCase(name)).map(Header::value).findFirst();
    }

    private static void requirePrintable(String name, String value) {
        for (var i = 0; i < value.length(); i++) {
            if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
                throw new IllegalArgumentException("Not a value for the header " + name);
            }
        }
    }

    /// A header line, except those that the server writes itself.
    ///
    /// @param value printable ASCII and blanks; a line break would allow its author to inject headers
    public record Header(String name, String value) {
        private static final List<String> OF_THE_SERVER =
            List.of("Date", "X-Request-Id", "Content-Type", "Content-Length",
                "Transfer-Encoding", "Connection");

        public Header {
            for (var i = 0; i < name.length(); i++) {
                var c = name.charAt(i);
                if (c <= ' ' || c > '~' || c == ':') {
                    throw new IllegalArgumentException("Not the name of a header");
                }
            }
            for (var own : OF_THE_SERVER) {
                if (own.equalsIgnoreCase(name)) {
                    throw new IllegalArgumentException("The server writes this header: " + name);
                }
            }
            requirePrintable(name, value);
        }
    }
}
