package roster.base.postgres;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.source.Randomness;

/// The data folder: for its owner only (mode 0700), and for one process at a time, by a lock held until [#close].
///
///     lock                the lock, with the pid of its holder
///     postgresql/         the database
///     postgresql.log      PostgreSQL's log; about 10 MB at most, and as much again in postgresql.log.1
///     postgres-password   mode 0600
///
/// No other code in this process may open `lock`: closing any channel on a file releases the process's locks on it.
final class DataFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);
    private static final String LOCK = "lock";
    private static final String DATABASE = "postgresql";
    private static final Pattern SECRETS =
        Pattern.compile("postgres-password|secret-key|mailbox-token|first-keys.*|first-sign-in");
    private static final long LOG_BYTES_MAX = 10_000_000;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /// Permissions that let other users list or write. The group may pass through (execute): see [RunAs].
    private static final Set<PosixFilePermission> TOO_OPEN = PosixFilePermissions.fromString("---rw-rwx");

    /// File locks belong to the process. This set refuses a second start within the same process.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Creates the folder if there is none, and locks it.
    ///
    /// @throws DataFolderInUse if another Roster has it
    /// @throws NotStarted if other users could read it
    static DataFolder open(Path wanted) {
        try {
            var absolute = wanted.toAbsolutePath().normalize();
            if (Files.exists(absolute) && !Files.isDirectory(absolute)) {
                throw new NotStarted("the data folder %s is a file; set ROSTER_DATA to a folder".formatted(absolute));
            }
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute.getParent());
                Files.createDirectory(absolute, PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwx------")));
            }
            var path = absolute.toRealPath();
            keepOthersOut(path);
            var folder = locked(path);
            try {
                close(path.resolve(DATABASE), PosixFilePermissions.fromString("rwx------"));
                for (var secret : secrets(path)) {
                    close(secret, OWNER_ONLY);
                }
            } catch (IOException | RuntimeException e) {
                folder.close();
                throw e;
            }
            return folder;
        } catch (IOException e) {
            throw new NotStarted("the data folder %s cannot be used: %s; set ROSTER_DATA to a folder that you may write"
                .formatted(wanted, NotStarted.reason(e, "written")), e);
        }
    }

    private static void keepOthersOut(Path path) throws IOException {
        var before = Files.getPosixFilePermissions(path);
        if (before.stream().noneMatch(TOO_OPEN::contains)) {
            return;
        }
        // Never change the mode of a folder with other contents, such as /tmp or a home.
        try (var names = Files.list(path)) {
            if (!isOurs(path) && names.anyMatch(name -> !name.endsWith("lost+found"))) {
                throw new NotStarted(("the data folder %s is open to other users (%s) and holds other things; "
                    + "give Roster a folder of its own, such as ROSTER_DATA=%s")
                    .formatted(path, PosixFilePermissions.toString(before), path.resolve("roster")));
            }
        }
        var after = EnumSet.copyOf(before);
        after.removeAll(TOO_OPEN);
        try {
            Files.setPosixFilePermissions(path, after);
        } catch (IOException e) {
            after.addAll(before);
        }
        // Some file systems accept a mode and do not keep it.
        if (Files.getPosixFilePermissions(path).stream().anyMatch(TOO_OPEN::contains)) {
            throw new NotStarted(("the data folder %s is open to other users (%s), and that cannot be changed; "
                + "give Roster a folder of its own, such as ROSTER_DATA=%s")
                .formatted(path, PosixFilePermissions.toString(before), path.resolve("roster")));
        }
        LOG.info("The data folder {} was open to other users ({}); now it is not", path,
            PosixFilePermissions.toString(before));
    }

    /// A backup may be without the lock.
    private static boolean isOurs(Path path) {
        return Files.exists(path.resolve(LOCK)) || Files.exists(path.resolve(DATABASE).resolve("PG_VERSION"));
    }

    /// Those that this folder may hold, whichever part of Roster keeps them.
    private static List<Path> secrets(Path path) throws IOException {
        try (var files = Files.list(path)) {
            return files.filter(file -> SECRETS.matcher(file.getFileName().toString()).matches())
                .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).toList();
        }
    }

    /// Restoring a backup may have opened it to others, and PostgreSQL does not start from a folder that is open to them.
    private static void close(Path path, Set<PosixFilePermission> closed) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        var before = Files.getPosixFilePermissions(path);
        if (closed.containsAll(before)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(path, closed);
        } catch (IOException e) {
            throw new NotStarted("%s is open to other users (%s), and that cannot be changed: %s; run `chmod %s %s`"
                .formatted(path, PosixFilePermissions.toString(before), NotStarted.reason(e, "changed"),
                    closed.contains(PosixFilePermission.OWNER_EXECUTE) ? "700" : "600", path),
                e);
        }
        LOG.info("{} was open to other users ({}); now it is not", path, PosixFilePermissions.toString(before));
    }

    private static DataFolder locked(Path path) throws IOException {
        if (!HELD_HERE.add(path)) {
            throw new DataFolderInUse(path, ProcessHandle.current().pid());
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path.resolve(LOCK), Set.of(CREATE, READ, WRITE),
                PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            if (channel.tryLock() == null) {
                throw new DataFolderInUse(path, pidIn(channel));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes()), 0);
            return new DataFolder(path, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            HELD_HERE.remove(path);
            throw e;
        }
    }

    private static long pidIn(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(20);
        channel.read(bytes, 0);
        var text = new String(bytes.array(), 0, bytes.position()).strip();
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    Path path() {
        return path;
    }

    Path database() {
        return path.resolve(DATABASE);
    }

    Path log() {
        return path.resolve("postgresql.log");
    }

    Path lockFile() {
        return path.resolve(LOCK);
    }

    Path passwordFile() {
        return path.resolve("postgres-password");
    }

    /// The password of the database's only user: 256 random bits, generated on the first call.
    String password() throws IOException {
        var file = passwordFile();
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        if (Files.exists(database())) {
            throw new NotStarted("%s is missing, and the database %s cannot be opened without it; put it back"
                .formatted(file, database()));
        }
        var password = Base64.getUrlEncoder().withoutPadding().encodeToString(new Randomness().bytes(32));
        var unfinished = path.resolve("postgres-password.new");
        Files.deleteIfExists(unfinished);
        try (var channel = FileChannel.open(unfinished, Set.of(CREATE_NEW, WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            channel.write(ByteBuffer.wrap((password + "\n").getBytes()));
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        flush();
        return password;
    }

    /// Makes the names in this folder durable: what was created or renamed survives a loss of power.
    void flush() throws IOException {
        try (var channel = FileChannel.open(path, READ)) {
            channel.force(true);
        }
    }

    /// Creates PostgreSQL's log, or limits its size. PostgreSQL appends to the file it has open, so the file is copied and
    /// emptied, never renamed.
    void boundLog() throws IOException {
        if (!Files.exists(log())) {
            Files.createFile(log(), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else if (Files.size(log()) > LOG_BYTES_MAX) {
            Files.copy(log(), path.resolve("postgresql.log.1"), StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
            FileChannel.open(log(), WRITE).truncate(0).close();
        }
    }

    /// Releases the lock. A second call does nothing.
    @Override
    public void close() {
        try {
            if (lock.isOpen()) {
                lock.close();
                HELD_HERE.remove(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
