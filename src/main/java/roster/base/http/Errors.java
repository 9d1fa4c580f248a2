package roster.base.http;

import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Responses to requests that never reach a handler, in the form of all errors: `{"errors":["text"]}`.
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

    /// @param status becomes 400 or 500 if it has no text here
    static Response response(int status) {
        var known = TEXTS.containsKey(status) ? status : status < 500 ? 400 : 500;
        return Response.json(known, body(known));
    }

    static byte[] body(int status) {
        var text = TEXTS.getOrDefault(status, TEXTS.get(status < 500 ? 400 : 500));
        return "{\"errors\":[\"%s\"]}".formatted(text).getBytes(StandardCharsets.UTF_8);
    }

    /// An exception to throw while the library reads the head of a request. It answers with this status and closes the
    /// connection.
    static RequestException duringHead(int status) {
        return RequestException.builder()
            .type(EventType.BAD_REQUEST)
            .status(Status.create(status))
            .setKeepAlive(false)
            .message(TEXTS.get(status))
            .build();
    }
}
