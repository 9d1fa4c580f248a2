package roster.base.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import roster.support.Await;

/// A client that sends what it is told, byte by byte if need be, and fails where the server is silent for [Await#PATIENCE].
public final class Raw implements AutoCloseable {
    /// The limits of a server that is patient with tests, which may be held up between two halves of a request: on a busy machine for
    /// longer than the server usually waits. What it does when a time is over is another test's matter.
    public static final Limits LIMITS =
        Limits.STANDARD.withTimes(Await.PATIENCE, Await.PATIENCE, Limits.STANDARD.idleTime(),
            Await.PATIENCE, Limits.STANDARD.lingerTime());

    private final Socket socket;
    private int pushedBack = -1;

    private Raw(Socket socket) {
        this.socket = socket;
    }

    static Raw to(WebServer server) throws IOException {
        var socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout((int) Await.PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        return new Raw(socket);
    }

    /// From another address of this machine.
    static Raw from(String address, WebServer server) throws IOException {
        var socket = new Socket("127.0.0.1", server.port(), InetAddress.getByName(address), 0);
        socket.setSoTimeout((int) Await.PATIENCE.toMillis());
        return new Raw(socket);
    }

    /// The same with a small window, so that the network takes little of what is not read.
    static Raw from(String address, WebServer server, int receiveBytes) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(receiveBytes);
        socket.bind(new InetSocketAddress(address, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.setSoTimeout((int) Await.PATIENCE.toMillis());
        return new Raw(socket);
    }

    /// One request on a connection of its own.
    public static Answer ask(WebServer server, String request) throws IOException {
        try (var raw = to(server)) {
            return raw.send(request).answer();
        }
    }

    /// @param text one byte a character; `\n` stands for itself, so lines end with `\r\n`
    Raw send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Raw send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /// Says that nothing more will come.
    Raw sendEnd() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /// Sends one byte after the other, each after a pause, until the server stops listening.
    ///
    /// @return whether it did so before all was sent
    boolean drip(String text, int pauseMillis) throws IOException {
        for (var b : text.getBytes(StandardCharsets.ISO_8859_1)) {
            // Listening is the pause: an answer or a close ends it at once.
            socket.setSoTimeout(pauseMillis);
            try {
                if (socket.getInputStream().available() > 0 || peekEnd()) {
                    return true;
                }
                send(new byte[] {b});
            } catch (SocketException _) {
                return true;
            } finally {
                socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            }
        }
        return false;
    }

    /// Whether the server has sent something, or closed the connection.
    boolean hasHeard() {
        try {
            socket.setSoTimeout(1);
            try {
                return peekEnd();
            } finally {
                socket.setSoTimeout((int) Await.PATIENCE.toMillis());
            }
        } catch (SocketException _) {
            return true; // reset
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean peekEnd() throws IOException {
        try {
            pushedBack = socket.getInputStream().read();
            return true;
        } catch (SocketTimeoutException _) {
            return false;
        }
    }

    private int read() throws IOException {
        if (pushedBack >= 0) {
            var b = pushedBack;
            pushedBack = -1;
            return b;
        }
        return socket.getInputStream().read();
    }

    /// The next answer with a body.
    Answer answer() throws IOException {
        return answer(true);
    }

    /// The next answer, to a `HEAD` request.
    Answer answerWithoutBody() throws IOException {
        return answer(false);
    }

    private Answer answer(boolean body) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            var b = read();
            if (b < 0) {
                throw new IOException("Closed after: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(b);
        }
        var lines = new ArrayList<>(List.of(head.toString(StandardCharsets.ISO_8859_1).split("\r\n")));
        var status = Integer.parseInt(lines.removeFirst().split(" ")[1]);
        var answer = new Answer(status, lines, "");
        var length = body ? answer.header("Content-Length").map(Integer::parseInt).orElse(0) : 0;
        return new Answer(status, lines,
            new String(socket.getInputStream().readNBytes(length), StandardCharsets.UTF_8));
    }

    /// Whether the server closes the connection, without sending anything more.
    boolean ends() throws IOException {
        try {
            return read() < 0;
        } catch (SocketException _) {
            return true; // reset
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// @param lines of the headers
    record Answer(int status, List<String> lines, String body) {
        Optional<String> header(String name) {
            var start = name.toLowerCase(Locale.ROOT) + ": ";
            return lines.stream().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length())).findFirst();
        }
    }
}
