package roster.base.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.DateTime;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.Routing;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpSecurity;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;
import roster.model.Problem;
import roster.model.Refused;

/// One request and its response, between the library's parser and Roster's handler.
///
/// Replaces the library's routing, and writes responses itself: the library would not close a connection after
/// `Connection: close`, and would send `Content-Length` with every 204.
final class Exchange implements HttpRouting {
    private static final Logger log = LoggerFactory.getLogger(Exchange.class);

    private final Handler root;
    private final TrustedProxies proxies;
    private final Ids ids;
    private final HttpSecurity security = HttpSecurity.create();
    private volatile boolean last;

    Exchange(Handler root, TrustedProxies proxies, Ids ids) {
        this.ids = ids;
        this.root = root;
        this.proxies = proxies;
    }

    String newId() {
        return ids.nextRequest().toString();
    }

    /// Closes each connection after its next response, from now on.
    void lastRequests() {
        last = true;
    }

    boolean last() {
        return last;
    }

    @Override
    public void route(ConnectionContext context, RoutingRequest sent, RoutingResponse unused) {
        try {
            serve((Wire) context, sent.prologue(), sent.headers());
        } catch (CloseConnectionException e) {
            throw e;
        } catch (InsufficientDataAvailableException | UncheckedIOException e) {
            throw new CloseConnectionException("The client is gone", e);
        } catch (Throwable e) {
            // Otherwise the library would answer, perhaps for the second time.
            log.error("A connection failed", e);
            throw new CloseConnectionException("A connection failed", e);
        }
    }

    private void serve(Wire wire, HttpPrologue prologue, ServerRequestHeaders headers) {
        var body = wire.body();
        var id = newId();
        var answer = answer(wire, id, prologue, headers);
        var close = last || headers.containsToken(HeaderValues.CONNECTION_CLOSE) || !body.leavesConnectionUsable();
        var head = prologue.method().text().equals("HEAD");
        wire.dataWriter().write(BufferData.create(bytes(answer, id, head, close)));
        if (close) {
            if (body.mayStillCome()) {
                wire.linger();
            }
            // The only way to make the library close a connection; otherwise it waits for the client to do so.
            throw new CloseConnectionException("The last request of this connection");
        }
        body.skip();
        wire.endRequest();
    }

    private Response answer(Wire wire, String id, HttpPrologue prologue, Headers headers) {
        try {
            if (prologue.fragment().hasValue() || !isToken(prologue.method().text())) {
                return Errors.response(400);
            }
            var target = target(prologue);
            if (target == null) {
                return Errors.response(400);
            }
            var method = prologue.method().text();
            var request = new Request(method, target, id, headers, wire.peer(), proxies, wire.body());
            return Objects.requireNonNull(root.handle(request), "No answer");
        } catch (Refused e) {
            return switch (e.problem()) {
                case Problem.TooLarge() -> Errors.response(413);
                case Problem.TooSlow() -> Errors.response(408);
                case Problem.BadRequest() -> Errors.response(400);
                default -> failed(id, e);
            };
        } catch (Throwable e) {
            return failed(id, e);
        }
    }

    private static Target target(HttpPrologue prologue) {
        try {
            return Target.of(prologue.uriPath().rawPath(), prologue.hasQuery() ? prologue.query().rawValue() : null);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Response failed(String id, Throwable e) {
        log.error("Request {} failed", id, e);
        return Errors.response(500);
    }

    /// Whether the method consists of letters and hyphens, as all methods in use do.
    private static boolean isToken(String method) {
        for (var i = 0; i < method.length(); i++) {
            var c = method.charAt(i);
            if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-') {
                return false;
            }
        }
        return !method.isEmpty();
    }

    private static byte[] bytes(Response answer, String id, boolean head, boolean close) {
        var lines = new StringBuilder(512);
        var length = answer.length();
        var status = Status.create(answer.status());
        lines.append("HTTP/1.1 ").append(status.code()).append(' ').append(status.reasonPhrase()).append("\r\n");
        lines.append("Date: ").append(DateTime.rfc1123String()).append("\r\n");
        line(lines, "X-Request-Id", id);
        answer.contentType().ifPresent(type -> line(lines, "Content-Type", type));
        if (answer.status() != 204 && answer.status() != 304) {
            lines.append("Content-Length: ").append(length).append("\r\n");
        }
        for (var header : answer.headers()) {
            line(lines, header.name(), header.value());
        }
        if (close) {
            line(lines, "Connection", "close");
        }
        lines.append("\r\n");
        var top = lines.toString().getBytes(StandardCharsets.ISO_8859_1); // ASCII, see `Response.Header`
        if (head || length == 0) {
            return top;
        }
        // A single write: two would be two packets, and the second might wait for the acknowledgement of the first.
        var bytes = Arrays.copyOf(top, top.length + length);
        answer.writeBody(bytes, top.length);
        return bytes;
    }

    private static void line(StringBuilder lines, String name, String value) {
        lines.append(name).append(": ").append(value).append("\r\n");
    }

    @Override
    public HttpSecurity security() {
        return security;
    }

    /// Routes every request to this object.
    Router router() {
        return new Router() {
            @Override
            public <T extends Routing> T routing(Class<T> type, T otherwise) {
                return type == HttpRouting.class ? type.cast(Exchange.this) : otherwise;
            }

            @Override
            public List<? extends Routing> routings() {
                return List.of(Exchange.this);
            }

            @Override
            public void beforeStart() {
                // Nothing to start.
            }

            @Override
            public void afterStop() {
                // Nothing to stop.
            }
        };
    }
}
