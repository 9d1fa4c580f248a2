package roster.base.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs for this machine: found on the class path, unpacked once into a cache that all data folders
/// share.
final class PostgresBinaries {
    static final String MAJOR = "18";

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);
    private static final String WAY_OUT = "set ROSTER_DATABASE_URL to a PostgreSQL server of your own";
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");

    private final URL archive;
    private final String name;

    /// @param archive a tar, packed by xz
    /// @param name of the folder it is unpacked into; another archive needs another name
    PostgresBinaries(URL archive, String name) {
        this.archive = archive;
        this.name = name;
    }

    /// @throws NotStarted on a platform without binaries
    static PostgresBinaries find() {
        var system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        var machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        var os = system.startsWith("linux") ? "linux" : system.startsWith("mac") ? "darwin" : system;
        var arch = switch (machine) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> machine;
        };
        var archive = PostgresBinaries.class.getResource("/postgres-%s-%s.txz".formatted(os, arch));
        if (archive == null) {
            throw new NotStarted("there is no embedded PostgreSQL for %s on %s; %s"
                .formatted(system, machine, WAY_OUT));
        }
        if (os.equals("linux") && !Files.exists(Path.of("/lib64/ld-linux-x86-64.so.2"))
            && !Files.exists(Path.of("/lib/ld-linux-aarch64.so.1"))) {
            throw new NotStarted("the embedded PostgreSQL needs glibc, which this Linux (musl?) lacks; " + WAY_OUT);
        }
        return new PostgresBinaries(archive,
            "postgresql-%s-%s-%s-%08x".formatted(MAJOR, os, arch, checksum(archive)));
    }

    /// Tells one build from another. The checksum in the jar costs nothing; a digest of 15 MB would delay every start.
    private static long checksum(URL archive) {
        try {
            var connection = archive.openConnection();
            return connection instanceof JarURLConnection jar
                ? jar.getJarEntry().getCrc()
                : connection.getContentLengthLong();
        } catch (IOException e) {
            throw new NotStarted("the embedded PostgreSQL cannot be read: " + NotStarted.reason(e, "read"), e);
        }
    }

    /// From the name of the archive's jar; otherwise the major version.
    String version() {
        var named = Pattern.compile("-([0-9][0-9.]*)\\.jar!").matcher(archive.toString());
        return named.find() ? named.group(1) : MAJOR;
    }

    /// The folder with `bin`, `lib` and `share`: in the cache if only we can write to it, otherwise inside `spare`.
    Path unpacked(Path spare) {
        var cache = cache();
        try {
            if (isOurs(cache)) {
                return unpackedIn(cache);
            }
            LOG.debug("The cache {} is not ours alone; PostgreSQL is unpacked into {}", cache, spare);
        } catch (IOException e) {
            LOG.debug("The cache {} cannot be used ({}); PostgreSQL is unpacked into {}", cache, e, spare);
        }
        return unpackedInside(spare);
    }

    /// The same, inside `folder` whatever the state of the cache.
    Path unpackedInside(Path folder) {
        try {
            return unpackedIn(folder);
        } catch (IOException e) {
            throw new NotStarted(
                "PostgreSQL could not be unpacked into %s: %s".formatted(folder, NotStarted.reason(e, "written")), e);
        }
    }

    private static Path cache() {
        var set = System.getenv("XDG_CACHE_HOME");
        var base = set != null && set.startsWith("/")
            ? Path.of(set)
            : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("roster");
    }

    /// Programs run from here: no other user may be able to replace them, and root must not leave files in another user's
    /// home (as under sudo).
    private boolean isOurs(Path cache) throws IOException {
        for (var folder : new Path[] {cache.resolve(name), cache, cache.getParent(), cache.getParent().getParent()}) {
            if (folder != null && Files.exists(folder)) {
                var mode = Files.getPosixFilePermissions(folder);
                return (int) Files.getAttribute(folder, "unix:uid") == RunAs.ourUid()
                    && !mode.contains(PosixFilePermission.OTHERS_WRITE);
            }
        }
        return false;
    }

    /// A folder of the final name is always complete: it is unpacked under another name and renamed. If two processes do so at
    /// once, the second one uses the folder of the first and deletes its own.
    private Path unpackedIn(Path parent) throws IOException {
        var whole = parent.resolve(name);
        if (Files.isDirectory(whole)) {
            return whole;
        }
        Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(FOLDER));
        dropUnfinished(parent);
        var began = System.nanoTime();
        var unfinished = Files.createTempDirectory(parent, name + ".unfinished-");
        try {
            unpack(new XZInputStream(new BufferedInputStream(archive.openStream())), unfinished);
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
            LOG.info("Unpacked PostgreSQL into {} in {} ms, once for all", whole,
                (System.nanoTime() - began) / 1_000_000);
        } catch (IOException | RuntimeException e) {
            Folders.delete(unfinished);
            if (!Files.isDirectory(whole)) {
                throw e;
            }
        }
        return whole;
    }

    /// Deletes what killed processes left. A recent folder may still be in use.
    private void dropUnfinished(Path parent) throws IOException {
        var old = Instant.now().minus(Duration.ofHours(1));
        try (var left = Files.newDirectoryStream(parent, name + ".unfinished-*")) {
            for (var folder : left) {
                if (Files.getLastModifiedTime(folder).toInstant().isBefore(old)) {
                    Folders.delete(folder);
                }
            }
        }
    }

    /// Unpacks files, folders and links. Files keep their executable bit, and only their owner can write to them.
    ///
    /// @throws IOException if an entry, or where it links to, lies outside of `root`
    static void unpack(InputStream archive, Path root) throws IOException {
        Files.setPosixFilePermissions(root, FOLDER);
        try (var tar = new TarArchiveInputStream(archive)) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, root);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path root) throws IOException {
        var path = inside(root, root.resolve(entry.getName()), entry);
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            Files.setPosixFilePermissions(path, FOLDER);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            inside(root, path.resolveSibling(entry.getLinkName()), entry);
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.getLinkFlag() == TarConstants.LF_NORMAL || entry.getLinkFlag() == TarConstants.LF_OLDNORM) {
            Files.copy(tar, path);
            Files.setPosixFilePermissions(path, mode(entry));
        } else {
            throw new IOException("%s in the archive is neither file, folder nor link".formatted(entry.getName()));
        }
    }

    private static Path inside(Path root, Path path, TarArchiveEntry entry) throws IOException {
        var normal = path.normalize();
        if (!normal.startsWith(root)) {
            throw new IOException("%s in the archive leads out of its folder".formatted(entry.getName()));
        }
        return normal;
    }

    private static Set<PosixFilePermission> mode(TarArchiveEntry entry) {
        var executable = (entry.getMode() & 0100) != 0;
        return PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--");
    }
}
