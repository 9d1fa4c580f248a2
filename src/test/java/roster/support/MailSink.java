package roster.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/// A mail server that is a process of its own, so that it can be killed and started again: it takes every letter, and
/// writes to a file for whom it was and its `Message-ID` before it says so.
public final class MailSink {
    /// A letter it took.
    public record Taken(String recipient, String messageId) {}

    private final Path file;
    private final int port;
    private Process process;

    /// Nothing runs yet.
    ///
    /// @param file where it notes what it takes
    public MailSink(Path file) throws IOException {
        this.file = file;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
    }

    public String url() {
        return "smtp://127.0.0.1:" + port;
    }

    /// Starts it, and waits until it listens; on the same port each time.
    public void start() throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        process = new ProcessBuilder(java, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp", classes,
            MailSink.class.getName(), Integer.toString(port), file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (!"ready".equals(process.inputReader().readLine())) {
            throw new IOException("the mail server does not start");
        }
    }

    /// `kill -9`, wherever it is in its letters.
    public void kill() throws InterruptedException {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /// What it took so far, in its lives together. A line that a kill cut off is none: it was not acknowledged.
    public List<Taken> taken() {
        try {
            var text = Files.exists(file) ? Files.readString(file) : "";
            return text.lines().map(line -> line.split(" ")).filter(words -> words.length == 3)
                .map(words -> new Taken(words[0], words[1])).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @param args the port, and the file
    static void main(String[] args) throws IOException {
        var file = Path.of(args[1]);
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])));
            System.out.println("ready");
            while (true) {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client, file));
            }
        }
    }

    private static void serve(Socket client, Path file) {
        try (client) {
            var lines = new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            say(client, "220 sink");
            var recipient = "";
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                switch (line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT)) {
                    case "RCPT" -> {
                        recipient = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
                        say(client, "250 yes");
                    }
                    case "DATA" -> {
                        say(client, "354 go on");
                        note(file, "%s %s .%n".formatted(recipient, messageId(lines)));
                        say(client, "250 taken");
                    }
                    case "QUIT" -> {
                        say(client, "221 bye");
                        return;
                    }
                    default -> say(client, "250 yes");
                }
            }
        } catch (IOException e) {
            // The client hung up: its letter was not noted.
        }
    }

    /// Reads a letter to its end.
    private static String messageId(BufferedReader lines) throws IOException {
        var id = "";
        for (var line = lines.readLine(); !".".equals(line); line = lines.readLine()) {
            if (line == null) {
                throw new IOException("no end");
            }
            if (id.isEmpty() && line.startsWith("Message-ID: ")) {
                id = line.substring("Message-ID: ".length()).strip();
            }
        }
        return id;
    }

    private static void note(Path file, String line) throws IOException {
        synchronized (MailSink.class) {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }
}
