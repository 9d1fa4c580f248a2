package roster.door.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.work.TimeLimit;
import roster.door.command.SocketRequest.RunCommand;

/// `roster.sock` in the data folder: how commands reach the running server. Its mode is 0600, and the operating system says
/// which user is connected: only root and the owner of the data folder are served.
///
/// A connection carries one message each way ([Frame], [SocketCodec]): a [SocketRequest], then its [SocketAnswer].
///
/// Files are read and written by the command's own process, never by the server: so the operating system checks the rights
/// of the user who typed the command, paths are relative to the folder they are in, and the server trusts no path.
public final class CommandSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CommandSocket.class);
    static final String NAME = "roster.sock";
    private static final int REQUEST_BYTES_MAX = 4 << 20;
    private static final int CLIENTS_MAX = 64;
    private static final SocketAnswer NOT_YOURS =
        new BulkAnswer.Failed("only root and the owner of the data folder may do this");

    /// How long a client may take to send its request, and to take the answer.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path socket;
    private final Commands commands;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private CommandSocket(Path socket, Commands commands, ServerSocketChannel server) {
        this.socket = socket;
        this.commands = commands;
        this.server = server;
    }

    /// Starts listening. The caller holds the data folder: an old socket there is one of a killed server.
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
            var request = TimeLimit.within(PATIENCE, client, () -> Frame.read(client, REQUEST_BYTES_MAX));
            var answer = SocketCodec.bytes(operator.map(name -> answer(request, name)).orElse(NOT_YOURS));
            TimeLimit.within(PATIENCE, client, () -> Frame.write(client, answer));
        } catch (IOException | RuntimeException e) {
            LOG.info("A command was given up: {}", e.toString());
        } finally {
            close(client);
        }
    }

    private SocketAnswer answer(byte[] json, String operator) {
        try {
            return switch (SocketCodec.request(json)) {
                case RunCommand(var args) -> commands.run(args, operator);
                case BulkRequest request -> commands.handle(request, operator);
            };
        } catch (SocketCodec.NotUnderstood e) {
            return new BulkAnswer.Failed(e.getMessage());
        }
    }

    /// The operating system's user at the other end, if they may do this.
    private Optional<String> operator(SocketChannel client) throws IOException {
        var name = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        var owner = Files.getOwner(socket.getParent()).getName();
        return name.equals(owner) || name.equals("root") || name.equals("0") ? Optional.of(name) : Optional.empty();
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
