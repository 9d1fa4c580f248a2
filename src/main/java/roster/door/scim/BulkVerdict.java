package roster.door.scim;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.base.scim.BulkOperation;
import roster.base.scim.BulkOperation.Target;

/// What has become of an operation of a bulk request.
///
/// @param id of the resource, if it is known
/// @param error of those that failed
record BulkVerdict(int status, Optional<String> id, Optional<String> version, Optional<Object> error) {
    /// A longer one is none, and need not be repeated.
    private static final int ID_MAX = 100;

    /// @param target whose id is no reference
    static BulkVerdict of(Target target, Response answer) {
        if (answer.status() >= 400) {
            return new BulkVerdict(answer.status(), target.id(), Optional.empty(),
                Optional.of(Json.parse(answer.body())));
        }
        return new BulkVerdict(answer.status(),
            target.id().or(() -> answer.header("Location").map(at -> at.substring(at.lastIndexOf('/') + 1))),
            answer.header("ETag"), Optional.empty());
    }

    static BulkVerdict of(Optional<Target> target, ScimError error, Base base) {
        return new BulkVerdict(error.status(),
            target.flatMap(Target::id).filter(id -> BulkOperation.referred(id).isEmpty()), Optional.empty(),
            Optional.of(error.json(base)));
    }

    boolean failed() {
        return error.isPresent();
    }

    /// As the answer has it.
    Map<String, Object> json(Call call, BulkOperation operation) {
        var json = Json.members();
        operation.target().flatMap(target -> id.filter(one -> one.length() <= ID_MAX)
            .map(one -> call.location(target.type().endpoint() + "/" + encoded(one))))
            .ifPresent(location -> json.put("location", location));
        json.put("method", operation.method());
        operation.bulkId().ifPresent(one -> json.put("bulkId", one));
        version.ifPresent(tag -> json.put("version", tag));
        json.put("status", Integer.toString(status));
        error.ifPresent(one -> json.put("response", one));
        return json;
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
