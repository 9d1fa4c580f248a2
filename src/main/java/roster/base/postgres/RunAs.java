package roster.base.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The user as which PostgreSQL's programs run: an ordinary user's own. PostgreSQL refuses root, so root runs them
///
/// * in a user namespace of their own (`unshare -U`): to the kernel still root, so that files under `/root` stay readable,
///   but without root's powers. PostgreSQL sees user 65534. Some containers forbid it.
/// * otherwise as the owner of the data folder or, if that is root, as user 65534 (`setpriv`). That user becomes the owner of
///   the database, and may pass through the data folder without listing it.
///
/// @param prefix words before the command
/// @param uid the owner of the database's files
record RunAs(List<String> prefix, int uid, int gid) {
    private static final int OVERFLOW_UID = 65534;

    /// The user of this process.
    static int ourUid() {
        return (int) new UnixSystem().getUid();
    }

    /// The ways for this process and this folder, best one first. Only trying shows which of them work.
    static List<RunAs> candidates(DataFolder folder) throws IOException {
        var unix = new UnixSystem();
        if (unix.getUid() != 0) {
            return List.of(new RunAs(List.of(), (int) unix.getUid(), (int) unix.getGid()));
        }
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
            return List.of();
        }
        var ownNamespace = new RunAs(List.of("unshare", "-U"), 0, 0);
        var kept = Files.exists(folder.database()) ? folder.database() : folder.path();
        int owner = (int) Files.getAttribute(kept, "unix:uid");
        return owner == 0
            ? List.of(ownNamespace, other(OVERFLOW_UID, OVERFLOW_UID))
            : List.of(other(owner, (int) Files.getAttribute(kept, "unix:gid")), ownNamespace);
    }

    private static RunAs other(int uid, int gid) {
        return new RunAs(List.of("setpriv", "--reuid", "" + uid, "--regid", "" + gid, "--clear-groups"), uid, gid);
    }

    /// Lets this user reach the database and makes them its owner, unless they are.
    void takeOwnership(DataFolder folder) throws IOException {
        if (ourUid() != 0) {
            return;
        }
        int owner = (int) Files.getAttribute(folder.path(), "unix:uid");
        if (uid != owner) {
            Files.setAttribute(folder.path(), "unix:gid", gid);
            Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwx--x---"));
        }
        for (var path : List.of(folder.database(), folder.log(), folder.passwordFile())) {
            give(path);
        }
        if (uid == owner) {
            // After a start by root, the owner of the folder can still start from it.
            give(folder.lockFile());
        }
    }

    /// Makes this user the owner of one folder or file, unless they are.
    void give(Path path) throws IOException {
        if (Files.exists(path) && (int) Files.getAttribute(path, "unix:uid") != uid) {
            Folders.give(path, uid, gid);
        }
    }

    List<String> command(Path program, String... arguments) {
        return Stream.of(prefix.stream(), Stream.of(program.toString()), Stream.of(arguments))
            .flatMap(words -> words).toList();
    }
}
