package roster.base.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import roster.model.Problem;
import roster.model.Refused;

/// A connection as the library's parser sees it, with Roster's limits applied.
///
/// Every read and write goes through here. The library limits only the time of a single read and of an idle
/// connection; a client that sends one byte per second stays within both. Here each phase of a request has a limit on
/// its total time. It is checked before each read, and by [WebServer], which wakes threads that have waited for too
/// long.
final class Wire implements ConnectionContext {
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final HeaderName NAMELESS = HeaderNames.create("");
    private static final int LINGER_BYTES_MAX = 16 << 20;
    private static final long EPOCH = System.nanoTime();
    private static final long NEVER = Long.MAX_VALUE;
    private static final long GIVEN_UP = Long.MIN_VALUE;

    private enum Phase { IDLE, HEAD, ANSWER, BODY, REST }

    private final ConnectionContext outer;
    private final Limits limits;
    private final Router router;
    private final SocketChannel channel;
    private final DataReader reader = DataReader.create(this::read);
    private final DataWriter writer = new TimedWriter();
    private final InetAddress peer;

    /// When to wake a thread that waits for this client. Only the thread that changes the value acts on it.
    private final AtomicLong patience = new AtomicLong(NEVER);
    private volatile boolean writing;

    private Phase phase = Phase.IDLE;
    private long phaseEnd;
    private long headBytes;
    private Body body;

    Wire(ConnectionContext outer, SocketChannel channel, Limits limits, Router router) {
        this.outer = outer;
        this.channel = channel;
        this.limits = limits;
        this.router = router;
        this.peer = ((InetSocketAddress) outer.remotePeer().address()).getAddress();
    }

    Limits limits() {
        return limits;
    }

    InetAddress peer() {
        return peer;
    }

    Body body() {
        return body;
    }

    /// Called when the head of a request is complete.
    void beginRequest(WritableHeaders<?> headers) {
        if (headers.size() > limits.headers()) {
            throw Errors.duringHead(431);
        }
        if (headers.contains(NAMELESS)) {
            throw Errors.duringHead(400); // a line that begins with a colon, which the library lets through
        }
        phase = Phase.ANSWER;
        body = Body.of(this, headers);
    }

    void beginBody() {
        begin(Phase.BODY, limits.bodyTime());
    }

    void endBody() {
        phase = Phase.ANSWER;
    }

    void beginSkipping() {
        begin(Phase.REST, limits.bodyTime());
    }

    void endRequest() {
        phase = Phase.IDLE;
        body = null;
    }

    void sendContinue() {
        try {
            writer.writeNow(BufferData.create(CONTINUE));
        } catch (UncheckedIOException _) {
            throw new Refused(new Problem.BadRequest()); // the client is gone
        }
    }

    /// Closes the sending side, then discards what the client still sends. Closing a socket with unread bytes resets
    /// the connection, and the reset could overtake the response that explains why.
    void linger() {
        begin(Phase.REST, limits.lingerTime());
        try {
            channel.shutdownOutput();
            for (var left = LINGER_BYTES_MAX; left > 0;) {
                var bytes = read();
                if (bytes == null) {
                    return;
                }
                left -= bytes.length;
            }
        } catch (IOException | CloseConnectionException _) {
            // The connection is gone, which is what was wanted.
        }
    }

    /// Stops waiting for this client if a limit is exceeded. A reader gets the end of the stream, and can still answer;
    /// a writer gets an exception.
    ///
    /// @param last whether no further request is wanted; if so, idle connections count as overdue
    void stopIfOverdue(boolean last) {
        var end = patience.get();
        var overdue = end <= nanos() || last && end != NEVER && phase == Phase.IDLE;
        if (overdue && end != GIVEN_UP && patience.compareAndSet(end, GIVEN_UP)) {
            try {
                if (writing) {
                    channel.close();
                } else {
                    channel.shutdownInput();
                }
            } catch (IOException _) {
                // It was closed by the other side.
            }
        }
    }

    /// Closes the channel. Threads that read or write get an exception.
    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It was closed by the other side.
        }
    }

    private void begin(Phase next, Duration limit) {
        phase = next;
        phaseEnd = nanos() + limit.toNanos();
    }

    private byte[] read() {
        if (phase == Phase.IDLE && reader.available() > 0) {
            beginHead(reader.available()); // arrived together with the previous request
        }
        if (phase == Phase.HEAD && headBytes >= limits.headBytes()) {
            throw Errors.duringHead(431);
        }
        if (phase == Phase.IDLE) {
            phaseEnd = nanos() + limits.idleTime().toNanos();
        } else if (nanos() >= phaseEnd) {
            throw tooLate();
        }
        var bytes = waitForBytes();
        if (phase == Phase.IDLE && bytes != null) {
            beginHead(bytes.length);
        } else if (phase == Phase.HEAD) {
            if (bytes == null) {
                throw new CloseConnectionException("The client went away in the middle of a request");
            }
            headBytes += bytes.length;
        }
        return bytes;
    }

    private void beginHead(int bytes) {
        begin(Phase.HEAD, limits.headTime());
        headBytes = bytes;
    }

    private byte[] waitForBytes() {
        writing = false;
        patience.set(phaseEnd);
        byte[] bytes;
        boolean givenUp;
        try {
            bytes = outer.serverSocket().get();
        } catch (UncheckedIOException e) {
            throw new ServerConnectionException("The connection broke", e);
        } finally {
            givenUp = patience.getAndSet(NEVER) == GIVEN_UP;
        }
        if (givenUp) {
            throw tooLate();
        }
        return bytes;
    }

    private RuntimeException tooLate() {
        return switch (phase) {
            case HEAD -> Errors.duringHead(408);
            case BODY -> new Refused(new Problem.TooSlow());
            case IDLE, ANSWER, REST -> new CloseConnectionException("The client took too long");
        };
    }

    private static long nanos() {
        return System.nanoTime() - EPOCH;
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public DataWriter dataWriter() {
        return writer;
    }

    @Override
    public Router router() {
        return router;
    }

    @Override
    public ListenerContext listenerContext() {
        return outer.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return outer.executor();
    }

    @Override
    public HelidonSocket serverSocket() {
        return outer.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return outer.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return outer.localPeer();
    }

    @Override
    public boolean isSecure() {
        return outer.isSecure();
    }

    @Override
    public String socketId() {
        return outer.socketId();
    }

    @Override
    public String childSocketId() {
        return outer.childSocketId();
    }

    /// Writes, within the limit on the time the client takes to accept the bytes.
    private final class TimedWriter implements DataWriter {
        @Override
        public void write(BufferData buffer) {
            writing = true;
            patience.set(nanos() + limits.writeTime().toNanos());
            try {
                outer.serverSocket().write(buffer);
            } finally {
                patience.set(NEVER);
            }
        }

        @Override
        public void write(BufferData... buffers) {
            write(BufferData.create(buffers));
        }

        @Override
        public void writeNow(BufferData buffer) {
            write(buffer);
        }

        @Override
        public void writeNow(BufferData... buffers) {
            write(buffers);
        }

        @Override
        public void close() {
            // The owner of the socket closes it.
        }
    }
}
