package roster.core.factor;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import roster.base.db.TimeRepair;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.core.factor.Enrolments.Offer;
import roster.model.User;

/// Authenticator apps, at most one of a user: the SQL of `totp_secrets`. A secret is sealed together with the user it is of.
final class Apps {
    private final Purpose sealing;

    Apps(Secrets secrets) {
        this.sealing = secrets.purpose("authenticator apps");
    }

    private record Secret(byte[] bytes, long lastStep) {}

    boolean has(Tx tx, User user) {
        return tx.query("SELECT 1 FROM totp_secrets WHERE org_id = ? AND user_id = ?", user.org(), user.id()).any();
    }

    /// Whether a code is right, which is used up then.
    boolean use(WriteTx tx, User user, String typed) {
        var step = secret(tx, user).flatMap(
            secret -> Totp.matching(secret.bytes(), typed, tx.now(), secret.lastStep()));
        step.ifPresent(used -> tx.update("""
            UPDATE totp_secrets SET last_step = ?, version = ? WHERE org_id = ? AND user_id = ?
            """, used, tx.version(), tx.org(), user.id()));
        return step.isPresent();
    }

    /// Adds an app whose first code was typed.
    ///
    /// @return false if the code is not right, or the user has an app
    boolean add(WriteTx tx, User user, Offer offer, String typed) {
        var step = Totp.matching(offer.secret(), typed, tx.now(), Long.MIN_VALUE);
        if (step.isEmpty() || has(tx, user)) {
            return false;
        }
        tx.update("""
            INSERT INTO totp_secrets (org_id, user_id, sealed, confirmed_at, last_step, version)
            VALUES (?, ?, ?, ?, ?, ?)
            """, tx.org(), user.id(), sealed(user, offer.secret()), tx.now(), step.get(), tx.version());
        return true;
    }

    /// @return whether there was one
    boolean delete(WriteTx tx, User user) {
        return tx.update("DELETE FROM totp_secrets WHERE org_id = ? AND user_id = ?", tx.org(), user.id()) > 0;
    }

    private Optional<Secret> secret(Tx tx, User user) {
        return tx.query("SELECT sealed, last_step FROM totp_secrets WHERE org_id = ? AND user_id = ?", user.org(),
            user.id()).optional(row -> new Secret(opened(user, row.text("sealed")), row.number("last_step")));
    }

    private byte[] opened(User user, String sealed) {
        var text = sealing.open(sealed).map(bytes -> new String(bytes, StandardCharsets.US_ASCII)).orElse("");
        var owner = owner(user);
        if (!text.startsWith(owner)) {
            throw new IllegalStateException(
                "The secret of an authenticator app cannot be opened: it is not sealed by ROSTER_SECRET_KEY for its user");
        }
        return Base64.getDecoder().decode(text.substring(owner.length()));
    }

    private String sealed(User user, byte[] secret) {
        return sealing.seal((owner(user) + Base64.getEncoder().encodeToString(secret))
            .getBytes(StandardCharsets.US_ASCII));
    }

    private static String owner(User user) {
        return "%s %s ".formatted(user.org().value(), user.id());
    }

    /// Codes that were used while the clock of the database was ahead do not keep those of now from working.
    int repairTimes(WriteTx tx) {
        var step = Totp.step(tx.now());
        return tx.update("""
            UPDATE totp_secrets SET last_step = ?, version = ?
             WHERE org_id = ? AND user_id IN (SELECT user_id FROM totp_secrets
                                               WHERE org_id = ? AND last_step > ? LIMIT ?)
            """, step, tx.version(), tx.org(), tx.org(), step + 1, TimeRepair.AT_ONCE);
    }
}
