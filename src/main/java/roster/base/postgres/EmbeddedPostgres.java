package roster.base.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A PostgreSQL of our own, run from the data folder for those who have no server: on 127.0.0.1, behind a generated
/// password, and started again on the same port if it dies. All else is as on any PostgreSQL.
///
/// It outlives a killed Roster; the next start on the folder takes it over.
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final int PORTS_TRIED_MAX = 5;
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(30);
    private static final Duration HEALTHY_AFTER = Duration.ofMinutes(1);

    private final DataFolder folder;
    private final Postmaster postmaster;
    private final int port;
    private final String password;
    private final Thread supervisor;

    private final ReentrantLock turn = new ReentrantLock();
    private final Condition closing = turn.newCondition();
    private boolean closed;
    private volatile long pid;

    /// How careful the server is with what it was given.
    public record Options(boolean flushing) {
        /// A commit is on the disk when it is answered, and survives a loss of power.
        public static Options durable() {
            return new Options(true);
        }

        /// Nothing is flushed: quick, and broken after a loss of power. For tests alone.
        public static Options forTests() {
            return new Options(false);
        }
    }

    private EmbeddedPostgres(DataFolder folder, Postmaster postmaster, int port, String password) {
        this.folder = folder;
        this.postmaster = postmaster;
        this.port = port;
        this.password = password;
        this.pid = postmaster.pid();
        this.supervisor = Thread.ofPlatform().daemon().name("postgres-supervisor").start(this::supervise);
    }

    /// Starts the server of this folder, making folder and database if there are none. Returns when it lets clients
    /// in: under 1 s the first time (3 s if its programs are not in the cache yet), 0.2 s later; longer when it has a
    /// crash to recover from.
    ///
    /// @throws DataFolderInUse if another Roster runs on this folder
    /// @throws NotStarted if it cannot run here; the message says what to do
    public static EmbeddedPostgres start(Path dataFolder, Options options) {
        var folder = DataFolder.open(dataFolder);
        try {
            var postmaster = new Postmaster(folder, Programs.find(folder), options.flushing());
            postmaster.takeOver();
            var password = postmaster.createIfMissing();
            return new EmbeddedPostgres(folder, postmaster, startOnFreePort(postmaster), password);
        } catch (IOException e) {
            folder.close();
            throw new NotStarted("the embedded PostgreSQL in %s cannot be started: %s".formatted(folder.path(), e), e);
        } catch (RuntimeException | Error e) {
            folder.close();
            throw e;
        }
    }

    /// Between our look for a free port and PostgreSQL's, another program may take it.
    private static int startOnFreePort(Postmaster postmaster) throws IOException {
        try {
            for (int tried = 0; tried < PORTS_TRIED_MAX; tried++) {
                int port;
                try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
                    port = socket.getLocalPort();
                }
                if (postmaster.start(port)) {
                    return port;
                }
            }
            throw new NotStarted("no port on 127.0.0.1 stayed free long enough for PostgreSQL to take it");
        } catch (IOException | RuntimeException e) {
            postmaster.stop();
            throw e;
        }
    }

    /// Of the programs that come along, as `18.4.0`.
    ///
    /// @throws NotStarted on a platform without binaries
    public static String version() {
        return PostgresBinaries.find().version();
    }

    /// For any number of connections up to 100. It names the way to prove the password, so that a program that takes
    /// the port while PostgreSQL is away cannot ask for the password itself.
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?requireAuth=scram-sha-256".formatted(port);
    }

    public String user() {
        return Postmaster.USER;
    }

    /// A secret: for the connection pool, never for a log.
    public String password() {
        return password;
    }

    /// The same as long as this object lives, across restarts of the server.
    public int port() {
        return port;
    }

    /// The server's process as of its last start.
    public long pid() {
        return pid;
    }

    /// Whether the server is there now. It is not for a moment after it died, until it is started again.
    public boolean running() {
        return postmaster.alive();
    }

    private void supervise() {
        var pause = Duration.ZERO;
        var upSince = System.nanoTime();
        turn.lock();
        try {
            while (!closed) {
                waitFor(LOOK_EVERY);
                if (closed || postmaster.alive()) {
                    continue;
                }
                if (System.nanoTime() - upSince > HEALTHY_AFTER.toNanos()) {
                    pause = Duration.ZERO;
                }
                LOG.warn("PostgreSQL (pid {}) is gone; it is started again in {} ms", pid, pause.toMillis());
                waitFor(pause);
                pause = pause.isZero() ? Duration.ofMillis(250) : pause.multipliedBy(2);
                pause = pause.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause;
                if (!closed) {
                    restart();
                    upSince = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            turn.unlock();
        }
    }

    private void waitFor(Duration pause) throws InterruptedException {
        var left = pause.toNanos();
        while (!closed && left > 0) {
            left = closing.awaitNanos(left);
        }
    }

    private void restart() {
        try {
            postmaster.takeOver();
            if (postmaster.start(port)) {
                pid = postmaster.pid();
                LOG.info("PostgreSQL runs again (pid {}, port {})", pid, port);
            } else {
                LOG.error("PostgreSQL cannot run again: another program has taken port {}", port);
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("PostgreSQL does not run again: {}", e.getMessage());
        }
    }

    /// Stops the server, for good: at most 5 s in order, then by force; then gives the folder up. Closing twice is
    /// fine.
    @Override
    public void close() {
        // A restart may be waiting for a long recovery. It is not needed any more.
        supervisor.interrupt();
        var interrupted = Thread.interrupted();
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                closing.signalAll();
                postmaster.stop();
            }
        } finally {
            turn.unlock();
            folder.close();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL (pid %d) on 127.0.0.1:%d in %s".formatted(pid, port, folder.path());
    }
}
