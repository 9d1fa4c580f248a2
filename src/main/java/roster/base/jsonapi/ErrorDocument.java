package roster.base.jsonapi;

import java.util.List;
import java.util.Map;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.model.Problem;
import roster.model.Problem.Fault;
import roster.model.Text;

/// Turns every refusal into HTTP: `{"errors":["text",…]}` and a status.
public final class ErrorDocument {
    /// The most texts of an answer, and the longest one, which may repeat what was sent, in characters.
    private static final int TEXTS_MAX = 100;
    private static final int TEXT_MAX = 1000;

    private ErrorDocument() {}

    public static Response of(Problem problem) {
        return switch (problem) { // no default: a new Problem does not compile until it has an answer here
            case Problem.NotFound(var text) -> error(404, text);
            case Problem.Invalid(var faults) -> error(400, faults.stream().map(ErrorDocument::text).toList());
            case Problem.Unfit(var texts) -> error(400, texts);
            case Problem.BadScim(var _, var detail) -> error(400, detail);
            case Problem.BadParameter(var name) ->
                error(400, "The value provided for parameter '%s' is invalid".formatted(name));
            case Problem.NotJson() -> error(400, "Invalid JSON in request body");
            case Problem.BadRequest() -> error(400, "Bad Request");
            case Problem.Conflict(var text) -> error(409, text);
            case Problem.Mismatch(var text) -> error(422, text);
            case Problem.Gone(var text) -> error(410, text);
            case Problem.NoApiKey() -> error(403, "API key required");
            case Problem.BadKeys _,Problem.NotOneself _,Problem.NotSignedIn _,Problem.ForeignForm _ ->
                error(403, "Forbidden");
            case Problem.OwnFactors() -> error(403, List.of("Forbidden", "Ask another administrator to reset yours"));
            case Problem.NotFresh() -> error(403, List.of("Forbidden", "Sign in again to do this"));
            case Problem.StepMissing _ ->
                error(403, List.of("Forbidden", "Complete the second step of signing in to do this"));
            case Problem.WrongHost() -> error(421, "Misdirected Request");
            case Problem.Forbidden(var needed) ->
                error(403, List.of("Forbidden", "Failed permission authorization checks"));
            case Problem.LastAdministrator() ->
                error(403, List.of("Forbidden", "An organization must keep at least one active administrator"));
            case Problem.Stale() -> error(412, "Precondition Failed");
            case Problem.NoSuchPath() -> error(404, "Not Found");
            case Problem.WrongMethod(var allowed) ->
                error(405, "Method Not Allowed").with("Allow", String.join(", ", allowed));
            case Problem.NotImplemented() -> error(501, "Not Implemented");
            case Problem.WrongContentType() -> error(415, "Unsupported Media Type");
            case Problem.Encoded() -> error(415, "Unsupported Media Type").with("Accept-Encoding", "identity");
            case Problem.TooLarge() -> error(413, "Request Entity Too Large");
            case Problem.TooSlow() -> error(408, "Request Timeout");
            case Problem.TooManyRequests(var seconds) ->
                error(429, "Too many requests").with("Retry-After", Long.toString(seconds));
            case Problem.LimitReached reached ->
                error(429, "Too many requests").with("Retry-After", Long.toString(reached.resetSeconds()));
            case Problem.Unavailable(var seconds) ->
                error(503, "Service Unavailable").with("Retry-After", Long.toString(seconds));
        };
    }

    /// An internal error. The log has the details, under the request id.
    public static Response unexpected() {
        return error(500, "Internal Server Error");
    }

    private static String text(Fault fault) {
        return "API input validation failed: " + switch (fault) {
            case Fault.Member(var field, var reason) -> "{'%s': ['%s']}".formatted(field, reason);
            case Fault.Shape(var detail, var pointer) ->
                "{'_schema': [{'detail': '%s', 'source': {'pointer': '%s'}}]}".formatted(detail, pointer);
        };
    }

    private static Response error(int status, String text) {
        return error(status, List.of(text));
    }

    private static Response error(int status, List<String> texts) {
        return Response.json(status,
            Json.bytes(
                Map.of("errors", texts.stream().limit(TEXTS_MAX).map(text -> Text.cut(text, TEXT_MAX)).toList())));
    }
}
