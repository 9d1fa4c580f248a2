package roster.door.scim;

import java.util.Optional;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.base.net.PublicUrl;
import roster.base.scim.QueryFilter;
import roster.model.Caller;
import roster.model.Problem.BadScim;
import roster.model.Refused;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;

/// A request of SCIM below one of its bases.
record Call(Request request, Base base, PublicUrl publicUrl) {
    /// @throws IllegalStateException for a route that is open
    Caller caller() {
        return request.caller();
    }

    /// The body. Names of members are as they were sent.
    ///
    /// @throws Refused with WrongContentType, Encoded, TooLarge, NotJson or, if it is no object, BadScim
    JsonNode object() {
        MediaTypes.mustBeJson(request);
        var sent = Json.parseRequest(request.body(), request.route().bodyBytes().orElseThrow());
        if (!sent.isObject()) {
            throw new Refused(new BadScim(ScimType.INVALID_SYNTAX, "The body is not a JSON object"));
        }
        return sent;
    }

    /// The filter in the query, decoded. A plus in an address is one, whether or not the client has encoded it.
    Optional<String> filter() {
        return request.query().first("filter", QueryFilter::withPlus);
    }

    /// The address of a resource, below the base by which it was asked for.
    ///
    /// @param path below the base, beginning with a slash
    String location(String path) {
        return publicUrl.reference(base.path() + path);
    }

    /// @param json as [Json#bytes] takes it
    Response answer(int status, Object json) {
        return Response.of(status, MediaTypes.ofAnswer(request), Json.bytes(json));
    }

    Response answer(ScimError error) {
        return error.answer(request, base);
    }
}
