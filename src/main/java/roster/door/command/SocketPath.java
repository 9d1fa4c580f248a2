package roster.door.command;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// The address of a socket in a folder whose path may be too long: systems take about 100 bytes. Such a socket is reached
/// through a link with a short name in a private folder, which exists only while binding or connecting.
final class SocketPath implements AutoCloseable {
    static final int BYTES_MAX = 100;

    private final Path usable;
    private final Path temporary;

    private SocketPath(Path usable, Path temporary) {
        this.usable = usable;
        this.temporary = temporary;
    }

    static SocketPath to(Path socket) throws IOException {
        if (bytes(socket) <= BYTES_MAX) {
            return new SocketPath(socket, null);
        }
        var ours = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        var parent = Path.of(System.getProperty("java.io.tmpdir"));
        var temporary = Files.createTempDirectory(bytes(parent) > BYTES_MAX / 2 ? Path.of("/tmp") : parent, "r", ours);
        var link = temporary.resolve("d");
        Files.createSymbolicLink(link, socket.getParent());
        return new SocketPath(link.resolve(socket.getFileName()), temporary);
    }

    UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(usable);
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void close() throws IOException {
        if (temporary != null) {
            Files.deleteIfExists(temporary.resolve("d"));
            Files.deleteIfExists(temporary);
        }
    }
}
