package roster.base.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The processes that work on one database folder, as the operating system sees them. A pid alone proves nothing: another
/// process may have it by now.
final class ServerProcesses {
    private static final Path PROC = Path.of("/proc");

    /// `postmaster.pid` has the start in whole seconds of a clock that may have been set since.
    private static final Duration START_BLUR = Duration.ofSeconds(5);

    /// Lines of `postmaster.pid`, counted from 1, as in PostgreSQL's `miscadmin.h`.
    private static final int PORT_LINE = 4;
    private static final int STATUS_LINE = 8;

    private final Path database;

    ServerProcesses(Path database) {
        this.database = database;
    }

    /// What `postmaster.pid` says.
    ///
    /// @param status `ready` once connections are accepted; empty before there is any
    record Noted(long pid, Instant startedAt, String port, String status) {}

    /// The postmaster that is noted in the folder, dead or alive.
    Optional<Noted> noted() {
        try {
            var lines = Files.readAllLines(database.resolve("postmaster.pid"));
            // A server without clients (initdb's, a repair by hand) notes its pid as a negative number.
            return lines.size() < 3 ? Optional.empty() : Optional.of(new Noted(
                Math.abs(Long.parseLong(lines.get(0).strip())),
                Instant.ofEpochSecond(Long.parseLong(lines.get(2).strip())), line(lines, PORT_LINE),
                line(lines, STATUS_LINE)));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// The postmaster of this folder, if it is alive. A zombie process is not.
    Optional<ProcessHandle> postmaster() {
        return noted().flatMap(this::process);
    }

    private Optional<ProcessHandle> process(Noted noted) {
        return ProcessHandle.of(noted.pid()).filter(process -> isOurs(process, noted));
    }

    private static String line(List<String> lines, int number) {
        return lines.size() < number ? "" : lines.get(number - 1).strip();
    }

    /// Whether a living postmaster of this folder accepts connections at this port.
    boolean ready(int port) {
        return noted().filter(noted -> noted.port().equals(Integer.toString(port)) && noted.status().equals("ready"))
            .flatMap(this::process).isPresent();
    }

    private boolean isOurs(ProcessHandle process, Noted noted) {
        if (Files.exists(PROC)) {
            return worksHere(PROC.resolve(Long.toString(process.pid())));
        }
        var info = process.info();
        return process.isAlive()
            && info.command().filter(command -> command.endsWith("/postgres")).isPresent()
            && info.startInstant()
                .filter(start -> Duration.between(start, noted.startedAt()).abs().compareTo(START_BLUR) < 0)
                .isPresent();
    }

    /// All processes of this folder: the postmaster and those it left behind. Without `/proc`, only the postmaster is
    /// found.
    List<ProcessHandle> all() {
        if (!Files.exists(PROC)) {
            return postmaster().stream().toList();
        }
        return ProcessHandle.allProcesses()
            .filter(process -> worksHere(PROC.resolve(Long.toString(process.pid())))).toList();
    }

    /// The current folder of each PostgreSQL process is the database's. The links of a dead process cannot be read.
    private boolean worksHere(Path process) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(database)
                && Files.readSymbolicLink(process.resolve("exe")).getFileName().toString().startsWith("postgres");
        } catch (IOException e) {
            return false;
        }
    }
}
