package roster.core.factor;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.TimeRepair;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.core.access.Rights;
import roster.core.access.SecondFactorPolicy;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.factor.Enrolments.Offer;
import roster.core.notice.AccountNotice;
import roster.core.notice.Notices;
import roster.core.user.UserLife;
import roster.core.user.Users;
import roster.model.Problem.OwnFactors;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.SecondStep;
import roster.model.User;

/// The second factors of users: who needs one, and whether one was shown. The SQL of `totp_secrets`, and of
/// `users.second_factor`, which says whether there is any.
public final class Factors implements UserLife {
    private static final String TOTP = "totp";
    private static final String AN_APP = "An authenticator app";

    private final AuditLog audit;
    private final Notices notices;
    private final Rights rights;
    private final RecoveryCodes codes;
    private final Purpose sealing;

    Factors(AuditLog audit, Notices notices, Rights rights, RecoveryCodes codes, Secrets secrets) {
        this.audit = audit;
        this.notices = notices;
        this.rights = rights;
        this.codes = codes;
        this.sealing = secrets.purpose("authenticator apps");
    }

    /// What a user has set up.
    ///
    /// @param codes recovery codes that are left
    /// @param required whether the organisation asks them for a second factor
    public record Standing(boolean app, int codes, boolean required) {}

    public Standing of(Tx tx, User user) {
        return new Standing(secret(tx, user).isPresent(), codes.number(tx, user), required(tx, user));
    }

    /// What a user still has to do who has shown one factor.
    public SecondStep step(Tx tx, User user) {
        return user.secondFactor() ? SecondStep.SHOW : required(tx, user) ? SecondStep.ENROL : SecondStep.NONE;
    }

    private boolean required(Tx tx, User user) {
        var policy = SecondFactorPolicy.of(tx, user.org());
        return policy != SecondFactorPolicy.OFF && policy.asks(rights.of(tx, user.org(), user.id()));
    }

    /// Whether a second factor is right. What works once is used up; the first code of an app confirms it.
    public boolean shown(WriteTx tx, User user, Second second) {
        return switch (second) {
            case Second.Code(var typed) -> isCode(tx, user, typed);
            case Second.Recovery(var typed) -> codes.use(tx, user, typed);
            case Second.FirstCode(var offer, var typed) -> !user.secondFactor() && add(tx, user, offer, typed);
        };
    }

    private record Secret(byte[] bytes, long lastStep) {}

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

    private boolean isCode(WriteTx tx, User user, String typed) {
        var step = secret(tx, user).flatMap(
            secret -> Totp.matching(secret.bytes(), typed, tx.now(), secret.lastStep()));
        step.ifPresent(used -> tx.update("""
            UPDATE totp_secrets SET last_step = ?, version = ? WHERE org_id = ? AND user_id = ?
            """, used, tx.version(), tx.org(), user.id()));
        return step.isPresent();
    }

    /// Adds an authenticator app whose first code was typed. Nothing happens if the user has one.
    ///
    /// @return false if the code is not right
    public boolean add(WriteTx tx, User user, Offer offer, String typed) {
        var step = Totp.matching(offer.secret(), typed, tx.now(), Long.MIN_VALUE);
        if (step.isEmpty() || secret(tx, user).isPresent()) {
            return false;
        }
        tx.update("""
            INSERT INTO totp_secrets (org_id, user_id, sealed, confirmed_at, last_step, version)
            VALUES (?, ?, ?, ?, ?, ?)
            """, tx.org(), user.id(), sealed(user, offer.secret()), tx.now(), step.get(), tx.version());
        added(tx, user, TOTP);
        return true;
    }

    private void added(WriteTx tx, User user, String factor) {
        mark(tx, user, true);
        audit.record(tx, "second_factor.added", Users.subject(user),
            new Change(Map.of(), Map.of("factor", factor)));
        notices.tell(tx, user, AccountNotice.SECOND_FACTOR_ADDED, Optional.of(AN_APP));
    }

    private static void mark(WriteTx tx, User user, boolean has) {
        tx.update("UPDATE users SET second_factor = ?, version = ? WHERE org_id = ? AND id = ?", has, tx.version(),
            tx.org(), user.id());
    }

    /// Removes a user's authenticator app, and with their last factor the codes to recover by.
    ///
    /// @throws Refused with [Unfit] if the organisation asks for a second factor, and the user has no other
    public void removeApp(WriteTx tx, User user) {
        if (secret(tx, user).isEmpty()) {
            return;
        }
        if (required(tx, user)) {
            throw new Refused(new Unfit("Your organization asks for a second step. Set up another one first."));
        }
        tx.update("DELETE FROM totp_secrets WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
        codes.delete(tx, user);
        mark(tx, user, false);
        audit.record(tx, "second_factor.removed", Users.subject(user),
            new Change(Map.of("factor", TOTP), Map.of()));
        notices.tell(tx, user, AccountNotice.SECOND_FACTOR_REMOVED, Optional.of(AN_APP));
    }

    /// Tells a user that codes of their app are refused, as someone who has their password tries them out.
    public void tellRefused(WriteTx tx, User user) {
        audit.record(tx, "sign_in.refused", Users.subject(user),
            new Change(Map.of(), Map.of("method", TOTP, "reason", "too_many_codes")));
        notices.tell(tx, user, AccountNotice.CODES_REFUSED, Optional.empty());
    }

    /// Removes all factors of a user who lost them, and their recovery codes. No-op if there are none.
    ///
    /// @return whether there were any
    /// @throws Refused with [OwnFactors] for the caller's own: a client that took over a session must not get rid of them
    public boolean reset(WriteTx tx, User user) {
        if (tx.caller().user().equals(Optional.of(user.id()))) {
            throw new Refused(new OwnFactors());
        }
        var gone = forget(tx, user);
        if (!gone.isEmpty()) {
            mark(tx, user, false);
            audit.record(tx, "second_factor.reset", Users.subject(user), new Change(gone, Map.of()));
            notices.tell(tx, user, AccountNotice.SECOND_FACTOR_REMOVED,
                Optional.of("All second steps and recovery codes, by an administrator"));
        }
        return !gone.isEmpty();
    }

    /// @return what there was
    private Map<String, Object> forget(WriteTx tx, User user) {
        var gone = new LinkedHashMap<String, Object>();
        if (tx.update("DELETE FROM totp_secrets WHERE org_id = ? AND user_id = ?", tx.org(), user.id()) > 0) {
            gone.put("factors", List.of(TOTP));
        }
        var number = codes.delete(tx, user);
        if (number > 0) {
            gone.put("recovery_codes", number);
        }
        return gone;
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        forget(tx, user);
        return Map.of();
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
