package roster.door.scim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.model.Problem;
import roster.model.Problem.Fault;
import roster.model.ScimType;
import roster.model.Text;

/// An error as SCIM has it.
///
/// @param type only with 400 and 409
/// @param detail for people; never a secret
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7644#section-3.12">RFC 7644, 3.12</a>
record ScimError(int status, Optional<String> type, String detail) {
    static final ScimError UNEXPECTED = new ScimError(500, "Internal Server Error");

    private static final List<String> SCHEMAS = List.of("urn:ietf:params:scim:api:messages:2.0:Error");

    /// The longest detail, which may repeat what was sent, in characters.
    private static final int DETAIL_MAX = 1000;

    private static final String CHALLENGE = "Bearer realm=\"scim\"";

    ScimError {
        detail = Text.cut(detail, DETAIL_MAX);
    }

    ScimError(int status, String detail) {
        this(status, Optional.empty(), detail);
    }

    private ScimError(ScimType type, String detail) {
        this(400, Optional.of(type.toString()), detail);
    }

    static ScimError of(Problem problem) {
        return switch (problem) { // no default: a new Problem does not compile until it has an answer here
            case Problem.NotFound(var text) -> new ScimError(404, text);
            case Problem.Invalid(var faults) -> new ScimError(ScimType.INVALID_VALUE,
                faults.stream().map(ScimError::text).collect(Collectors.joining("; ")));
            case Problem.Unfit(var texts) -> new ScimError(ScimType.INVALID_VALUE, String.join("; ", texts));
            case Problem.BadScim(var type, var detail) -> new ScimError(type, detail);
            case Problem.BadParameter(var name) ->
                new ScimError(ScimType.INVALID_VALUE, "The value of the parameter %s is not valid".formatted(name));
            case Problem.NotJson() -> new ScimError(ScimType.INVALID_SYNTAX, "The body is not valid JSON");
            case Problem.BadRequest() -> new ScimError(ScimType.INVALID_SYNTAX, "The request is malformed");
            case Problem.Conflict(var text) -> new ScimError(409, Optional.of("uniqueness"), text);
            case Problem.Mismatch(var text) -> new ScimError(ScimType.INVALID_VALUE, text);
            case Problem.Gone(var text) -> new ScimError(404, text);
            case Problem.NoApiKey() -> new ScimError(401,
                "Credentials required: an access token or an application key, as Authorization: Bearer");
            case Problem.BadKeys(var elsewhere) -> elsewhere
                ? new ScimError(403, "The IP allowlist of the organization does not admit this address")
                : new ScimError(401, "The credentials are not valid");
            case Problem.Forbidden(var needed) ->
                new ScimError(403, "Failed permission authorization checks: %s is needed".formatted(needed.name()));
            case Problem.LastAdministrator() ->
                new ScimError(403, "An organization must keep at least one active administrator");
            case Problem.NotOneself _,Problem.NotSignedIn _,Problem.ForeignForm _,Problem.OwnFactors _,Problem.NotFresh _,Problem.StepMissing _ ->
                new ScimError(403, "Forbidden"); // said to sessions only
            case Problem.WrongHost() -> new ScimError(421, "Misdirected Request");
            case Problem.Stale() -> new ScimError(412, "The resource has another version than If-Match names");
            case Problem.NoSuchPath() -> new ScimError(404, "There is no endpoint at this path");
            case Problem.WrongMethod(var allowed) ->
                new ScimError(405, "The methods of this endpoint are " + String.join(", ", allowed));
            case Problem.NotImplemented() -> new ScimError(501, "Not Implemented");
            case Problem.WrongContentType() -> new ScimError(415,
                "The Content-Type must be %s or %s".formatted(MediaTypes.SCIM, MediaTypes.JSON));
            case Problem.Encoded() -> new ScimError(415, "The body must not have a Content-Encoding");
            case Problem.TooLarge() -> new ScimError(413, "The request is too large");
            case Problem.TooSlow() -> new ScimError(408, "The request did not arrive in time");
            case Problem.TooManyRequests _,Problem.LimitReached _ -> new ScimError(429, "Too many requests");
            case Problem.Unavailable _ -> new ScimError(503, "Service Unavailable");
        };
    }

    private static String text(Fault fault) {
        return switch (fault) {
            case Fault.Member(var field, var reason) -> field + ": " + reason;
            case Fault.Shape(var detail, var _) -> detail;
        };
    }

    /// As it stands in answers.
    Map<String, Object> json(Base base) {
        var json = Json.members("schemas", SCHEMAS, "status", Integer.toString(status));
        type.ifPresent(some -> json.put("scimType", some));
        json.put("detail", detail);
        if (base == Base.COMPATIBLE) {
            json.put("errors", List.of(detail));
        }
        return json;
    }

    /// Without headers such as `Retry-After`, which the Gate adds.
    Response answer(Request request, Base base) {
        var answer = Response.of(status, MediaTypes.ofAnswer(request), Json.bytes(json(base)));
        return status == 401 ? answer.with("WWW-Authenticate", CHALLENGE) : answer;
    }
}
