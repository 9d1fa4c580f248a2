package roster.door.scim;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import roster.base.http.Response;
import roster.base.json.Json;
import roster.base.scim.BulkRequest;

/// `POST /Bulk`: many changes in one request. Each is as a request of its own, by the handler of its own route: it has its
/// write, its verdict and its audit entries, and others have their turns in between.
final class BulkApi {
    private static final String PATH = "/Bulk";
    private static final String RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

    /// How long operations begin. Clients and proxies wait for a minute at least, and the last one takes its time.
    private static final Duration LONGEST = Duration.ofSeconds(45);

    private final UserApi users;
    private final RequestNotes notes;
    private final LongSupplier nanos;

    /// @param nanos of a clock that cannot be set
    BulkApi(UserApi users, RequestNotes notes, LongSupplier nanos) {
        this.users = users;
        this.notes = notes;
        this.nanos = nanos;
    }

    void addTo(ScimRoutes routes) {
        routes.large().post(PATH, call -> answer(call, routes));
    }

    private Response answer(Call call, ScimRoutes routes) {
        var end = nanos.getAsLong() + LONGEST.toNanos();
        var asked = BulkRequest.read(call.object(), Bounds.OPERATIONS);
        return call.answer(200, Json.members("schemas", List.of(RESPONSE), "Operations",
            new BulkRun(call, asked, routes, users, notes,
                () -> nanos.getAsLong() - end >= 0 || call.request().serverStops()).answers()));
    }
}
