package roster.door.command;

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
import roster.base.json.Json;
import roster.base.work.TimeLimit;
import tools.jackson.databind.JsonNode;

/// `roster.sock` in the data folder: how commands reach the server that has the embedded database. Mode 0600, and the
/// operating system says who is there: the owner of the data folder and root are served, nobody else.
///
/// A conversation is one message each way ([Frame]): `{"args":[…]}`, then `{"exit":0,"out":"…","err":"…"}`. Of a command that
/// takes long, as an import, the server does a piece a conversation: `{"piece":{…}}`, then what [Commands#piece] says.
///
/// Files are read and written by the command's own process, never by the server: the operating system then looks at the
/// rights of whoever typed it, paths mean what they mean in his folder, and no path is ever a matter of trust here.
public final class CommandSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandSocket.class);
    private static final String NAME = "roster.sock";
    private static final int QUESTION_BYTES_MAX = 4 << 20;
    private static final int ANSWER_BYTES_MAX = 16 << 20;
    private static final int CLIENTS_MAX = 64;
    private static final String NOT_YOURS = "only root and the owner of the data folder may do this";

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
            var answer = answer(question, operator);
            TimeLimit.within(PATIENCE, client, () -> Frame.write(client, answer));
        } catch (IOException | RuntimeException e) {
            LOG.info("A command was given up: {}", e.toString());
        } finally {
            close(client);
        }
    }

    private Object answer(JsonNode question, Optional<String> operator) {
        if (question.has("piece")) {
            return operator.<Object>map(name -> commands.piece(question.get("piece"), name))
                .orElse(Map.of("failed", NOT_YOURS));
        }
        var args = question.path("args").valueStream().map(arg -> arg.asString()).toList();
        return asJson(operator.map(name -> commands.run(args, name)).orElseGet(() -> Outcome.failed(NOT_YOURS)));
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
        try {
            return ask(folder, Map.of("args", args)).map(answer -> new Outcome(answer.path("exit").asInt(),
                answer.path("out").asString(), answer.path("err").asString()));
        } catch (IOException e) {
            return Optional.of(Outcome.failed(noAnswer(e)));
        }
    }

    /// Whether a server listens on this data folder.
    public static boolean serves(Path folder) {
        try {
            return connected(folder).map(CommandSocket::closed).isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean closed(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("could not be closed", e);
        }
        return true;
    }

    /// Asks the server on this data folder for a piece of a long command's work, as [Commands#piece] does it.
    public static JsonNode piece(Path folder, Map<String, Object> piece) {
        try {
            return ask(folder, Map.of("piece", piece))
                .orElseGet(() -> Json.parse(Json.bytes(Map.of("failed", "the server has gone"))));
        } catch (IOException e) {
            return Json.parse(Json.bytes(Map.of("failed", noAnswer(e))));
        }
    }

    private static String noAnswer(IOException e) {
        return "the server gave no answer (%s); what was asked may have been done".formatted(e.getMessage());
    }

    private static Optional<JsonNode> ask(Path folder, Map<String, Object> question) throws IOException {
        var connected = connected(folder);
        if (connected.isEmpty()) {
            return Optional.empty();
        }
        try (var channel = connected.get()) {
            return Optional.of(TimeLimit.within(WORK, channel, () -> {
                Frame.write(channel, question);
                return Frame.read(channel, ANSWER_BYTES_MAX);
            }));
        }
    }

    /// @return nothing if no server is there
    private static Optional<SocketChannel> connected(Path folder) throws IOException {
        var socket = folder.resolve(NAME);
        if (!Files.exists(socket)) {
            return Optional.empty();
        }
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try (var path = SocketPath.to(socket)) {
            channel.connect(path.address());
            return Optional.of(channel);
        } catch (IOException e) {
            channel.close();
            if (e instanceof ConnectException) {
                return Optional.empty(); // a killed server's, or one that has just gone
            }
            throw e;
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
