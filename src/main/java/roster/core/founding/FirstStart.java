package roster.core.founding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.secret.SecretFile;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;

/// The first start of an installation: creates the first organisation and the file with its keys.
public final class FirstStart {
    /// @param keyFile the file with the keys; none if both were preset
    public record Made(Founding.Founded founded, Optional<Path> keyFile) {}

    /// In the data folder, until the operator deletes it.
    static final String KEY_FILE = "first-keys";

    private static final String KEYS_OF = "# Keys of organization ";

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

    /// The file with the keys of this database's first administrator, among those that first starts on other databases left in
    /// the folder. Empty once the operator has deleted it.
    ///
    /// @throws UncheckedIOException if the folder or a file cannot be read
    public Optional<Path> keyFile(Path folder) {
        try (var files = Files.newDirectoryStream(folder, KEY_FILE + "*")) {
            for (var file : files) {
                if (isOfThisDatabase(file)) {
                    return Optional.of(file);
                }
            }
            return Optional.empty();
        } catch (IOException | DirectoryIteratorException e) {
            throw new UncheckedIOException("the first keys cannot be looked for in " + folder,
                e instanceof IOException io
                    ? io : (IOException) e.getCause());
        }
    }

    private boolean isOfThisDatabase(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().filter(line -> line.startsWith(KEYS_OF))
                .map(line -> line.substring(KEYS_OF.length()).split(",", 2)[0]).flatMap(Id::parse)
                .filter(org -> db.read(tx -> tx.query("SELECT 1 FROM orgs WHERE id = ?", org).any())).isPresent();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
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
            %s%s, for %s. Delete this file once they are kept elsewhere.
            DD_API_KEY=%s
            DD_APP_KEY=%s
            """.formatted(KEYS_OF, founded.org().id(), founded.admin().email(), founded.apiKey().secret(),
            founded.applicationKey().secret()));
        return file;
    }
}
