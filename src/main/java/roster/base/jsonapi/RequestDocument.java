package roster.base.jsonapi;

import java.util.List;
import java.util.Locale;
import roster.base.http.Request;
import roster.base.json.Json;
import roster.model.Problem.Fault;
import roster.model.Problem.Invalid;
import roster.model.Problem.Mismatch;
import roster.model.Problem.Unfit;
import roster.model.Problem.WrongContentType;
import roster.model.Refused;
import tools.jackson.databind.JsonNode;

/// Reads the body of a request as a document of the contract: `{"data": …}`, or a bare object in older calls.
public final class RequestDocument {
    private RequestDocument() {}

    /// The body's `data`, an object of this type.
    ///
    /// @throws Refused with WrongContentType, TooLarge, TooSlow, NotJson, or Invalid if `data` is not an object
    public static RequestObject resource(Request request, String type) {
        var data = object(request);
        data.mustHaveType(type);
        return data;
    }

    /// The body's `data`, an object whose type may be absent.
    ///
    /// @throws Refused as [#resource] does
    public static RequestObject resourceOfOptionalType(Request request, String type) {
        var data = object(request);
        if (data.has("type")) {
            data.mustHaveType(type);
        }
        return data;
    }

    /// The id of an object of this type that the body's `data` refers to.
    ///
    /// @throws Refused as [#resource] does, and with [Unfit] for another type, which the live API words differently
    public static String referenced(Request request, String type) {
        var data = object(request);
        var sentType = data.node().path("type");
        if (sentType.isString() && !sentType.asString().equals(type)) {
            throw new Refused(new Unfit("400 BAD REQUEST"));
        }
        data.mustHaveType(type);
        var id = data.text("id");
        data.done();
        return id;
    }

    /// The body's `data`, an array of objects of this type.
    ///
    /// @param most the largest number of objects; at least one is required
    /// @throws Refused as [#resource] does
    public static List<RequestObject> resources(Request request, String type, int most) {
        var data = array(request);
        if (data.node().isEmpty()) {
            throw new Refused(new Invalid("data", "Shorter than minimum length 1."));
        }
        if (data.node().size() > most) {
            throw tooLong(most);
        }
        var entries = data.entries("data", type);
        if (entries.isEmpty()) {
            data.done(); // throws: no entry is an object, so none can report the faults
        }
        return entries;
    }

    /// The ids in the body's `data`, an array of references to objects of this type, each once. It may be empty.
    ///
    /// @param most the largest number of ids
    /// @throws Refused as [#resource] does
    public static List<String> references(Request request, String type, int most) {
        var data = array(request);
        var ids = data.entries("data", type).stream().map(entry -> entry.text("id")).distinct().toList();
        data.done();
        if (ids.size() > most) {
            throw tooLong(most);
        }
        return ids;
    }

    /// The whole body, an object without `data`, as in older calls.
    ///
    /// @throws Refused as [#resource] does
    public static RequestObject whole(Request request) {
        var root = json(request);
        if (!root.isObject()) {
            throw new Refused(new Invalid(List.of(new Fault.Shape("Not a valid object.", "/"))));
        }
        return new RequestObject(root, new Position("", List.of()));
    }

    /// Compares the id in a body with the one in the path. Case-insensitive.
    ///
    /// @throws Refused with the mismatch if they differ
    public static void mustAgree(String sentId, String pathId, Mismatch mismatch) {
        if (!sentId.toLowerCase(Locale.ROOT).equals(pathId.toLowerCase(Locale.ROOT))) {
            throw new Refused(mismatch);
        }
    }

    private static RequestObject object(Request request) {
        var data = data(request);
        if (!data.node().isObject()) {
            throw new Refused(new Invalid("data", "Not a valid object."));
        }
        return data;
    }

    private static RequestObject array(Request request) {
        var data = data(request);
        if (!data.node().isArray()) {
            throw new Refused(new Invalid("data", "Not a valid list."));
        }
        return data;
    }

    private static RequestObject data(Request request) {
        var root = json(request);
        if (!root.isObject() || !root.has("data")) {
            throw new Refused(new Invalid(List.of(new Fault.Shape("Object must include `data` key.", "/"))));
        }
        return new RequestObject(root.get("data"), new Position("/data", List.of()));
    }

    private static JsonNode json(Request request) {
        request.header("Content-Type").ifPresent(RequestDocument::mustBeJson);
        return Json.parseRequest(request.body());
    }

    private static void mustBeJson(String contentType) {
        var semicolon = contentType.indexOf(';');
        var type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
        if (!type.isEmpty() && !type.equals("application/json") && !type.equals("application/vnd.api+json")) {
            throw new Refused(new WrongContentType());
        }
    }

    private static Refused tooLong(int most) {
        return new Refused(new Invalid("data", "Longer than maximum length %d.".formatted(most)));
    }
}
