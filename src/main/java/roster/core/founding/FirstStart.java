package roster.core.founding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.secret.SecretFile;
import roster.core.org.ChildOrgs;
import roster.core.signin.Links;
import roster.model.Caller;
import roster.model.Id;
import roster.model.Org;

/// The first start of an installation: creates the first organisation and the file with its keys.
public final class FirstStart {
    /// @param keyFile the file with the keys; none if both were preset
    /// @param signInPath the path of the link by which the administrator signs in
    public record Made(Founding.Founded founded, Optional<Path> keyFile, String signInPath) {}

    /// In the data folder, until the operator deletes it.
    static final String KEY_FILE = "first-keys";

    /// Its name until the organisation is committed.
    private static final String UNCOMMITTED = KEY_FILE + ".new";

    private static final Pattern NAME = Pattern.compile("first-keys(-[0-9]+|\\.new)?");

    private static final String KEYS_OF = "# Keys of organization ";
    private static final int ID_LENGTH = 36;

    private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);

    private static final long LOCK = 0x526f73746572L; // "Roster"

    private final Database db;
    private final Founding founding;
    private final ChildOrgs children;
    private final Links links;

    public FirstStart(Database db, Founding founding, ChildOrgs children, Links links) {
        this.links = links;
        this.db = db;
        this.founding = founding;
        this.children = children;
    }

    /// Creates the first organisation if there is none. Nodes that start at the same time create only one.
    ///
    /// @param folder for `first-keys`, which is written before the commit, so that no keys are lost
    /// @param link to a path
    /// @return what was created; empty if there was an organisation
    public Optional<Made> unlessDone(Founding.Wishes wishes, Path folder, UnaryOperator<String> link) {
        if (db.read(FirstStart::anyOrg)) {
            return Optional.empty();
        }
        var ids = db.sources().ids();
        Optional<Made> made = db.createOrg(Caller.bootstrap(new Org.Id(ids.next()), ids.next().toString()), tx -> {
            // Nodes that start on one empty database take turns.
            tx.query("SELECT pg_advisory_xact_lock(?)", LOCK).any();
            if (anyOrg(tx)) {
                return Optional.empty(); // another node was faster
            }
            var founded = founding.found(tx, wishes);
            children.allow(tx, true);
            var preset = wishes.apiKey().isPresent() && wishes.applicationKey().isPresent();
            var path = Links.path(links.make(tx, founded.admin(), Links.GOOD_MAX));
            new FirstSignIn(folder).write(link.apply(path));
            return Optional
                .of(new Made(founded, preset ? Optional.empty() : Optional.of(written(founded, folder)), path));
        });
        return made.map(one -> new Made(one.founded(), one.keyFile().map(FirstStart::named), one.signInPath()));
    }

    /// The file with the keys of this database's first administrator, among those that first starts on other databases left in
    /// the folder. Empty once the operator has deleted it, or made something else of it.
    public Optional<Path> keyFile(Path folder) {
        try (var files = Files.list(folder)) {
            return files.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                .filter(this::isOfThisDatabase).findFirst()
                .map(file -> file.getFileName().toString().equals(UNCOMMITTED) ? named(file) : file);
        } catch (IOException e) {
            LOG.warn("The first keys cannot be looked for: {}", e.toString());
            return Optional.empty();
        }
    }

    private boolean isOfThisDatabase(Path file) {
        try (var in = Files.newInputStream(file)) {
            var text = new String(in.readNBytes(KEYS_OF.length() + ID_LENGTH), StandardCharsets.US_ASCII);
            return text.startsWith(KEYS_OF) && Id.parse(text.substring(KEYS_OF.length()))
                .filter(org -> db.read(tx -> tx.query("SELECT 1 FROM orgs WHERE id = ?", org).any())).isPresent();
        } catch (IOException e) {
            LOG.debug("not a file with keys: {}", file, e);
            return false;
        }
    }

    private static boolean anyOrg(Tx tx) {
        return tx.query("SELECT 1 FROM orgs LIMIT 1").any();
    }

    /// Before the commit the file has another name: after a crash, a file of this name holds keys that may never have come to
    /// be.
    private static Path written(Founding.Founded founded, Path folder) {
        var file = folder.resolve(UNCOMMITTED);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SecretFile.write(file, """
            %s%s, for %s. Delete this file once they are kept elsewhere.
            DD_API_KEY=%s
            DD_APP_KEY=%s
            """.formatted(KEYS_OF, founded.org().id(), founded.admin().email(), founded.apiKey().secret(),
            founded.applicationKey().secret()));
        return file;
    }

    /// Gives the file its name. Another database's keys may have it: they are left alone.
    private static Path named(Path uncommitted) {
        var file = uncommitted.resolveSibling(KEY_FILE);
        for (int next = 2; Files.exists(file, LinkOption.NOFOLLOW_LINKS); next++) {
            file = uncommitted.resolveSibling(KEY_FILE + "-" + next);
        }
        try {
            return Files.move(uncommitted, file);
        } catch (IOException e) {
            LOG.warn("The file with the first keys keeps its name {}: {}", uncommitted, e.toString());
            return uncommitted;
        }
    }
}
