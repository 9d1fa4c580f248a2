import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A PostgreSQL of Debian's packages, as an operator would have it beside Roster: durable, with its standard settings.
/// PostgreSQL refuses root, so root runs it as `postgres`, whom the package made.
final class OutsidePostgres {
    private static final String PASSWORD = "bench";
    private static final int START_SECONDS_MAX = 30;

    private OutsidePostgres() {}

    /// @param name of its folder
    static Sql start(Started started, Path programs, String name) {
        try {
            var folder = Files.createDirectory(started.folder.resolve(name + "-postgresql"));
            var passwordFile = Files.writeString(started.folder.resolve(name + "-password"), PASSWORD);
            Files.setPosixFilePermissions(passwordFile, PosixFilePermissions.fromString("rw-r--r--"));
            var prefix = new ArrayList<String>();
            if ("root".equals(System.getProperty("user.name"))) {
                var postgres = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
                Files.setOwner(folder, postgres);
                prefix.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
            }
            var initdb = new ArrayList<>(prefix);
            initdb.addAll(List.of(programs.resolve("initdb").toString(), "-D", folder.toString(), "-U", "bench", "-A",
                "scram-sha-256", "--pwfile=" + passwordFile, "-E", "UTF8", "--locale=C"));
            started.run(Map.of(), initdb);
            var sql = new Sql(started, programs, freePort(), "bench", PASSWORD, "postgres");
            var serve = new ArrayList<>(prefix);
            serve.addAll(List.of(programs.resolve("postgres").toString(), "-D", folder.toString(), "-p",
                "" + sql.port(), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c",
                "max_connections=200"));
            // INT is the order to stop without waiting for those who are connected.
            waitFor(started.start("INT", Map.of(), started.log(name + "-postgresql"), serve), sql);
            return sql;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void waitFor(Process process, Sql sql) {
        var began = System.nanoTime();
        while (true) {
            try {
                sql.run("SELECT 1");
                return;
            } catch (Started.Failed e) {
                if (!process.isAlive() || System.nanoTime() - began > START_SECONDS_MAX * 1e9) {
                    throw new Started.Failed("Debian's PostgreSQL did not start: " + e.getMessage());
                }
                Main.pause(100);
            }
        }
    }

    static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
