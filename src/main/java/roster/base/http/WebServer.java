package roster.base.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.concurrent.locks.LockSupport;
import roster.base.net.TrustedProxies;
import roster.base.source.Ids;

/// The HTTP server: passes every request to one handler, on a virtual thread.
///
/// It answers malformed requests itself, in the form of all errors. Every response has an `X-Request-Id`.
public final class WebServer implements AutoCloseable {
    /// Threads that read and write.
    private static final int LOOPS = Math.max(1, Runtime.getRuntime().availableProcessors());

    private static final int BACKLOG = 4096;

    /// How many connections may be accepted before the server hears that it should not.
    private static final int OVERSHOOT = 64;

    private final OpenConnections open;
    private final AtomicInteger channels = new AtomicInteger(); // those that are being closed included

    /// With a thread of its own, so that a connection does not wait for what others ask before it is accepted.
    private final MultiThreadIoEventLoopGroup accepting;
    private final MultiThreadIoEventLoopGroup loops;
    private final String host;
    private final Limits limits;
    private final int connectionsMax;
    private final Exchange exchange;
    private final Budget budget;
    private volatile Channel listening;
    private int port;
    private volatile boolean closed;

    private WebServer(String host, Limits limits, Exchange exchange, Budget budget, Transport transport) {
        this.budget = budget;
        this.open = new OpenConnections(budget);
        this.host = host;
        this.limits = limits;
        this.exchange = exchange;
        this.connectionsMax = limits.connections();
        this.accepting = transport.loops(1, new DefaultThreadFactory("http-accept", true));
        this.loops = transport.loops(LOOPS, new DefaultThreadFactory("http", true));
    }

    /// Loads the library's classes. Call it while something else waits.
    public static void warmUp() {
        var transport = Transport.best();
        new HttpRequestDecoder();
        ResponseBytes.of(ByteBufAllocator.DEFAULT, Errors.response(400), "", false, false, false).release();
        var _ = new MultiThreadIoEventLoopGroup(1, transport.waiting()).shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    /// Starts listening.
    ///
    /// @param host name or address of an interface; `0.0.0.0` for all
    /// @param port 0 for any free one
    /// @param root answers every request; an exception it throws is logged and answered with 500
    /// @throws IllegalStateException if it cannot listen there, with the reason
    public static WebServer start(String host, int port, Limits limits, TrustedProxies proxies, Ids ids, Handler root) {
        var address = resolved(host, port);
        var transport = Transport.best();
        var within = limits.within(filesForConnections());
        var server = new WebServer(host, within, new Exchange(root, proxies, ids), new Budget(within, proxies::trusts),
            transport);
        var bound = server.bootstrap(transport).bind(address, port).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            server.stopLoops();
            throw cannotListen(host, port, why(address, port), bound.cause());
        }
        server.listening = bound.channel();
        server.port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
        Thread.ofPlatform().daemon().name("http-limits").start(() -> server.stopOverdue(limits.tick()));
        return server;
    }

    /// Finds out whether [#start] could listen there now, without accepting anything.
    ///
    /// @throws IllegalStateException if it could not, with the reason
    public static void mustBeFree(String host, int port) {
        var address = resolved(host, port);
        try (var socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            throw cannotListen(host, port, why(address, port), e);
        }
    }

    private static InetAddress resolved(String host, int port) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw cannotListen(host, port, "there is no such host", e);
        }
    }

    private static IllegalStateException cannotListen(String host, int port, String why, Throwable cause) {
        return new IllegalStateException("Cannot listen on %s port %d".formatted(host, port),
            new IllegalStateException(why, cause));
    }

    private ServerBootstrap bootstrap(Transport transport) {
        return transport.set(new ServerBootstrap().group(accepting, loops))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true) // a restart need not wait for connections of before
            .childHandler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    accept(channel);
                }
            });
    }

    private void accept(SocketChannel channel) {
        if (channel.remoteAddress() == null) {
            var _ = channel.close(); // the client is gone already
            return;
        }
        var connection = new Connection(channel, exchange, limits, budget, open);
        // The place for TLS is before these two.
        channel.pipeline().addLast(connection.head(), connection);
        if (channels.incrementAndGet() > connectionsMax + OVERSHOOT
            || connection.held().isOneTooMany() && !open.closeIdle(connection.peer())) {
            connection.abort();
        } else if (open.size() >= connectionsMax) {
            makeRoom(channel.parent());
        }
        open.add(connection);
        var _ = channel.closeFuture().addListener(_ -> ended(connection));
    }

    /// Closes a connection that has been idle for long. If none has been for a moment, more of them wait to be accepted: the
    /// request of one that is new may be on its way.
    private void makeRoom(Channel server) {
        if (!open.closeIdle(limits.tick())) {
            server.config().setAutoRead(false);
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

    /// Bytes of heads, bodies and answers in memory.
    public long bytes() {
        return budget.bytes();
    }

    /// Number of open connections, including idle ones.
    public int connections() {
        return open.size();
    }

    /// Stops accepting connections, waits for running requests, then closes all connections. Closes idle ones at once.
    ///
    /// @param limit after which the threads of requests that still run are interrupted
    public void drain(Duration limit) {
        if (closed) {
            return;
        }
        exchange.lastRequests();
        listening.close().awaitUninterruptibly();
        open.forEach(connection -> connection.stopIfOverdue(true));
        try {
            if (!open.awaitNone(limit)) {
                open.forEach(Connection::abort);
                open.awaitNone(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            open.forEach(Connection::abort);
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            exchange.close();
            stopLoops();
        }
    }

    private void ended(Connection connection) {
        channels.decrementAndGet();
        connection.held().close();
        open.remove(connection);
        var server = listening;
        if (server != null && !server.config().isAutoRead()) {
            server.config().setAutoRead(true);
        }
    }

    private void stopLoops() {
        var ended = Stream.of(accepting, loops)
            .map(group -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS)).toList();
        ended.forEach(each -> each.awaitUninterruptibly(2, TimeUnit.SECONDS));
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
            var enough = false;
            while (open.size() > connectionsMax && !enough) {
                enough = !open.closeIdle(tick);
            }
            if (!listening.config().isAutoRead()) {
                makeRoom(listening);
            }
        }
    }

    /// File descriptors available for connections. Some must stay free for accepting and for the database: 1024, or half of
    /// them if there are few.
    private static int filesForConnections() {
        var files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount() : Integer.MAX_VALUE;
        return (int) Math.min(Integer.MAX_VALUE, Math.max(files - 1024, files / 2));
    }
}
