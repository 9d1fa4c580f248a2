package roster.base.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import roster.model.Permission;

/// The table of routes: a tree with one level for each path segment.
///
/// A literal segment takes precedence over a `{parameter}`, for all methods: if `/roles/templates` is a route,
/// `templates` is never a role id. Paths are split before they are decoded, so an encoded slash stays inside its
/// parameter. A trailing slash makes a different path, but where a [Protocol] says otherwise. One thread fills the table at the start; then any may read it.
public final class Routes {
    private final Node root = new Node();
    private final List<Route> all = new ArrayList<>();
    private final Map<String, Route> named = new HashMap<>();
    private final List<Protocol> protocols = new ArrayList<>();
    private Function<Request, Optional<ErrorPages>> elsewhere = _ -> Optional.empty();

    public Routes get(String template, Permission needed, Handler handler) {
        return get(template, Needs.oneOf(needed), handler);
    }

    public Routes get(String template, Needs needs, Handler handler) {
        return add(new Route("GET", template, needs, handler));
    }

    public Routes post(String template, Permission needed, Handler handler) {
        return post(template, Needs.oneOf(needed), handler);
    }

    public Routes post(String template, Needs needs, Handler handler) {
        return add(new Route("POST", template, needs, handler));
    }

    public Routes patch(String template, Permission needed, Handler handler) {
        return patch(template, Needs.oneOf(needed), handler);
    }

    public Routes patch(String template, Needs needs, Handler handler) {
        return add(new Route("PATCH", template, needs, handler));
    }

    public Routes put(String template, Permission needed, Handler handler) {
        return put(template, Needs.oneOf(needed), handler);
    }

    public Routes put(String template, Needs needs, Handler handler) {
        return add(new Route("PUT", template, needs, handler));
    }

    public Routes delete(String template, Permission needed, Handler handler) {
        return delete(template, Needs.oneOf(needed), handler);
    }

    public Routes delete(String template, Needs needs, Handler handler) {
        return add(new Route("DELETE", template, needs, handler));
    }

    /// A page for people: open to everyone, and refusals are pages too.
    ///
    /// @param bodyBytes the largest form in bytes
    public Routes page(String method, String template, int bodyBytes, Handler handler, ErrorPages errorPages) {
        return add(new Route(method, template, Needs.Simple.NOTHING, handler, OptionalInt.of(bodyBytes),
            Optional.of(errorPages), SessionMust.BE_COMPLETE));
    }

    /// A page of `GET` whose handler calls servers of others.
    public Routes outwardPage(String template, int bodyBytes, Handler handler, ErrorPages errorPages) {
        return add(new Route("GET", template, Needs.Simple.NOTHING, handler, OptionalInt.of(bodyBytes),
            Optional.of(errorPages), SessionMust.BE_COMPLETE, true));
    }

    /// A page for users who are signed in.
    public Routes ownPage(String method, String template, int bodyBytes, Handler handler, ErrorPages errorPages) {
        return ownPage(method, template, SessionMust.BE_COMPLETE, bodyBytes, handler, errorPages);
    }

    /// The same for sessions of another kind.
    public Routes ownPage(String method, String template, SessionMust session, int bodyBytes, Handler handler,
        ErrorPages errorPages) {
        return add(new Route(method, template, Needs.Simple.SESSION, handler, OptionalInt.of(bodyBytes),
            Optional.of(errorPages), session));
    }

    /// Sets what is answered where there is no route.
    ///
    /// @param pages pages for a request; none: it gets the contract's JSON
    public Routes elsewhere(Function<Request, Optional<ErrorPages>> pages) {
        elsewhere = pages;
        return this;
    }

    /// Pages for a request to an address that has no route.
    public Optional<ErrorPages> elsewhere(Request request) {
        return elsewhere.apply(request);
    }

    /// The route of a template.
    ///
    /// @param template as it was added
    public Optional<Route> find(String method, String template) {
        return Optional.ofNullable(named.get(method + " " + template));
    }

    /// Adds routes of programs for which a session must be fresh, see [SessionMust#BE_FRESH].
    public Fresh fresh() {
        return new Fresh();
    }

    /// The same methods as those of the table.
    public final class Fresh {
        private Fresh() {}

        public Routes get(String template, Permission needed, Handler handler) {
            return add("GET", template, Needs.oneOf(needed), handler);
        }

        public Routes post(String template, Permission needed, Handler handler) {
            return add("POST", template, Needs.oneOf(needed), handler);
        }

        public Routes put(String template, Permission needed, Handler handler) {
            return add("PUT", template, Needs.oneOf(needed), handler);
        }

        public Routes patch(String template, Permission needed, Handler handler) {
            return patch(template, Needs.oneOf(needed), handler);
        }

        public Routes patch(String template, Needs needs, Handler handler) {
            return add("PATCH", template, needs, handler);
        }

        public Routes delete(String template, Permission needed, Handler handler) {
            return delete(template, Needs.oneOf(needed), handler);
        }

        public Routes delete(String template, Needs needs, Handler handler) {
            return add("DELETE", template, needs, handler);
        }

        private Routes add(String method, String template, Needs needs, Handler handler) {
            return Routes.this.add(new Route(method, template, needs, handler, OptionalInt.empty(), Optional.empty(),
                SessionMust.BE_FRESH));
        }
    }

    /// @throws IllegalStateException if there is already a route for this method and path
    public Routes add(Route route) {
        if (!route.template().startsWith("/")) {
            throw new IllegalArgumentException("A template starts with a slash: " + route.template());
        }
        var names = new ArrayList<String>();
        var node = root;
        for (var segment : route.template().substring(1).split("/", -1)) {
            if (segment.startsWith("{") && segment.endsWith("}")) {
                names.add(segment.substring(1, segment.length() - 1));
                node = node.parameter == null ? node.parameter = new Node() : node.parameter;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node());
            }
        }
        if (node.routes.putIfAbsent(route.method(), new Entry(route, List.copyOf(names))) != null) {
            throw new IllegalStateException("Two routes for %s %s".formatted(route.method(), route.template()));
        }
        route.protocol().filter(protocol -> !protocols.contains(protocol)).ifPresent(protocols::add);
        all.add(route);
        named.put(route.method() + " " + route.template(), route);
        return this;
    }

    /// All routes, in the order they were added.
    public List<Route> all() {
        return Collections.unmodifiableList(all);
    }

    /// The protocol below whose base a path is, whether or not there is a route.
    ///
    /// @param path as sent
    public Optional<Protocol> protocol(String path) {
        for (var protocol : protocols) {
            if (protocol.has(path)) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }

    public Match match(Request request) {
        return match(request.method(), request.rawPath());
    }

    /// @param method `HEAD` matches the route of `GET`
    /// @param path as sent: percent-encoded, without the query
    /// @throws IllegalArgumentException if the encoding is malformed, which it never is in a [Request]
    public Match match(String method, String path) {
        var values = new ArrayList<String>(4);
        var plain = protocol(path).map(protocol -> protocol.plain(path)).orElse(path);
        var node = plain.startsWith("/") ? find(root, plain, 1, values) : null;
        if (node == null) {
            return new Match.Unknown();
        }
        var entry = node.routes.get(method);
        if (entry == null && method.equals("HEAD")) {
            entry = node.routes.get("GET");
        }
        return entry == null ? new Match.WrongMethod(node.allow()) : new Match.Found(entry.route, entry.params(values));
    }

    /// @param start where the next segment begins
    /// @param values collects the values of parameters; unchanged if nothing is found
    private static Node find(Node node, String path, int start, List<String> values) {
        var slash = path.indexOf('/', start);
        var end = slash < 0 ? path.length() : slash;
        var segment = Target.decoded(path, start, end);
        var literal = node.literals.get(segment);
        if (literal != null) {
            var found = slash < 0 ? literal.ifRouted() : find(literal, path, slash + 1, values);
            if (found != null) {
                return found;
            }
        }
        if (node.parameter == null || segment.isEmpty()) {
            return null;
        }
        values.add(segment);
        var found = slash < 0 ? node.parameter.ifRouted() : find(node.parameter, path, slash + 1, values);
        if (found == null) {
            values.removeLast();
        }
        return found;
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final Map<String, Entry> routes = new TreeMap<>();
        private Node parameter;

        private Node ifRouted() {
            return routes.isEmpty() ? null : this;
        }

        private TreeSet<String> allow() {
            var methods = new TreeSet<>(routes.keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            return methods;
        }
    }

    /// @param names the parameters of the template, in order
    private record Entry(Route route, List<String> names) {
        private Map<String, String> params(List<String> values) {
            if (names.isEmpty()) {
                return Map.of();
            }
            if (names.size() == 1) {
                return Map.of(names.getFirst(), values.getFirst());
            }
            var params = new HashMap<String, String>();
            for (var i = 0; i < names.size(); i++) {
                params.put(names.get(i), values.get(i));
            }
            return Map.copyOf(params);
        }
    }
}
