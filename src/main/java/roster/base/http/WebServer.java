package roster.base.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;

/// The HTTP server: passes every request to one handler, on one virtual thread per connection.
///
/// It answers malformed requests itself, in the form of all errors. Every response has an `X-Request-Id`.
public final class WebServer implements AutoCloseable {
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Channels channels = new Channels();
    private final String host;
    private final Exchange exchange;
    private final io.helidon.webserver.WebServer server;
    private int port;
    private volatile boolean closed;

    private WebServer(String host, int port, Limits limits, TrustedProxies proxies, Ids ids, Handler root)
        throws UnknownHostException {
        this.host = host;
        this.exchange = new Exchange(root, proxies, ids);
        this.server = io.helidon.webserver.WebServer.builder()
            .shutdownHook(false)
            .address(InetAddress.getByName(host))
            .port(port)
            .maxTcpConnections(Math.min(limits.connections(), filesForConnections()))
            .connectionOptions(channels)
            // Exactly one protocol: with a second, the library would read a connection's first bytes past our limits.
            .protocolsDiscoverServices(false)
            .addConnectionSelector(new Selector(http1(limits), limits))
            .directHandlers(errors(exchange::newId))
            // `drain` ends it, with a limit of its own.
            .shutdownGracePeriod(Duration.ofDays(1))
            .idleConnectionTimeout(Duration.ofDays(1))
            .build();
    }

    /// Loads the library's classes, which takes a third of the start. Call it while something else waits.
    public static void warmUp() {
        io.helidon.webserver.WebServer.builder().shutdownHook(false).protocolsDiscoverServices(false)
            .addConnectionSelector(Http1ConnectionSelector.builder().config(http1(Limits.STANDARD)).build())
            .directHandlers(errors(() -> "")).build();
    }

    /// Starts listening.
    ///
    /// @param host name or address of an interface; `0.0.0.0` for all
    /// @param port 0 for any free one
    /// @param root answers every request; an exception it throws is logged and answered with 500
    /// @throws IllegalStateException if it cannot listen there, with the reason
    public static WebServer start(String host, int port, Limits limits, TrustedProxies proxies, Ids ids, Handler root) {
        try {
            var server = new WebServer(host, port, limits, proxies, ids, root);
            server.server.start();
            if (!server.server.isRunning()) {
                throw new IllegalStateException(why(InetAddress.getByName(host), port)); // the library only logs it
            }
            server.port = server.server.port();
            Thread.ofPlatform().daemon().name("http-limits").start(() -> server.stopOverdue(limits.tick()));
            return server;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Cannot listen on %s port %d".formatted(host, port),
                new IllegalStateException("there is no such host", e));
        } catch (RuntimeException e) {
            throw new IllegalStateException("Cannot listen on %s port %d".formatted(host, port), e);
        }
    }

    private static String why(InetAddress address, int port) {
        if (!ofThisMachine(address)) {
            return "that is no address of this machine";
        }
        return port > 0 && port < 1024 ? "the port is taken, or only root may listen on it" : "the port is taken";
    }

    private static boolean ofThisMachine(InetAddress address) {
        try {
            return address.isAnyLocalAddress() || address.isLoopbackAddress()
                || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return true; // unknown
        }
    }

    /// The port the server listens on, or listened on before it was closed.
    public int port() {
        return port;
    }

    /// The address as a URL, such as `http://127.0.0.1:8080`.
    public String address() {
        return "http://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, port());
    }

    /// Number of open connections, including idle ones.
    public int connections() {
        return open.size();
    }

    /// Stops accepting connections, waits for running requests, then closes all connections. Closes idle ones at once.
    ///
    /// @param limit after which the threads of requests that still run are interrupted
    public void drain(Duration limit) {
        exchange.lastRequests();
        var stopping = Thread.ofVirtual().name("http-drain").start(server::stop);
        try {
            if (!stopping.join(limit)) {
                open.forEach(Connection::abort);
                stopping.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            open.forEach(Connection::abort);
            Thread.currentThread().interrupt();
        }
        closed = true;
    }

    /// Stops at once.
    @Override
    public void close() {
        drain(Duration.ZERO);
    }

    private void stopOverdue(Duration tick) {
        while (!closed) {
            LockSupport.parkNanos(tick.toNanos());
            open.forEach(connection -> connection.stopIfOverdue(exchange.last()));
        }
    }

    /// File descriptors available for connections. The library stops the server when accepting fails, so some must
    /// stay free for accepting and for the database: 1024, or half of them if there are few.
    private static int filesForConnections() {
        var files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() : Integer.MAX_VALUE;
        return (int) Math.min(Integer.MAX_VALUE, Math.max(files - 1024, files / 2));
    }

    private static Http1Config http1(Limits limits) {
        return Http1Config.builder()
            .maxPrologueLength(limits.lineBytes())
            // Our own limit applies first, because it answers 431 and the library 400. That takes one more read.
            .maxHeadersSize(limits.headBytes() + (16 << 10))
            // Both check the target, and refuse brackets in a query. `Target` checks it instead.
            .validatePrologue(false)
            .validatePath(false)
            .validateRequestHeaders(true)
            .log(log -> log.receiveLog(false).sendLog(false)) // these logs would contain keys
            .addReceiveListener(new Http1ConnectionListener() {
                @Override
                public void headers(ConnectionContext context, Headers headers) {
                    // These are the headers the library is about to use, before it checks the framing.
                    ((Wire) context).beginRequest((WritableHeaders<?>) headers);
                }
            })
            .build();
    }

    private static DirectHandlers errors(Supplier<String> requestIds) {
        DirectHandler handler = (request, type, status, headers, message) -> {
            // Exceptions of handlers never get here. The library also reports malformed requests as internal errors.
            var answer = Errors.response(type == EventType.INTERNAL_ERROR ? 400 : status.code());
            return DirectHandler.TransportResponse.builder()
                .status(Status.create(answer.status()))
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .header(HeaderNames.create("X-Request-Id"), requestIds.get())
                .entity(answer.body())
                .keepAlive(false)
                .build();
        };
        var handlers = DirectHandlers.builder();
        for (var type : EventType.values()) {
            handlers.addHandler(type, handler);
        }
        return handlers.build();
    }

    private final class Selector implements ServerConnectionSelector {
        private final Http1ConnectionSelector http1;
        private final Limits limits;
        private final Router router = exchange.router();

        private Selector(Http1Config config, Limits limits) {
            this.http1 = Http1ConnectionSelector.builder().config(config).build();
            this.limits = limits;
        }

        @Override
        public int bytesToIdentifyConnection() {
            return http1.bytesToIdentifyConnection();
        }

        @Override
        public Support supports(io.helidon.common.buffers.BufferData data) {
            return Support.SUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return http1.supportedApplicationProtocols();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            var channel = channels.take(context.localPeer().address(), context.remotePeer().address());
            var wire = new Wire(context, channel, limits, router);
            return new Connection(http1.connection(wire), wire, open);
        }
    }
}
