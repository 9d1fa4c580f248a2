package roster.base.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Responses to requests that never reach a handler, in the form of all errors: `{"errors":["text"]}`.
final class Errors {
    private static final Map<Integer, String> TEXTS = Map.of(
        400, "Bad Request",
        408, "Request Timeout",
        413, "Request Entity Too Large",
        414, "URI Too Long",
        417, "Expectation Failed",
        431, "Request Header Fields Too Large",
        500, "Internal Server Error",
        501, "Not Implemented",
        503, "Service Unavailable");

    private Errors() {}

    /// @param status becomes 400 or 500 if it has no text here
    static Response response(int status) {
        var known = TEXTS.containsKey(status) ? status : status < 500 ? 400 : 500;
        return Response.json(known, body(known));
    }

    /// For what there is no memory now.
    static Response unavailable() {
        return response(503).with("Retry-After", "1");
    }

    private static byte[] body(int status) {
        return "{\"errors\":[\"%s\"]}".formatted(TEXTS.get(status)).getBytes(StandardCharsets.UTF_8);
    }
}
