package roster.door.command;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.work.TimeLimit;
import roster.door.command.SocketRequest.RunCommand;

/// `roster.sock` in the data folder: how commands reach the running server. Its mode is 0600, and the operating system says
/// which user is connected: only root, the owner of the data folder and the server's own user are served.
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

    /// Tells our socket from one that another server bound in its place.
    private final Object bound;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private CommandSocket(Path socket, Commands commands, ServerSocketChannel server) throws IOException {
        this.socket = socket;
        this.commands = commands;
        this.server = server;
        this.bound = fileKey(socket);
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }

    /// Starts listening. Makes the folder if there is none. A socket that nothing listens on is one of a killed server,
    /// and is replaced.
    ///
    /// @return empty if another server listens there, which is left alone
    /// @throws UncheckedIOException if the folder does not allow it
    public static Optional<CommandSocket> listen(Path folder, Commands commands) {
        if (CommandClient.serves(folder)) {
            return Optional.empty();
        }
        var socket = folder.resolve(NAME);
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
            }
            Files.deleteIfExists(socket);
            var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            try (var path = SocketPath.to(socket)) {
                server.bind(path.address());
                Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
                var listening = new CommandSocket(socket, commands, server);
                Thread.ofVirtual().name("command-socket").start(listening::accept);
                return Optional.of(listening);
            } catch (IOException e) {
                server.close();
                throw e;
            }
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
            var answer = operator.map(name -> answer(request, name)).orElseGet(() -> SocketCodec.bytes(NOT_YOURS));
            TimeLimit.within(PATIENCE, client, () -> Frame.write(client, answer));
        } catch (EOFException e) {
            LOG.debug("A client left", e); // it only looked whether a server is here
        } catch (IOException | RuntimeException e) {
            LOG.info("A command was given up: {}", e.toString());
        } finally {
            close(client);
        }
    }

    private byte[] answer(byte[] json, String operator) {
        try {
            return SocketCodec.bytes(switch (SocketCodec.request(json)) {
                case RunCommand(var args, var input) -> commands.run(args, input, operator);
                case BulkRequest request -> commands.handle(request, operator);
            });
        } catch (SocketCodec.NotUnderstood e) {
            LOG.debug("A command of another version", e);
            return SocketCodec.notUnderstood();
        }
    }

    /// The operating system's user at the other end, if they may do this.
    private Optional<String> operator(SocketChannel client) throws IOException {
        var name = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
        var allowed = List.of("root", "0", Files.getOwner(socket.getParent()).getName(),
            Files.getOwner(socket, LinkOption.NOFOLLOW_LINKS).getName());
        return Optional.of(name).filter(allowed::contains);
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
        if (Files.exists(socket, LinkOption.NOFOLLOW_LINKS) && fileKey(socket).equals(bound)) {
            Files.deleteIfExists(socket);
        }
    }
}
