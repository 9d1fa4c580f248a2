import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// One connection to a server, for many requests one after the other, at little cost for the machine that both share.
final class Connection implements AutoCloseable {
    private static final int MILLIS_MAX = 30_000;
    private static final int HEAD_MAX = 16 << 10;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String head;

    /// @param address as `http://host:port`
    Connection(String address, RosterServer.Org org) {
        var url = URI.create(address);
        try {
            socket = new Socket(url.getHost(), url.getPort());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(MILLIS_MAX);
            in = new BufferedInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var fields = new StringBuilder(" HTTP/1.1\r\nHost: ").append(url.getAuthority())
            .append("\r\nContent-Type: application/scim+json\r\n");
        for (int i = 0; i < org.headers().size(); i += 2) {
            fields.append(org.headers().get(i)).append(": ").append(org.headers().get(i + 1)).append("\r\n");
        }
        head = fields.toString();
    }

    /// @param body empty: none
    /// @return the body of the answer
    /// @throws Started.Failed if it is another status
    String send(int status, String method, String path, String body) {
        try {
            var sent = body.getBytes(StandardCharsets.UTF_8);
            var length = sent.length == 0 ? "" : "Content-Length: " + sent.length + "\r\n";
            out.write((method + " " + path + head + length + "\r\n" + body).getBytes(StandardCharsets.UTF_8));
            out.flush();
            var fields = fields();
            var answer = new String(in.readNBytes(length(fields)), StandardCharsets.UTF_8);
            if (!fields.startsWith("HTTP/1.1 " + status + " ")) {
                throw new Started.Failed("%s %s: %s %s".formatted(method, path, fields.lines().findFirst().orElse(""),
                    Started.tail(answer)));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String fields() throws IOException {
        var fields = new StringBuilder();
        while (fields.length() < 4 || !fields.substring(fields.length() - 4).equals("\r\n\r\n")) {
            var next = in.read();
            if (next < 0 || fields.length() > HEAD_MAX) {
                throw new Started.Failed("the server sent no answer");
            }
            fields.append((char) next);
        }
        return fields.toString();
    }

    private static int length(String fields) {
        return fields.lines().filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15)).findFirst()
            .map(line -> Integer.parseInt(line.substring(15).strip()))
            .orElseThrow(() -> new Started.Failed("an answer of no length: " + fields));
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
