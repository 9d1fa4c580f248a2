package roster.promise;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// One connection that sends prepared requests and reads the answers, at little cost: the machine is the server's.
final class PlainClient implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
    private static final String HEAD_END = "\r\n\r\n";

    /// A server that does not answer within it must not hold up the measurement.
    private static final int PATIENCE_MILLIS = 60_000;

    /// An answer. Status 0: the connection broke, or there was none for a minute.
    record Sample(int status, double millis) {}

    private final URI server;
    private Socket socket;
    private BufferedInputStream in;

    PlainClient(String server) {
        this.server = URI.create(server);
    }

    /// @param body none for null
    static byte[] request(String method, String path, String body, Map<String, String> headers) {
        var bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder("%s %s HTTP/1.1\r\nHost: localhost\r\n".formatted(method, path));
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        if (body != null || !method.equals("GET")) {
            head.append("Content-Length: ").append(bytes.length).append("\r\n");
        }
        var start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        var all = new byte[start.length + bytes.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(bytes, 0, all, start.length, bytes.length);
        return all;
    }

    Sample send(byte[] request) {
        var began = System.nanoTime();
        int status;
        try {
            if (socket == null) {
                socket = new Socket();
                socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
                socket.setSoTimeout(PATIENCE_MILLIS);
                socket.setTcpNoDelay(true);
                in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            }
            socket.getOutputStream().write(request);
            status = answer();
        } catch (IOException e) {
            close();
            status = 0;
        }
        return new Sample(status, (System.nanoTime() - began) / 1e6);
    }

    private int answer() throws IOException {
        var head = new StringBuilder(1024);
        while (head.indexOf(HEAD_END, Math.max(0, head.length() - HEAD_END.length())) < 0) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.append((char) next);
        }
        var status = Integer.parseInt(head.substring(9, 12));
        var length = LENGTH.matcher(head);
        if (length.find()) {
            in.skipNBytes(Long.parseLong(length.group(1)));
        } else if (status != 204 && status != 304) {
            close(); // the end of the answer is that of the connection
        }
        if (head.toString().toLowerCase(Locale.ROOT).contains("connection: close")) {
            close();
        }
        return status;
    }

    @Override
    public void close() {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            socket = null;
        }
    }
}
