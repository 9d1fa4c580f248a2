package roster.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;

/// A mail server in front of another, with the faults one gives it; what it is not told to refuse it passes on.
public final class Relay implements AutoCloseable {
    /// What stands for a new connection, before its greeting.
    public static final String CONNECT = "CONNECT";

    /// What stands for the end of a letter: it has been passed on, and the answer is lost or changed.
    public static final String END = ".";

    /// An answer that is none: the connection is dropped.
    public static final String DROP = "";

    private record Fault(String answer, CountDownLatch held) {}

    private final ServerSocket socket;
    private final IntSupplier target;
    private final Map<String, Queue<Fault>> faults = new HashMap<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    /// @param target port of the server behind it, asked at each connection
    public Relay(IntSupplier target) {
        this.target = target;
        try {
            socket = new ServerSocket(0); // any address, as 127.0.0.2
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /// Answers a command this way, the next times it is given.
    public synchronized void refuse(String command, String answer, int times) {
        for (int i = 0; i < times; i++) {
            faults.computeIfAbsent(command, c -> new ArrayDeque<>()).add(new Fault(answer, new CountDownLatch(0)));
        }
    }

    /// Leaves the client without an answer to the next such command, until the latch opens; then drops the connection.
    public synchronized CountDownLatch hold(String command) {
        var latch = new CountDownLatch(1);
        faults.computeIfAbsent(command, c -> new ArrayDeque<>()).add(new Fault(DROP, latch));
        return latch;
    }

    private synchronized Fault next(String command) {
        var queue = faults.get(command);
        return queue == null ? null : queue.poll();
    }

    /// The lines received so far but those of letters, and [#CONNECT] for each connection.
    public List<String> heard() {
        return List.copyOf(heard);
    }

    public long count(String command) {
        return heard.stream().filter(line -> line.startsWith(command)).count();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var client = socket.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            heard.add(CONNECT);
            if (refused(client, next(CONNECT))) {
                return;
            }
            try (var server = new Socket(InetAddress.getLoopbackAddress(), target.getAsInt())) {
                pass(client, server);
            }
        } catch (IOException e) {
            // One of the two hung up.
        }
    }

    /// @return whether there was a fault, and it dropped the connection
    private static boolean refused(Socket client, Fault fault) throws IOException {
        if (fault == null) {
            return false;
        }
        try {
            fault.held().await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (!fault.answer().equals(DROP)) {
            send(client, fault.answer());
        }
        return true;
    }

    private void pass(Socket client, Socket server) throws IOException {
        var commands = lines(client);
        var answers = lines(server);
        send(client, answer(answers));
        for (var line = commands.readLine(); line != null; line = commands.readLine()) {
            heard.add(line);
            var command = line.split(" ", 2)[0].toUpperCase(Locale.ROOT);
            var fault = next(command);
            if (refused(client, fault)) {
                if (fault.answer().equals(DROP)) {
                    return;
                }
                continue;
            }
            send(server, line);
            var answer = answer(answers);
            send(client, answer);
            if (command.equals("DATA") && answer.startsWith("354")) {
                for (var text = commands.readLine(); !text.equals("."); text = commands.readLine()) {
                    send(server, text);
                }
                send(server, ".");
                var end = answer(answers);
                var lost = next(END);
                if (refused(client, lost)) {
                    if (lost.answer().equals(DROP)) {
                        return;
                    }
                } else {
                    send(client, end);
                }
            }
        }
    }

    private static BufferedReader lines(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static String answer(BufferedReader answers) throws IOException {
        var all = new StringBuilder();
        while (true) {
            var line = answers.readLine();
            if (line == null) {
                throw new IOException("the server hung up");
            }
            all.append(all.isEmpty() ? "" : "\r\n").append(line);
            if (line.length() < 4 || line.charAt(3) != '-') {
                return all.toString();
            }
        }
    }

    private static void send(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
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
