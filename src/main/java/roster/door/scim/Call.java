package roster.door.scim;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import roster.base.http.Conditions;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.base.net.PublicUrl;
import roster.base.scim.Patch;
import roster.base.scim.QueryFilter;
import roster.base.scim.References;
import roster.base.scim.ResourceBody;
import roster.base.scim.ResourceType;
import roster.base.scim.Selection;
import roster.core.provisioning.RequestDigest;
import roster.model.Caller;
import roster.model.Problem.BadScim;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.ScimType;
import tools.jackson.databind.JsonNode;

/// A request of SCIM below one of its bases, or one of the operations of a bulk request.
///
/// @param part the operation, if it is one
record Call(Request request, Base base, PublicUrl publicUrl, Optional<Part> part) {
    Call(Request request, Base base, PublicUrl publicUrl) {
        this(request, base, publicUrl, Optional.empty());
    }

    /// What of a bulk request stands for a request of its own.
    ///
    /// @param id of the resource in its path; empty text for a collection
    /// @param data its body
    /// @param version its `If-Match`
    /// @param words ids, for references to what other operations create
    record Part(String id, JsonNode data, Optional<String> version, Function<String, Optional<String>> words) {}

    /// @throws IllegalStateException for a route that is open
    Caller caller() {
        return request.caller();
    }

    /// The id in the path, as it was sent.
    String id() {
        return part.map(Part::id).orElseGet(() -> request.pathText("id"));
    }

    /// The body. Names of members are as they were sent.
    ///
    /// @throws Refused with WrongContentType, Encoded, TooLarge, NotJson or, if it is no object, BadScim
    JsonNode object() {
        var sent = part.map(Part::data).orElseGet(this::body);
        if (!sent.isObject()) {
            throw new Refused(new BadScim(ScimType.INVALID_SYNTAX, "The body is not a JSON object"));
        }
        return sent;
    }

    private JsonNode body() {
        return Json.parseRequest(bytes(), Math.max(Bounds.DENSE_BODY, request.route().bodyBytes().orElseThrow()));
    }

    private byte[] bytes() {
        MediaTypes.mustBeJson(request);
        return request.body();
    }

    /// By which the same request about the same resource is known again. An operation of a bulk request depends on others.
    ///
    /// @throws Refused with WrongContentType, Encoded or TooLarge
    Optional<RequestDigest> digest() {
        return part.isPresent() ? Optional.empty() : Optional.of(RequestDigest.of(request.method(), bytes()));
    }

    /// The body as a resource.
    ///
    /// @throws Refused as [#object] and [ResourceBody#read] do
    ResourceBody resource(ResourceType type) {
        var sent = ResourceBody.read(type, object());
        return part.map(some -> References.translated(sent, some.words())).orElse(sent);
    }

    /// The body as a patch.
    ///
    /// @throws Refused as [#object] and [Patch#read] do
    Patch patch(ResourceType type) {
        var sent = Patch.read(type, object());
        return part.map(some -> References.translated(sent, some.words())).orElse(sent);
    }

    /// @param tags of the resource, without `W/`; asked for if the client has a condition
    /// @throws Refused with [Stale] if it is not met
    void mustBeMet(Supplier<List<String>> tags) {
        var isMet = part.isPresent() ? part.get().version().map(sent -> Conditions.met(sent, tags.get())).orElse(true)
            : request.header("If-Match").isEmpty() || Conditions.met(request, tags.get());
        if (!isMet) {
            throw new Refused(new Stale());
        }
    }

    /// What of a resource is to be in the answer. An operation is answered without the resource, which may be large.
    Selection selection(ResourceType type) {
        return part.isPresent() ? Selection.of(type, List.of("id"), List.of())
            : Selection.of(type, request.query().all("attributes"), request.query().all("excludedAttributes"));
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

    /// @param json as it is sent; not changed any more
    Response answer(int status, byte[] json) {
        return written(status, List.of(json));
    }

    /// @param json as it is sent, in pieces; not changed any more
    Response written(int status, List<byte[]> json) {
        return new Response(status, List.of(), Optional.of(MediaTypes.ofAnswer(request)), json, false);
    }

    Response answer(ScimError error) {
        return error.answer(request, base);
    }
}
