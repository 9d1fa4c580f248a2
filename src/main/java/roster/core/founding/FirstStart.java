package roster.core.founding;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.secret.SecretFile;
import roster.model.Caller;
import roster.model.Org;

/// The first start of an installation: creates the first organisation and the file with its keys.
public final class FirstStart {
    /// @param keyFile the file with the keys; none if both were preset
    public record Made(Founding.Founded founded, Optional<Path> keyFile) {}

    /// In the data folder, until the operator deletes it.
    public static final String KEY_FILE = "first-keys";

    private static final long LOCK = 0x526f73746572L; // "Roster"

    private final Database db;
    private final Founding founding;

    public FirstStart(Database db, Founding founding) {
        this.db = db;
        this.founding = founding;
    }

    /// Creates the first organisation if there is none. Nodes that start at the same time create only one.
    ///
    /// @param folder for `first-keys`, which is written before the commit, so that no keys are lost
    /// @return what was created; empty if there was an organisation
    public Optional<Made> unlessDone(Founding.Wishes wishes, Path folder) {
        if (db.read(FirstStart::anyOrg)) {
            return Optional.empty();
        }
        var ids = db.sources().ids();
        return db.found(Caller.bootstrap(new Org.Id(ids.next()), ids.next().toString()), tx -> {
            // Nodes that start on one empty database take turns.
            tx.query("SELECT pg_advisory_xact_lock(?)", LOCK).any();
            if (anyOrg(tx)) {
                return Optional.empty(); // another node was faster
            }
            var founded = founding.found(tx, wishes);
            var preset = wishes.apiKey().isPresent() && wishes.applicationKey().isPresent();
            return Optional.of(new Made(founded, preset ? Optional.empty() : Optional.of(written(founded, folder))));
        });
    }

    private static boolean anyOrg(Tx tx) {
        return tx.query("SELECT 1 FROM orgs LIMIT 1").any();
    }

    private static Path written(Founding.Founded founded, Path folder) {
        var file = folder.resolve(KEY_FILE);
        // Another database's keys may be there: they are left alone.
        for (int next = 2; Files.exists(file); next++) {
            file = folder.resolve(KEY_FILE + "-" + next);
        }
        SecretFile.write(file, """
            # Keys of organization %s, for %s. Delete this file once they are kept elsewhere.
            DD_API_KEY=%s
            DD_APP_KEY=%s
            """.formatted(founded.org().id(), founded.admin().email(), founded.apiKey().secret(),
            founded.applicationKey().secret()));
        return file;
    }
}
