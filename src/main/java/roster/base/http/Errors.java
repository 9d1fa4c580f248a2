package roster.base.http;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The answers to requests that never reach a handler, in the form of all errors: `{"errors":["text"]}`.
final class Errors {
    private static final Map<Integer, String> TEXTS = Map.of(
        400, "Bad Request",
        408, "Request Timeout",
        413, "Request Entity Too Large",
        414, "URI Too Long",
        431, "Request Header Fields Too Large",
        500, "Internal Server Error",
        501, "Not Implemented",
        503, "Service Unavailable",
        505, "HTTP Version Not Supported");

    private Errors() {}

    /// @param status one without a text here is answered as 400 or 500
    static Response response(int status) {
        var known = TEXTS.containsKey(status) ? status : status < 500 ? 400 : 500;
        return Response.json(known, body(known));
    }

    static byte[] body(int status) {
        var text = TEXTS.getOrDefault(status, TEXTS.get(status < 500 ? 400 : 500));
        return "{\"errors\":[\"%s\"]}".formatted(text).getBytes(StandardCharsets.UTF_8);
    }

    /// Thrown while the library reads a request's head: it answers with this status and closes the connection.
    static RequestException duringHead(int status) {
        return RequestException.builder()
            .type(EventType.BAD_REQUEST)
            .status(Status.create(status))
            .setKeepAlive(false)
            .message(TEXTS.get(status))
            .build();
    }
}
