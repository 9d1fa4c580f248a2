package roster.base.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import roster.base.net.TrustedProxies;
import roster.model.Caller;

/// A request. Immutable, except that the body is read from the network on first use.
public final class Request {
    /// As it came in; the rest is found out later.
    private record Received(String method, Target target, String id, HttpHeaders headers, InetAddress peer,
        TrustedProxies proxies, Body body, Waiting waiting) {}

    /// Who waits for the answer.
    ///
    /// @param stopping whether the server stops by now
    record Waiting(BooleanSupplier stopping, ClientLeaving client) {}

    private final Received received;
    private final Route route;
    private final Map<String, String> params;
    private final Caller caller;
    private final Admittance admittance;

    Request(HttpRequest head, Target target, String id, InetAddress peer, TrustedProxies proxies, Body body,
        Waiting waiting) {
        this(new Received(head.method().name(), target, id, head.headers(), peer, proxies, body, waiting), null,
            Map.of(), null, Admittance.NONE);
    }

    private Request(Received received, Route route, Map<String, String> params, Caller caller,
        Admittance admittance) {
        this.received = received;
        this.route = route;
        this.params = params;
        this.caller = caller;
        this.admittance = admittance;
    }

    /// The method as sent. `HEAD` matches the routes of `GET`; the server then omits the body of the response.
    public String method() {
        return received.method();
    }

    /// The decoded path. Do not split it: an encoded slash cannot be told from a real one.
    public String path() {
        return received.target().path();
    }

    /// The path as sent, percent-encoded. Always well formed, because the server answers 400 to any other.
    public String rawPath() {
        return received.target().rawPath();
    }

    /// Identifies this request in responses, logs and the audit trail: a UUID of version 7, created by the server.
    public String id() {
        return received.id();
    }

    /// The first value of a header, without surrounding blanks. The name is case-insensitive.
    ///
    /// `Content-Length` and `Transfer-Encoding` are always absent: see [#body()].
    public Optional<String> header(String name) {
        return Optional.ofNullable(received.headers().get(name));
    }

    /// Every value of a header, in the order received.
    public List<String> headers(String name) {
        return received.headers().getAll(name);
    }

    /// The names of the headers sent, in lower case and sorted.
    public Set<String> headerNames() {
        var names = new TreeSet<String>();
        received.headers().names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    public Query query() {
        return received.target().query();
    }

    /// Whether the server has been told to stop. Its clients are still answered for a while: a handler that does several things
    /// for one request begins no other then.
    public boolean serverStops() {
        return received.waiting().stopping().getAsBoolean();
    }

    /// Whether the client has left, or has ended its side of the connection: an answer that waits need not wait longer.
    public boolean clientIsGone() {
        return received.waiting().client().isGone();
    }

    /// Sets what is told once the client is gone.
    ///
    /// @param listener runs at once if it is gone already; must be fast
    public void whenClientIsGone(Runnable listener) {
        received.waiting().client().onLeaving(listener);
    }

    /// The client's address: that of the peer, or the one a trusted proxy reports.
    public InetAddress address() {
        if (!received.proxies().trusts(received.peer())) {
            return received.peer();
        }
        return received.proxies().client(received.peer(), headers("X-Forwarded-For"));
    }

    /// The whole body; empty if there is none. Sends `100 Continue` to a client that waits for it.
    ///
    /// @return the same array each time, which callers must not change
    /// @throws roster.model.Refused with `Encoded` if it is compressed, `TooLarge` beyond [Route#bodyBytes()] or
    ///     [Limits#bodyBytes()], `TooSlow` beyond [Limits#bodyTime()], `Unavailable` beyond [Limits#bytes()], `BadRequest` if
    ///     the framing is malformed or the client disconnects
    public byte[] body() {
        var waited = !received.body().isRead();
        var bytes = route == null || route.bodyBytes().isEmpty() ? received.body().read()
            : received.body().read(route.bodyBytes().getAsInt());
        if (waited) {
            admittance.bodyArrived();
        }
        return bytes;
    }

    public boolean hasBody() {
        return received.body().sent();
    }

    /// The decoded value of a parameter of the route's template.
    ///
    /// @throws IllegalArgumentException if the template has no such parameter
    public String pathText(String name) {
        var value = params.get(name);
        if (value == null) {
            throw new IllegalArgumentException("No path parameter " + name + " in this route");
        }
        return value;
    }

    /// @throws IllegalStateException before a route is chosen
    public Route route() {
        if (route == null) {
            throw new IllegalStateException("No route was chosen yet");
        }
        return route;
    }

    /// @throws IllegalStateException before the Gate has admitted a caller
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("No caller was admitted yet");
        }
        return caller;
    }

    /// The caller, if the Gate has admitted one.
    public Optional<Caller> admitted() {
        return Optional.ofNullable(caller);
    }

    /// The same request with its route.
    public Request at(Match.Found found) {
        return at(found.route(), found.params());
    }

    public Request at(Route chosen, Map<String, String> values) {
        return new Request(received, chosen, values, caller, admittance);
    }

    /// The same request with its caller. From now on, its body and its answer take their part of the memory that the
    /// organisation of the caller may have.
    ///
    /// @param more how the caller is admitted again
    public Request as(Caller admitted, Admittance more) {
        received.body().belongsTo(admitted.org());
        return new Request(received, route, params, admitted, more);
    }

    /// Looks the caller up once more, for an answer that has waited. It does not count as one more request.
    ///
    /// @throws roster.model.Refused if they lost their access meanwhile
    public void mustStillBeAdmitted() {
        admittance.still();
    }

    /// The same request for another of several things that its body asks for. It counts as one more request, and the caller is
    /// admitted as for one.
    ///
    /// @throws roster.model.Refused as a request of its own would be: beyond the limit of requests, and if the caller lost their
    ///     access meanwhile
    public Request another() {
        return new Request(received, route, params, admittance.another(), admittance);
    }
}
