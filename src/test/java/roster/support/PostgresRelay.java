package roster.support;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/// Stands between a node and PostgreSQL, counts what is asked, and cuts the connection of a write at its commit.
public final class PostgresRelay implements AutoCloseable {
    /// Where the connection of the next write is cut.
    public enum Cut { BEFORE_COMMIT, BEFORE_ITS_ANSWER }

    private static final Pattern PLACE = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

    private final ServerSocket socket;
    private final String url;
    private final int target;
    private final AtomicReference<Cut> next = new AtomicReference<>();
    private final AtomicLong executed = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();

    /// @param url of the database behind it
    public PostgresRelay(String url) {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var place = PLACE.matcher(url);
        if (!place.find()) {
            throw new IllegalArgumentException(url);
        }
        target = Integer.parseInt(place.group(1));
        this.url = place.replaceFirst("127.0.0.1:" + socket.getLocalPort()) + "&sslmode=disable&gssEncMode=disable";
        Thread.ofVirtual().start(this::accept);
    }

    /// The same database, through here.
    public String url() {
        return url;
    }

    /// Cuts the connection of the next write that changed something, once.
    public void cut(Cut where) {
        next.set(where);
    }

    public long cuts() {
        return cuts.get();
    }

    /// Statements so far, those that begin and end transactions included.
    public long executed() {
        return executed.get();
    }

    private void accept() {
        try {
            while (true) {
                new Line(socket.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private final class Line {
        private final Socket client;
        private final Socket server;
        private final Set<String> commits = ConcurrentHashMap.newKeySet();
        private final Set<String> writes = ConcurrentHashMap.newKeySet();
        private volatile boolean writing;

        private Line(Socket client, Socket server) throws IOException {
            this.client = client;
            this.server = server;
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> carry(this::fromClient));
            Thread.ofVirtual().start(() -> carry(this::fromServer));
        }

        @FunctionalInterface
        private interface Way {
            void carry() throws IOException;
        }

        private void carry(Way way) {
            try (client; server) {
                way.carry();
            } catch (IOException e) {
                // either side is gone, and now the other too
            }
        }

        private void fromClient() throws IOException {
            var in = new DataInputStream(client.getInputStream());
            var out = server.getOutputStream();
            send(out, -1, body(in)); // the start has no type
            while (true) {
                var type = in.readUnsignedByte();
                var body = body(in);
                switch (type) {
                    case 'P' -> parsed(text(body, 0), text(body, text(body, 0).length() + 1));
                    case 'B' -> {
                        var statement = text(body, text(body, 0).length() + 1);
                        writing |= writes.contains(statement);
                        if (commits.contains(statement) && writing && next.compareAndSet(Cut.BEFORE_COMMIT, null)) {
                            cuts.incrementAndGet();
                            return;
                        }
                    }
                    case 'E', 'Q' -> executed.incrementAndGet();
                    default -> {}
                }
                send(out, type, body);
            }
        }

        private void parsed(String name, String sql) {
            commits.remove(name);
            writes.remove(name);
            if (sql.equals("COMMIT")) {
                commits.add(name);
            } else if (sql.replaceAll("\\s+", " ").startsWith("UPDATE orgs SET version")) {
                writes.add(name);
            }
        }

        private void fromServer() throws IOException {
            var in = new DataInputStream(server.getInputStream());
            var out = client.getOutputStream();
            while (true) {
                var type = in.readUnsignedByte();
                var body = body(in);
                if (type == 'C' && text(body, 0).equals("COMMIT") && writing) {
                    writing = false;
                    if (next.compareAndSet(Cut.BEFORE_ITS_ANSWER, null)) {
                        cuts.incrementAndGet();
                        return;
                    }
                }
                send(out, type, body);
            }
        }
    }

    private static byte[] body(DataInputStream in) throws IOException {
        var body = new byte[in.readInt() - 4];
        in.readFully(body);
        return body;
    }

    private static void send(OutputStream out, int type, byte[] body) throws IOException {
        var start = type < 0 ? 0 : 1;
        var message = new byte[start + 4 + body.length];
        message[0] = (byte) type;
        var length = body.length + 4;
        for (int i = 0; i < 4; i++) {
            message[start + i] = (byte) (length >>> 8 * (3 - i));
        }
        System.arraycopy(body, 0, message, start + 4, body.length);
        out.write(message);
    }

    private static String text(byte[] body, int from) {
        var to = from;
        while (body[to] != 0) {
            to++;
        }
        return new String(body, from, to - from, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
