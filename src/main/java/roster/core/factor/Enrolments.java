package roster.core.factor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.base.source.Randomness;

/// Secrets that a page shows, and that no code has confirmed yet. They are in no table: the form brings them back, sealed,
/// and bound to the browser that was shown them.
public final class Enrolments {
    private static final Duration LIFE = Duration.ofMinutes(15);

    private final Database db;
    private final Purpose forms;
    private final Randomness randomness;

    Enrolments(Database db, Secrets secrets, Randomness randomness) {
        this.db = db;
        this.forms = secrets.purpose("enrolments");
        this.randomness = randomness;
    }

    /// @param sealed for the form
    public record Offer(byte[] secret, String sealed) {
        @Override
        public String toString() {
            return "Offer";
        }
    }

    /// A new secret.
    ///
    /// @param bound to what the form is bound to: a session, or a sign-in under way
    public Offer offer(String bound) {
        var secret = randomness.bytes(Totp.SECRET_BYTES);
        var until = db.read(tx -> tx.databaseTime()).plus(LIFE);
        return new Offer(secret, forms.seal("%d %s %s".formatted(until.getEpochSecond(),
            Base64.getEncoder().encodeToString(secret), bound).getBytes(StandardCharsets.UTF_8)));
    }

    /// The offer that a form brings back.
    ///
    /// @return none if it was another browser's, or was made more than 15 minutes ago
    public Optional<Offer> opened(String sealed, String bound) {
        return forms.open(sealed).map(bytes -> new String(bytes, StandardCharsets.UTF_8).split(" ", 3))
            .filter(parts -> parts[2].equals(bound)
                && Instant.ofEpochSecond(Long.parseLong(parts[0])).isAfter(db.read(tx -> tx.databaseTime())))
            .map(parts -> new Offer(Base64.getDecoder().decode(parts[1]), sealed));
    }
}
