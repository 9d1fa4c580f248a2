package roster.base.secret;

import java.util.Optional;
import roster.base.db.Database;

/// The database remembers which secret key it was written with, by a fingerprint that tells nothing about the key.
public final class SecretKeyCheck {
    private SecretKeyCheck() {}

    /// Whether the database was written with a secret key before.
    public static boolean isNoted(Database db) {
        return db.read(tx -> tx.query("SELECT 1 FROM installation WHERE name = 'secret key'").any());
    }

    /// Compares at the start, and notes the making key when it has changed to one that stands beside the old.
    ///
    /// @return why Roster must not start; nothing if it may
    public static Optional<String> objection(Database db, Secrets secrets) {
        var ours = secrets.fingerprints();
        return db.note(tx -> {
            tx.update("INSERT INTO installation (name, value) VALUES ('secret key', ?) ON CONFLICT DO NOTHING",
                ours.getFirst());
            var noted = tx.query("SELECT value FROM installation WHERE name = 'secret key' FOR UPDATE")
                .one(row -> row.text("value"));
            if (!ours.contains(noted)) {
                return Optional
                    .of("this database was written with another secret key: set ROSTER_SECRET_KEY to the one it "
                        + "was first started with, or list the new one and the old one, comma-separated");
            }
            if (!ours.getFirst().equals(noted)) {
                tx.update("UPDATE installation SET value = ? WHERE name = 'secret key'", ours.getFirst());
            }
            return Optional.empty();
        });
    }
}
