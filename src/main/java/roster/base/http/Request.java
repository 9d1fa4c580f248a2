package roster.base.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.net.TrustedProxies;
import roster.model.Caller;

/// One request, read lazily. Immutable but for the body, which is read from the network on first use.
public final class Request {
    private static final Map<String, HeaderName> HEADER_NAMES = new ConcurrentHashMap<>();

    private final String method;
    private final Target target;
    private final String id;
    private final Headers headers;
    private final InetAddress peer;
    private final TrustedProxies proxies;
    private final Body body;
    private final Route route;
    private final Map<String, String> params;
    private final Caller caller;

    Request(String method, Target target, String id, Headers headers, InetAddress peer, TrustedProxies proxies,
        Body body) {
        this(method, target, id, headers, peer, proxies, body, null, Map.of(), null);
    }

    private Request(String method, Target target, String id, Headers headers, InetAddress peer, TrustedProxies proxies,
        Body body, Route route, Map<String, String> params, Caller caller) {
        this.method = method;
        this.target = target;
        this.id = id;
        this.headers = headers;
        this.peer = peer;
        this.proxies = proxies;
        this.body = body;
        this.route = route;
        this.params = params;
        this.caller = caller;
    }

    /// As sent. `HEAD` finds the routes of `GET`, and the server leaves the body of the answer away.
    public String method() {
        return method;
    }

    /// The path, decoded: to look at, not to take apart. An encoded slash cannot be told from a real one here.
    public String path() {
        return target.path();
    }

    /// The path as sent, still percent-encoded. Never broken: such requests are answered 400 by the server.
    public String rawPath() {
        return target.rawPath();
    }

    /// Names this request in answers, logs and the audit: a UUID of version 7, made by the server.
    public String id() {
        return id;
    }

    /// The first value of a header, without blanks around it; its name in any letter case.
    ///
    /// `Content-Length` and `Transfer-Encoding` are not shown: see [#body()].
    public Optional<String> header(String name) {
        return headers.first(headerName(name));
    }

    /// Every value of a header, in the order received.
    public List<String> headers(String name) {
        var wanted = headerName(name);
        return headers.contains(wanted) ? headers.values(wanted) : List.of();
    }

    /// Made once for each name that the program asks for.
    private static HeaderName headerName(String name) {
        var known = HEADER_NAMES.get(name);
        return known != null ? known : HEADER_NAMES.computeIfAbsent(name, HeaderNames::create);
    }

    /// Which headers were sent, in lower case and sorted.
    public Set<String> headerNames() {
        var names = new TreeSet<String>();
        headers.forEach(header -> names.add(header.headerName().lowerCase()));
        return names;
    }

    public Query query() {
        return target.query();
    }

    /// Whom it comes from: the peer, or what trusted proxies say of him.
    public InetAddress address() {
        if (!proxies.trusts(peer)) {
            return peer;
        }
        return proxies.client(peer, headers("X-Forwarded-For"));
    }

    /// The whole body; empty if there is none. Asks a client that waits for it (`Expect: 100-continue`) to send it.
    ///
    /// @return the same bytes each time; not to be changed
    /// @throws roster.model.Refused with `TooLarge` beyond [Limits#bodyBytes()], `TooSlow` beyond [Limits#bodyTime()],
    ///     `BadRequest` when its framing is broken or the client went away in the middle of it
    public byte[] body() {
        return body.read();
    }

    public boolean hasBody() {
        return body.sent();
    }

    /// A parameter of the route's template, decoded.
    ///
    /// @throws IllegalArgumentException if the template has no such parameter
    public String pathText(String name) {
        var value = params.get(name);
        if (value == null) {
            throw new IllegalArgumentException("No path parameter " + name + " in this route");
        }
        return value;
    }

    /// @throws IllegalStateException before a route was chosen
    public Route route() {
        if (route == null) {
            throw new IllegalStateException("No route was chosen yet");
        }
        return route;
    }

    /// @throws IllegalStateException before the Gate let anybody in
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("Nobody was let in yet");
        }
        return caller;
    }

    /// The same request at its route.
    public Request at(Match.Found found) {
        return at(found.route(), found.params());
    }

    public Request at(Route chosen, Map<String, String> values) {
        return new Request(method, target, id, headers, peer, proxies, body, chosen, values, caller);
    }

    /// The same request with its caller.
    public Request as(Caller admitted) {
        return new Request(method, target, id, headers, peer, proxies, body, route, params, admitted);
    }
}
