package roster.base.postgres;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Creates, starts, watches and stops the PostgreSQL server of one data folder. For one thread at a time.
final class Postmaster {
    static final String USER = "roster";

    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);
    private static final Duration CREATE_MAX = Duration.ofMinutes(2);

    /// After a crash PostgreSQL replays its log before it accepts connections.
    private static final Duration START_MAX = Duration.ofMinutes(5);
    private static final int STOP_FAST_SECONDS = 5;
    private static final int STOP_NOW_SECONDS = 3;
    private static final Duration LEFT_BEHIND_MAX = Duration.ofSeconds(20);

    private final DataFolder folder;
    private final Programs programs;
    private final boolean flushing;
    private final ServerProcesses processes;

    Postmaster(DataFolder folder, Programs programs, boolean flushing) {
        this.folder = folder;
        this.programs = programs;
        this.flushing = flushing;
        this.processes = new ServerProcesses(folder.database());
    }

    /// Creates the database if there is none. It is created under another name and renamed when complete, so that a killed
    /// process leaves nothing that looks like a database.
    ///
    /// @return the password
    String createIfMissing() throws IOException {
        var database = folder.database();
        var password = folder.password();
        dropUnfinished();
        if (Files.exists(database)) {
            checkVersion();
            return password;
        }
        var unfinished = Files.createTempDirectory(folder.path(), "postgresql.unfinished-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        programs.runAs().give(unfinished);
        programs.runAs().give(folder.passwordFile());
        var arguments = new ArrayList<>(List.of(
            "-D", unfinished.getFileName().toString(), "-U", USER, "--pwfile", folder.passwordFile().toString(),
            "-A", "scram-sha-256", "-E", "UTF8", "--data-checksums", "--no-instructions",
            // The same order and the same case on every machine, whatever its C library.
            "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C",
            // Iterations protect passwords that can be guessed. This one is random: they would only slow down connecting.
            "--set", "scram_iterations=1"));
        if (!flushing) {
            arguments.add("--no-sync");
        }
        programs.mustRun(CREATE_MAX, "initdb", arguments.toArray(String[]::new));
        Files.move(unfinished, database, StandardCopyOption.ATOMIC_MOVE);
        folder.flush();
        return password;
    }

    private void dropUnfinished() throws IOException {
        try (var left = Files.newDirectoryStream(folder.path(), "postgresql.unfinished-*")) {
            for (var path : left) {
                try {
                    Folders.delete(path);
                } catch (IOException e) {
                    // An initdb that outlived its Roster still writes there and fails now; the next start deletes the rest.
                    LOG.info("{} is left for the next start to delete: {}", path, e.toString());
                }
            }
        }
    }

    private void checkVersion() throws IOException {
        var database = folder.database();
        var file = database.resolve("PG_VERSION");
        if (!Files.exists(file)) {
            throw new NotStarted("%s is not a PostgreSQL database: it has no PG_VERSION".formatted(database));
        }
        var version = Files.readString(file).strip();
        if (!version.equals(PostgresBinaries.MAJOR)) {
            throw new NotStarted(("the database %s was made by PostgreSQL %s, and this Roster brings PostgreSQL %s; "
                + "run the Roster that made it, export, and import into a new data folder")
                .formatted(database, version, PostgresBinaries.MAJOR));
        }
    }

    /// Starts the server and waits until it answers.
    ///
    /// @return false if another program has the port
    /// @throws NotStarted with the end of its log, if it does not start
    boolean start(int port) throws IOException {
        folder.boundLog();
        programs.runAs().give(folder.log());
        var before = Files.size(folder.log());
        // pg_ctl takes the server out of our session: Ctrl-C in a terminal is for Roster, which still has work to
        // finish when the signal comes. The folder has a short name here because pg_ctl hands it to a shell.
        // pg_ctl itself notices only every 100 ms that the server is ready.
        var outcome = programs.runUntil(() -> processes.ready(port), START_MAX.plusSeconds(10), "pg_ctl", "start",
            "-w", "-s", "-t", Long.toString(START_MAX.toSeconds()), "-D", "postgresql", "-l", "postgresql.log",
            "-o", options(port));
        if (outcome.exit() == 0) {
            return true;
        }
        var said = logSince(before);
        if (said.contains("could not bind IPv4 address")) {
            return false;
        }
        throw new NotStarted("PostgreSQL did not start: %s\n%s".formatted(outcome.output(), said));
    }

    /// Options on the command line override configuration files.
    private String options(int port) {
        var flush = flushing ? "on" : "off";
        return String.join(" ", List.of(
            "-p " + port,
            "-c listen_addresses=127.0.0.1",
            "-c unix_socket_directories=",
            "-c fsync=" + flush,
            "-c full_page_writes=" + flush,
            "-c synchronous_commit=" + flush,
            "-c max_connections=100",
            // A program that connects and says nothing keeps a place for as long.
            "-c authentication_timeout=10s",
            "-c shared_buffers=128MB",
            "-c scram_iterations=4096", // for roles that an operator may add
            "-c timezone=UTC",
            "-c jit=off",
            // Nothing is replicated from here.
            "-c wal_level=minimal",
            "-c max_wal_senders=0",
            "-c max_logical_replication_workers=0",
            // No statements, parameters or rows in the log, as they may contain personal data. Roster logs failures of
            // its statements itself.
            "-c log_timezone=UTC",
            "-c log_min_messages=log",
            "-c log_min_error_statement=panic",
            "-c log_parameter_max_length=0",
            "-c log_parameter_max_length_on_error=0",
            "-c log_error_verbosity=terse",
            "-c log_checkpoints=off"));
    }

    private String logSince(long position) throws IOException {
        try (var channel = FileChannel.open(folder.log())) {
            channel.position(Math.max(position, channel.size() - 4000));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    /// Whether the server is running.
    boolean alive() {
        return processes.postmaster().isPresent();
    }

    /// The pid of the server; 0 if there is none.
    long pid() {
        return processes.postmaster().map(ProcessHandle::pid).orElse(0L);
    }

    /// Stops what a killed Roster or a killed server left running in this folder.
    ///
    /// @throws NotStarted if it does not end within 20 s
    void takeOver() throws IOException {
        if (alive()) {
            LOG.info("Taking over {} from a PostgreSQL (pid {}) that outlived its Roster", folder.path(), pid());
        }
        stop();
        // Another process may have its pid by now, and PostgreSQL would take that for a running server.
        var file = folder.database().resolve("postmaster.pid");
        if (processes.noted().flatMap(noted -> ProcessHandle.of(noted.pid())).isPresent()) {
            Files.deleteIfExists(file);
        }
    }

    /// Stops the server: up to 5 s to end connections and write pages, 3 s more for an immediate shutdown, then by force. No
    /// process of it is left. No-op if there is none.
    void stop() {
        if (alive()) {
            pgCtlStop("fast", STOP_FAST_SECONDS);
        }
        if (alive()) {
            LOG.warn("PostgreSQL (pid {}) did not stop within {} s; it recovers at the next start", pid(),
                STOP_FAST_SECONDS);
            pgCtlStop("immediate", STOP_NOW_SECONDS);
        }
        var orderly = !alive();
        // Without its postmaster a process ends by itself, unless it is in a long statement.
        if (!becomes(() -> processes.all().isEmpty(), Duration.ofSeconds(orderly ? 2 : 0))) {
            processes.all().forEach(ProcessHandle::destroyForcibly);
            if (!becomes(() -> processes.all().isEmpty(), LEFT_BEHIND_MAX)) {
                throw new NotStarted("processes of an earlier PostgreSQL still work on %s and do not end: %s"
                    .formatted(folder.database(), processes.all().stream().map(ProcessHandle::pid).toList()));
            }
        }
    }

    private void pgCtlStop(String mode, int seconds) {
        programs.run(Duration.ofSeconds(seconds + 2), "pg_ctl", "stop", "-s", "-w", "-m", mode,
            "-t", Integer.toString(seconds), "-D", "postgresql");
    }

    private static boolean becomes(BooleanSupplier wanted, Duration limit) {
        var end = System.nanoTime() + limit.toNanos();
        while (!wanted.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return wanted.getAsBoolean();
            }
        }
        return true;
    }
}
