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

/// The embedded PostgreSQL, for operators without a server of their own. It runs in the data folder, on 127.0.0.1, with a
/// generated password, and is restarted on the same port if it dies.
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

    /// Whether the server flushes to disk.
    public record Options(boolean flushing) {
        /// Commits are on disk when they are acknowledged, and survive a loss of power.
        public static Options durable() {
            return new Options(true);
        }

        /// Nothing is flushed: fast, but corrupt after a loss of power. For tests only.
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

    /// Starts the server of this folder, and creates folder and database if there are none. Returns when it accepts
    /// connections: in under 1 s the first time (3 s if its programs are not in the cache yet), later in 0.2 s, and later
    /// still after a crash.
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

    /// Tries several ports: another program may take a free one before PostgreSQL does.
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

    /// The version of the embedded programs, for example `18.4.0`.
    ///
    /// @throws NotStarted on a platform without binaries
    public static String version() {
        return PostgresBinaries.find().version();
    }

    /// Allows up to 100 connections. It requires SCRAM, so that a program that takes the port while PostgreSQL is down cannot
    /// ask for the plain password.
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?requireAuth=scram-sha-256".formatted(port);
    }

    public String user() {
        return Postmaster.USER;
    }

    /// Secret: never to be logged.
    public String password() {
        return password;
    }

    /// Does not change while this object lives, not even when the server is restarted.
    public int port() {
        return port;
    }

    /// The pid of the server as of its last start.
    public long pid() {
        return pid;
    }

    /// Whether the server is running now. After it died it is not, until it is restarted.
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

    /// Stops the server: up to 5 s in order, then by force. Then releases the folder. A second call does nothing.
    @Override
    public void close() {
        // Interrupts a restart that may wait for a long recovery.
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
