package roster.door.scim;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.Route;
import roster.base.http.Routes;
import roster.base.http.Watch;
import roster.base.net.PublicUrl;
import roster.model.Permission;

/// Adds routes below both bases. Callers need both permissions, unless it says otherwise: what SCIM shows and does, reads
/// included, is more than either stands for.
final class ScimRoutes {
    private static final Needs BOTH = Needs.allOf(Permission.USER_ACCESS_INVITE, Permission.USER_ACCESS_MANAGE);

    private final Routes routes;
    private final PublicUrl publicUrl;
    private final Watch watch;
    private final int bodyBytes;

    /// Handlers of what changes something, by path and by method.
    private final Map<String, Map<String, Handler>> changes;

    /// @param watch is told of all answers
    ScimRoutes(Routes routes, PublicUrl publicUrl, Watch watch) {
        this(routes, publicUrl, watch, Bounds.BODY, new HashMap<>());
    }

    private ScimRoutes(Routes routes, PublicUrl publicUrl, Watch watch, int bodyBytes,
        Map<String, Map<String, Handler>> changes) {
        this.changes = changes;
        this.routes = routes;
        this.publicUrl = publicUrl;
        this.watch = watch;
        this.bodyBytes = bodyBytes;
    }

    @FunctionalInterface
    interface Handler {
        Response handle(Call call);
    }

    /// The same for requests that may be larger, see [Bounds#LARGE_BODY].
    ScimRoutes large() {
        return new ScimRoutes(routes, publicUrl, watch, Bounds.LARGE_BODY, changes);
    }

    /// @param path below the base, as `/Users/{id}`
    ScimRoutes get(String path, Handler handler) {
        return add("GET", path, BOTH, handler);
    }

    ScimRoutes post(String path, Handler handler) {
        return add("POST", path, BOTH, handler);
    }

    ScimRoutes put(String path, Handler handler) {
        return add("PUT", path, BOTH, handler);
    }

    ScimRoutes patch(String path, Handler handler) {
        return add("PATCH", path, BOTH, handler);
    }

    ScimRoutes delete(String path, Handler handler) {
        return add("DELETE", path, BOTH, handler);
    }

    /// What changes something at a path, by its method, in order.
    ///
    /// @param path as it was added
    Map<String, Handler> changes(String path) {
        return changes.getOrDefault(path, Map.of());
    }

    /// A route that needs something else.
    ScimRoutes add(String method, String path, Needs needs, Handler handler) {
        if (!method.equals("GET")) {
            changes.computeIfAbsent(path, _ -> new TreeMap<>()).put(method, handler);
        }
        for (var base : Base.values()) {
            routes.add(new Route(method, base.path() + path, needs,
                request -> handler.handle(new Call(request, base, publicUrl)), bodyBytes, base.protocol(watch)));
        }
        return this;
    }
}
