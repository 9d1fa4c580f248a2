package roster.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;

/// A mail server in front of another, with the faults one gives it; what it is not told to refuse it passes on.
public final class Relay implements AutoCloseable {
    /// What stands for a new connection, before its greeting.
    public static final String CONNECT = "CONNECT";

    /// What stands for the end of a letter. Refused there it is not passed on; dropped, held or slow it is, and the answer
    /// is lost or late.
    public static final String END = ".";

    /// An answer that is none: the connection is dropped.
    public static final String DROP = "";

    /// @param answer none: the true one, late
    private record Fault(Optional<String> answer, CountDownLatch held, Duration pause) {
        boolean drops() {
            return answer.filter(DROP::equals).isPresent();
        }
    }

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
            add(command, new Fault(Optional.of(answer), new CountDownLatch(0), Duration.ZERO));
        }
    }

    /// Takes so long over the next such command, and then does as it should.
    public synchronized void slow(String command, Duration pause) {
        add(command, new Fault(Optional.empty(), new CountDownLatch(0), pause));
    }

    private void add(String command, Fault fault) {
        faults.computeIfAbsent(command, c -> new ArrayDeque<>()).add(fault);
    }

    /// Leaves the client without an answer to the next such command, until the latch opens; then drops the connection.
    public synchronized CountDownLatch hold(String command) {
        var latch = new CountDownLatch(1);
        add(command, new Fault(Optional.of(DROP), latch, Duration.ZERO));
        return latch;
    }

    /// Removes the faults that were not met.
    public synchronized void forget() {
        faults.clear();
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

    /// @return whether the client has its answer, or is to have none
    private static boolean refused(Socket client, Fault fault) throws IOException {
        if (fault == null) {
            return false;
        }
        try {
            fault.held().await();
            Thread.sleep(fault.pause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (fault.answer().isPresent() && !fault.drops()) {
            send(client, fault.answer().get());
        }
        return fault.answer().isPresent();
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
                if (fault.drops()) {
                    return;
                }
            } else if (command.equals("DATA")) {
                if (!passLetter(client, commands, server, answers)) {
                    return;
                }
            } else {
                send(server, line);
                send(client, answer(answers));
            }
        }
    }

    /// @return whether to go on
    private boolean passLetter(Socket client, BufferedReader commands, Socket server, BufferedReader answers)
        throws IOException {
        send(client, "354 go on");
        var letter = new ArrayList<String>();
        for (var text = commands.readLine(); !".".equals(text); text = commands.readLine()) {
            if (text == null) {
                return false;
            }
            letter.add(text);
        }
        var fault = next(END);
        if (fault != null && fault.answer().isPresent() && !fault.drops()) {
            return refused(client, fault);
        }
        send(server, "DATA");
        var taken = answer(answers);
        if (taken.startsWith("354")) {
            for (var text : letter) {
                send(server, text);
            }
            send(server, ".");
            taken = answer(answers);
        }
        if (refused(client, fault)) {
            return false;
        }
        send(client, taken);
        return true;
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
