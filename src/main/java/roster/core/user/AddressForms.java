package roster.core.user;

import java.net.IDN;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.source.Ids;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.model.Caller;
import roster.model.Email;
import roster.model.Org;
import roster.model.Refused;
import roster.model.User;

/// Gives addresses that an earlier version stored the form that [Email] has now. Migration 35 notes that there are some.
///
/// Earlier versions stored a domain as it was typed, and mailed to its form of IDNA2003. So two users may have one mailbox,
/// and mail for `fußball.test` went to `fussball.test`: who showed that they read it showed nothing about their address.
public final class AddressForms {
    private static final Logger LOG = LoggerFactory.getLogger(AddressForms.class);
    private static final String NOTE = "address forms";
    private static final String NOTE_OF_ORG = "address forms of ";
    private static final String REFUSED = "refused addresses";

    /// Users converted in one write, or read at once.
    static final int AT_ONCE = 500;

    /// The most users who are named in the log.
    private static final int REPORTED_MAX = 1000;

    private final Database db;
    private final Ids ids;
    private final AuditLog audit;
    private final Users users;

    AddressForms(Database db, Ids ids, AuditLog audit, Users users) {
        this.db = db;
        this.ids = ids;
        this.audit = audit;
        this.users = users;
    }

    /// Converts what is left to convert, [#AT_ONCE] users in one write, and notes how far it came: none is converted twice, as
    /// they may have proved their address meanwhile. An organisation that cannot be written is left for the next start; what
    /// cannot be converted is logged, by ids.
    public void convert() {
        if (!isNoted(NOTE)) {
            return;
        }
        var done = true;
        for (var org : db.read(tx -> tx.query("SELECT id FROM orgs ORDER BY id")
            .list(row -> new Org.Id(row.uuid("id"))))) {
            try {
                convert(org);
            } catch (Refused e) {
                done = false;
                LOG.atWarn().addKeyValue("org", org).addKeyValue("problem", e.problem())
                    .log("Addresses could not be converted; the next start tries again");
            }
        }
        if (done) {
            db.note(tx -> tx.update("DELETE FROM installation WHERE name = ? OR starts_with(name, ?)", NOTE,
                NOTE_OF_ORG));
        }
    }

    private boolean isNoted(String name) {
        return db.read(tx -> tx.query("SELECT 1 FROM installation WHERE name = ?", name).any());
    }

    /// The user who was converted last: the next are those created later.
    private record Place(Instant createdAt, UUID id) {
        private static final Place BEGIN = new Place(Instant.EPOCH, new UUID(0, 0));

        private static Place parse(String text) {
            var parts = text.split(" ");
            return new Place(Instant.parse(parts[0]), UUID.fromString(parts[1]));
        }

        @Override
        public String toString() {
            return createdAt + " " + id;
        }
    }

    private void convert(Org.Id org) {
        var name = NOTE_OF_ORG + org;
        var from = db.read(tx -> tx.query("SELECT value FROM installation WHERE name = ?", name)
            .optional(row -> Place.parse(row.text("value")))).orElse(Place.BEGIN);
        var more = true;
        while (more) {
            var after = from;
            var converted = db.write(Caller.bootstrap(org, ids.next().toString()), tx -> convert(tx, after));
            more = converted.size() == AT_ONCE;
            if (!converted.isEmpty()) {
                from = new Place(converted.getLast().createdAt(), converted.getLast().id().value());
                var reached = from.toString();
                db.note(tx -> tx.update("""
                    INSERT INTO installation (name, value) VALUES (?, ?)
                    ON CONFLICT (name) DO UPDATE SET value = excluded.value
                    """, name, reached));
            }
        }
    }

    private List<User> convert(WriteTx tx, Place after) {
        var old = tx.query("SELECT " + Users.COLUMNS + """
             FROM users u
             WHERE u.org_id = ? AND (u.created_at, u.id) > (?, ?)
               AND (octet_length(u.email) <> length(u.email) OR u.email LIKE '%xn--%'
                    OR octet_length(u.handle) <> length(u.handle) OR u.handle LIKE '%xn--%')
             ORDER BY u.created_at, u.id LIMIT ?
            """, tx.org(), after.createdAt(), after.id(), AT_ONCE).list(Users::user);
        old.forEach(user -> convert(tx, user));
        return old;
    }

    /// Logs, by ids, who has an address that an earlier version took and this one refuses. It stays theirs, and no e-mail is
    /// sent to it. Migration 53 notes that there may be some. If they cannot be read, the next start tries again.
    public void reportRefused() {
        if (!isNoted(REFUSED)) {
            return;
        }
        try {
            logRefused();
        } catch (Refused e) {
            LOG.atWarn().addKeyValue("problem", e.problem())
                .log("Addresses could not be checked; the next start tries again");
            return;
        }
        db.note(tx -> tx.update("DELETE FROM installation WHERE name = ?", REFUSED));
    }

    private void logRefused() {
        var found = 0L;
        var page = refusable(new Org.Id(Place.BEGIN.id()), Place.BEGIN.id());
        while (!page.isEmpty()) {
            for (var user : page) {
                found += isRefused(user) ? 1 : 0;
                if (isRefused(user) && found <= REPORTED_MAX) {
                    LOG.atWarn().addKeyValue("org", user.org()).addKeyValue("user", user.id())
                        .log("No e-mail can be sent to the address of this user; give them another one");
                }
            }
            page = refusable(page.getLast().org(), page.getLast().id().value());
        }
        if (found > REPORTED_MAX) {
            LOG.atWarn().addKeyValue("users", found).log("No e-mail can be sent to the addresses of so many users");
        }
    }

    /// A long read: where few users match, one page looks at all of them.
    private List<User> refusable(Org.Id org, UUID after) {
        return db.readLong(tx -> tx.query("SELECT " + Users.COLUMNS + """
             FROM users u
             WHERE (u.org_id, u.id) > (?, ?) AND (octet_length(u.email) <> length(u.email)
                                                  OR u.email ~ '[.@]([0-9]+|0x[0-9a-f]*)$')
             ORDER BY u.org_id, u.id LIMIT ?
            """, org, after, AT_ONCE).list(Users::user));
    }

    private static boolean isRefused(User user) {
        return (user.serviceAccount() ? Email.ofServiceAccount(user.email()) : Email.folded(user.email())).isEmpty();
    }

    private void convert(WriteTx tx, User user) {
        var email = (user.serviceAccount() ? Email.ofServiceAccount(user.email()) : Email.folded(user.email()))
            .orElse(user.email());
        var handle = user.serviceAccount() ? user.handle() : Email.folded(user.handle()).orElse(user.handle());
        var converted = user.spelled(email, handle);
        var other = user.serviceAccount() ? Optional.<User.Id>empty() : other(tx, converted);
        if (other.isPresent()) {
            LOG.atWarn().addKeyValue("org", tx.org()).addKeyValue("user", user.id())
                .addKeyValue("other_user", other.get())
                .log("Two users have one address in two spellings; give one of them another address");
        } else if (!converted.facts().equals(user.facts())) {
            store(tx, user, converted);
        }
        if (!user.serviceAccount() && wentElsewhere(user.email())) {
            distrust(tx, other.isPresent() ? user : converted);
        }
    }

    private void store(WriteTx tx, User user, User converted) {
        tx.update("""
            INSERT INTO address_pointers (email, org_id, user_id)
            SELECT ?, p.org_id, p.user_id FROM address_pointers p WHERE p.email = ? AND p.org_id = ? AND p.user_id = ?
            ON CONFLICT DO NOTHING
            """, converted.email(), user.email(), tx.org(), user.id());
        tx.update("UPDATE users SET email = ?, handle = ?, modified_at = ?, version = ? WHERE org_id = ? AND id = ?",
            converted.email(), converted.handle(), tx.now(), tx.version(), tx.org(), user.id());
        users.respelled(tx, user, converted);
        audit.record(tx, "user.updated", Users.subject(converted), Change.between(user.facts(), converted.facts()));
    }

    private static Optional<User.Id> other(Tx tx, User user) {
        return tx.query("""
            SELECT id FROM users
             WHERE org_id = ? AND id <> ? AND NOT service_account AND (email = ANY (?) OR handle = ANY (?))
             ORDER BY created_at, id LIMIT 1
            """, user.org(), user.id(), List.of(user.email(), user.handle()), List.of(user.email(), user.handle()))
            .optional(row -> new User.Id(row.uuid("id")));
    }

    /// Whether e-mails to an address went to another domain than they go to now.
    private static boolean wentElsewhere(String email) {
        var now = Email.mailed(email).map(mailed -> mailed.substring(mailed.indexOf('@') + 1));
        try {
            return now.filter(domain -> !domain.equals(IDN.toASCII(email.substring(email.indexOf('@') + 1))))
                .isPresent();
        } catch (IllegalArgumentException e) {
            return false; // none went anywhere
        }
    }

    private void distrust(WriteTx tx, User user) {
        users.doubtAddress(tx, user);
        LOG.atWarn().addKeyValue("org", tx.org()).addKeyValue("user", user.id()).log(
            "E-mails to this user went to the owner of another domain; their address is not proved, and their open "
                + "invitations are cancelled");
    }
}
