package roster.core.signin;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.db.TimeRepair;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.session.Proof;
import roster.core.session.Session.Client;
import roster.core.session.SignIn;
import roster.core.session.SignIn.Admission;
import roster.core.user.UserLife;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.User;

/// Links by which the operator lets a user in: each once, and a newer one ends the older. The SQL of `mail_links`.
public final class Links implements UserLife {
    /// The longest that a link is good, and how long if nothing else is said.
    public static final Duration GOOD_MAX = Duration.ofHours(24);
    public static final Duration GOOD = Duration.ofMinutes(15);

    /// How long a session by a link lasts at most.
    private static final Duration SESSION = Duration.ofHours(1);

    private static final int TOKEN_BYTES = 32;
    private static final String ONCE = "once";

    private final Database db;
    private final AuditLog audit;
    private final SignIn signIn;

    Links(Database db, AuditLog audit, SignIn signIn) {
        this.db = db;
        this.audit = audit;
        this.signIn = signIn;
    }

    /// A link that is good.
    public record Open(UUID id, Org.Id org, User.Id user, Instant expiresAt) {}

    /// The path of a link's page.
    public static String path(String token) {
        return "/sign-in/once/" + token;
    }

    /// Makes a link, and ends those before it.
    ///
    /// @return its token, which is never readable again
    /// @throws Refused with [Unfit] for a user who could not sign in by it
    public String make(WriteTx tx, User user, Duration good) {
        if (user.serviceAccount() || user.disabled() || !user.verified()) {
            throw new Refused(new Unfit("%s cannot sign in: %s".formatted(user.handle(),
                user.serviceAccount() ? "this is a service account" : "the user is " + user.status().text())));
        }
        cancel(tx, user);
        var id = tx.newId();
        var token = tx.randomness().base64(TOKEN_BYTES);
        tx.update("""
            INSERT INTO mail_links (org_id, id, user_id, kind, created_at, expires_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), id, user.id(), ONCE, tx.now(), tx.now().plus(good), tx.version());
        tx.update("INSERT INTO link_pointers (digest, org_id, id) VALUES (?, ?, ?)", Secrets.digest(token), tx.org(),
            id);
        audit.record(tx, "sign_in_link.made", Users.subject(user),
            new Change(Map.of(), Map.of("expires_at", tx.now().plus(good).toString())));
        return token;
    }

    /// The link of a token, if it is good. Changes nothing.
    public Optional<Open> find(Tx tx, String token) {
        return tx.query("""
            SELECT l.id, l.org_id, l.user_id, l.expires_at FROM link_pointers p
              JOIN mail_links l ON l.org_id = p.org_id AND l.id = p.id
             WHERE p.digest = ? AND l.kind = ? AND l.used_at IS NULL AND l.cancelled_at IS NULL
               AND l.expires_at > roster_now()
            """, Secrets.digest(token), ONCE)
            .optional(row -> new Open(row.uuid("id"), new Org.Id(row.uuid("org_id")),
                new User.Id(row.uuid("user_id")), row.instant("expires_at")));
    }

    /// Lets a client in by a link, which is used up then.
    ///
    /// @return none if the link is not good, or no longer
    public Optional<Admission> enter(Org.Id org, String token, Client client, Caller visitor) {
        return db.write(visitor, tx -> find(tx, token).filter(link -> link.org().equals(org)).map(link -> {
            var admission = signIn.admit(tx, new Proof.Link(link.user(), tx.now().plus(SESSION)), client);
            if (admission instanceof Admission.In) {
                tx.update("UPDATE mail_links SET used_at = ?, version = ? WHERE org_id = ? AND id = ?", tx.now(),
                    tx.version(), tx.org(), link.id());
                tx.update("DELETE FROM link_pointers WHERE org_id = ? AND id = ?", tx.org(), link.id());
            }
            return admission;
        }));
    }

    private static void cancel(WriteTx tx, User user) {
        tx.update("""
            DELETE FROM link_pointers p USING mail_links l
             WHERE l.org_id = ? AND l.user_id = ? AND l.used_at IS NULL AND l.cancelled_at IS NULL
               AND p.org_id = l.org_id AND p.id = l.id
            """, tx.org(), user.id());
        tx.update("""
            UPDATE mail_links SET cancelled_at = ?, version = ?
             WHERE org_id = ? AND user_id = ? AND used_at IS NULL AND cancelled_at IS NULL
            """, tx.now(), tx.version(), tx.org(), user.id());
    }

    @Override
    public Supplier<Map<String, Object>> disabled(WriteTx tx, User user) {
        cancel(tx, user);
        return Map::of;
    }

    @Override
    public void addressChanged(WriteTx tx, User user, Optional<String> left) {
        cancel(tx, user);
    }

    @Override
    public Map<String, Object> anonymised(WriteTx tx, User user) {
        cancel(tx, user);
        tx.update("DELETE FROM mail_links WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
        return Map.of();
    }

    /// Links made while the clock of the database was ahead are good for no longer than those made now.
    int repairTimes(WriteTx tx) {
        return tx.update("""
            UPDATE mail_links SET expires_at = ?, version = ?
             WHERE org_id = ? AND id IN (SELECT id FROM mail_links
                                          WHERE org_id = ? AND used_at IS NULL AND expires_at > ? LIMIT ?)
            """, tx.now().plus(GOOD_MAX), tx.version(), tx.org(), tx.org(), tx.now().plus(GOOD_MAX),
            TimeRepair.AT_ONCE);
    }
}
