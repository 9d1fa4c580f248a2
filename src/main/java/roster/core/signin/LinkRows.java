package roster.core.signin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import roster.base.db.Row;
import roster.base.db.TimeRepair;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Secrets;
import roster.model.Org;
import roster.model.User;

/// The SQL of `mail_links` and `link_pointers`: links that work once, each of one kind. A newer one of a user ends the older
/// of that kind. No link is readable here.
public final class LinkRows {
    private static final String COLUMNS = """
        l.id, l.org_id, l.user_id, l.email, l.bound_to, l.created_at, l.expires_at""";

    private static final String OPEN = """
         l.kind = ? AND l.used_at IS NULL AND l.cancelled_at IS NULL AND l.expires_at > roster_now()""";

    private LinkRows() {}

    /// What a link is for. A link of one kind is none of another.
    public enum Kind {
        /// Made by the operator: lets in.
        ONCE,
        /// Sent to a user: sets a password.
        RESET,
        /// Sent to a user: shows that they read e-mail there.
        CONFIRM;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A link that is good.
    ///
    /// @param email where it was sent; none: to the operator
    /// @param boundTo what else it is good for only
    public record Open(UUID id, Org.Id org, User.Id user, Optional<String> email, Optional<String> boundTo, Instant createdAt,
        Instant expiresAt) {}

    /// @param id from [WriteTx#newId]
    record New(UUID id, Kind kind, Duration good, Optional<String> email, Optional<String> boundTo) {}

    static void add(WriteTx tx, User user, New link, String token) {
        cancel(tx, List.of(user), Optional.of(link.kind()));
        tx.update("""
            INSERT INTO mail_links (org_id, id, user_id, kind, email, bound_to, created_at, expires_at, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, tx.org(), link.id(), user.id(), link.kind().text(), link.email(), link.boundTo(), tx.now(),
            tx.now().plus(link.good()), tx.version());
        tx.update("INSERT INTO link_pointers (digest, org_id, id) VALUES (?, ?, ?)", Secrets.digest(token), tx.org(),
            link.id());
    }

    /// The link of a token, if it is good. Changes nothing.
    public static Optional<Open> find(Tx tx, Kind kind, String token) {
        return tx.query("SELECT " + COLUMNS + """
              FROM link_pointers p JOIN mail_links l ON l.org_id = p.org_id AND l.id = p.id
             WHERE p.digest = ? AND
            """ + OPEN, Secrets.digest(token), kind.text()).optional(LinkRows::open);
    }

    static Optional<Open> find(Tx tx, Kind kind, Org.Id org, UUID id) {
        return tx.query("SELECT " + COLUMNS + " FROM mail_links l WHERE l.org_id = ? AND l.id = ? AND " + OPEN, org, id,
            kind.text()).optional(LinkRows::open);
    }

    /// Whether a token is that of a link.
    static boolean isToken(Tx tx, Open link, String token) {
        return tx.query("SELECT 1 FROM link_pointers WHERE digest = ? AND org_id = ? AND id = ?", Secrets.digest(token),
            link.org(), link.id()).any();
    }

    public static void use(WriteTx tx, Open link) {
        tx.update("UPDATE mail_links SET used_at = ?, version = ? WHERE org_id = ? AND id = ?", tx.now(), tx.version(),
            tx.org(), link.id());
        tx.update("DELETE FROM link_pointers WHERE org_id = ? AND id = ?", tx.org(), link.id());
    }

    /// @param kind none: all
    public static void cancel(WriteTx tx, List<User> users, Optional<Kind> kind) {
        var only = kind.map(Kind::text);
        var ids = users.stream().map(User::id).toList();
        tx.later("""
            DELETE FROM link_pointers p USING mail_links l
             WHERE l.org_id = ? AND l.user_id = ANY (?::uuid[]) AND l.used_at IS NULL AND l.cancelled_at IS NULL
               AND (?::text IS NULL OR l.kind = ?) AND p.org_id = l.org_id AND p.id = l.id
            """, tx.org(), ids, only, only);
        tx.later("""
            UPDATE mail_links SET cancelled_at = ?, version = ?
             WHERE org_id = ? AND user_id = ANY (?::uuid[]) AND used_at IS NULL AND cancelled_at IS NULL
               AND (?::text IS NULL OR kind = ?)
            """, tx.now(), tx.version(), tx.org(), ids, only, only);
    }

    static void forget(WriteTx tx, User user) {
        cancel(tx, List.of(user), Optional.empty());
        tx.update("DELETE FROM mail_links WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
    }

    /// Links made while the clock of the database was ahead are good for no longer than those made now.
    static int repairTimes(WriteTx tx, Duration longest) {
        var latest = tx.now().plus(longest);
        return tx.update("""
            UPDATE mail_links SET expires_at = ?, version = ?
             WHERE org_id = ? AND id IN (SELECT id FROM mail_links
                                          WHERE org_id = ? AND used_at IS NULL AND expires_at > ? LIMIT ?)
            """, latest, tx.version(), tx.org(), tx.org(), latest, TimeRepair.AT_ONCE);
    }

    private static Open open(Row row) {
        return new Open(row.uuid("id"), new Org.Id(row.uuid("org_id")), new User.Id(row.uuid("user_id")),
            row.optionalText("email"), row.optionalText("bound_to"), row.instant("created_at"),
            row.instant("expires_at"));
    }
}
