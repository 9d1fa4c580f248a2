package roster.base.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Responses to requests that never reach a handler, in the form of all errors: `{"errors":["text"]}`.
final class Errors {
    private static final Map<Integer, String> TEXTS = Map.ofEntries(
        Map.entry(400, "Bad Request"),
        Map.entry(408, "Request Timeout"),
        Map.entry(413, "Request Entity Too Large"),
        Map.entry(414, "URI Too Long"),
        Map.entry(415, "Unsupported Media Type"),
        Map.entry(417, "Expectation Failed"),
        Map.entry(431, "Request Header Fields Too Large"),
        Map.entry(500, "Internal Server Error"),
        Map.entry(501, "Not Implemented"),
        Map.entry(503, "Service Unavailable"),
        Map.entry(505, "HTTP Version Not Supported"));

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
