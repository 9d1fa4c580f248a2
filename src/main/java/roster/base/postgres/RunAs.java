package roster.base.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// As whom PostgreSQL's programs run. An ordinary user runs them himself. PostgreSQL refuses root, so root runs them
///
/// * in a user namespace of their own (`unshare -U`): to the kernel still root, so that its files stay readable under
///   `/root` too, but without root's powers; PostgreSQL sees user 65534. Some containers forbid it.
/// * else as the owner of the data folder, or where that is root, as user 65534 (`setpriv`), who is given the
///   database and may pass through the data folder without looking in.
///
/// @param prefix what goes before the command
/// @param uid who owns the database's files
record RunAs(List<String> prefix, int uid, int gid) {
    private static final int NOBODY = 65534;

    /// The user of this process.
    static int ourUid() {
        return (int) new UnixSystem().getUid();
    }

    /// The ways there are for this process and this folder, the best one first. Whether one works shows when tried.
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
            ? List.of(ownNamespace, other(NOBODY, NOBODY))
            : List.of(other(owner, (int) Files.getAttribute(kept, "unix:gid")), ownNamespace);
    }

    private static RunAs other(int uid, int gid) {
        return new RunAs(List.of("setpriv", "--reuid", "" + uid, "--regid", "" + gid, "--clear-groups"), uid, gid);
    }

    /// Lets this user reach the database and gives it to him, if it is not his already.
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
            // Started once by root, the folder is still the owner's to start from.
            give(folder.lockFile());
        }
    }

    /// Gives one folder or file to this user, if it is another's.
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
