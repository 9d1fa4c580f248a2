package roster.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `roster.sock` in the data folder: how commands reach the server that has the embedded database. Mode 0600, and the
/// operating system says who is there: the owner of the data folder and root are served, nobody else.
///
/// A conversation is one message each way ([Frame]): `{"args":[…]}`, then `{"exit":0,"out":"…","err":"…"}`.
public final class CommandSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandSocket.class);
    private static final String NAME = "roster.sock";
    private static final int QUESTION_BYTES_MAX = 64 << 10;
    private static final int ANSWER_BYTES_MAX = 16 << 20;
    private static final int CLIENTS_MAX = 64;

    /// For the client to say what it wants, and to take the answer, each.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// For the client to wait for its answer.
    private static final Duration WORK = Duration.ofSeconds(60);

    private final Path socket;
    private final Commands commands;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private CommandSocket(Path socket, Commands commands, ServerSocketChannel server) {
        this.socket = socket;
        this.commands = commands;
        this.server = server;
    }

    /// Starts listening. Whoever calls holds the data folder: a socket that lies there is a killed server's.
    public static CommandSocket listen(Path folder, Commands commands) {
        var socket = folder.resolve(NAME);
        try {
            Files.deleteIfExists(socket);
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try (var path = SocketPath.to(socket)) {
                server.bind(path.address());
                Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
            } catch (IOException e) {
                server.close();
                throw e;
            }
            var listening = new CommandSocket(socket, commands, server);
            Thread.ofVirtual().name("command-socket").start(listening::accept);
            return listening;
        } catch (IOException e) {
            throw new UncheckedIOException("no socket for commands at " + socket, e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                var client = server.accept();
                clients.add(client);
                if (clients.size() > CLIENTS_MAX) {
                    close(client);
                } else {
                    Thread.ofVirtual().name("command").start(() -> serve(client));
                }
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("A command could not be accepted: {}", e.toString());
            }
        }
    }

    private void serve(SocketChannel client) {
        try {
            var operator = operator(client);
            var question = TimeLimit.within(PATIENCE, client, () -> Frame.read(client, QUESTION_BYTES_MAX));
            var args = question.path("args").valueStream().map(arg -> arg.asString()).toList();
            var outcome = operator.map(name -> commands.run(args, name)).orElseGet(
                () -> Outcome.failed("only root and the owner of the data folder may do this"));
            TimeLimit.within(PATIENCE, client, () -> Frame.write(client, asJson(outcome)));
        } catch (IOException | RuntimeException e) {
            LOG.info("A command was given up: {}", e.toString());
        } finally {
            close(client);
        }
    }

    private static Map<String, Object> asJson(Outcome outcome) {
        var json = new LinkedHashMap<String, Object>();
        json.put("exit", outcome.exit());
        json.put("out", outcome.out());
        json.put("err", outcome.err());
        return json;
    }

    /// The operating system's user at the other end, if he may come in.
    private Optional<String> operator(SocketChannel client) throws IOException {
        var name = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        var owner = Files.getOwner(socket.getParent()).getName();
        return name.equals(owner) || name.equals("root") || name.equals("0") ? Optional.of(name) : Optional.empty();
    }

    /// Asks the server on this data folder to run a command.
    ///
    /// @return nothing if no server is there
    public static Optional<Outcome> ask(Path folder, List<String> args) {
        var socket = folder.resolve(NAME);
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            try (var path = SocketPath.to(socket)) {
                channel.connect(path.address());
            } catch (ConnectException e) {
                return Optional.empty(); // a killed server's, or one that has just gone
            }
            var answer = TimeLimit.within(WORK, channel, () -> {
                Frame.write(channel, Map.of("args", args));
                return Frame.read(channel, ANSWER_BYTES_MAX);
            });
            return Optional.of(new Outcome(answer.path("exit").asInt(), answer.path("out").asString(),
                answer.path("err").asString()));
        } catch (IOException e) {
            return Optional.of(Outcome.failed("the server gave no answer (%s); what was asked may have been done"
                .formatted(e.getMessage())));
        }
    }

    private void close(SocketChannel client) {
        clients.remove(client);
        try {
            client.close();
        } catch (IOException e) {
            LOG.debug("could not be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        clients.forEach(this::close);
        Files.deleteIfExists(socket);
    }
}
