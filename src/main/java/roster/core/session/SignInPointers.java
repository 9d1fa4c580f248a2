package roster.core.session;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import roster.base.db.Database;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.base.work.Stop;
import roster.core.access.AllowedMethods;
import roster.core.session.Passwords.Candidate;
import roster.model.Org;
import roster.model.User;

/// From an address to the users who may sign in by it, in all organisations: a keyed hash of each address that they have or
/// had. Whether they still have it is read from their own row.
final class SignInPointers {
    /// Organisations of one address that are looked at.
    private static final int FOUND_MAX = 20;

    private static final int ADDED_AT_ONCE = 1000;

    private final Database db;
    private final Purpose addresses;

    SignInPointers(Database db, Secrets secrets) {
        this.db = db;
        addresses = secrets.purpose("sign-in addresses");
    }

    /// Points from the addresses that a user has now.
    void add(WriteTx tx, User user) {
        Stream.of(user.email(), user.handle()).distinct().forEach(address -> tx.update("""
            INSERT INTO sign_in_pointers (digest, org_id, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
            """, addresses.hash(address), user.org(), user.id()));
    }

    void remove(WriteTx tx, User user) {
        tx.update("DELETE FROM sign_in_pointers WHERE org_id = ? AND user_id = ?", user.org(), user.id());
    }

    /// The passwords by which people may sign in who have this address, or whose handle it is. One of each organisation: that
    /// of the user who has the address, before that of another whose handle it is.
    List<Candidate> find(Tx tx, String address, Optional<Org.Id> only) {
        return tx.query("""
            SELECT DISTINCT ON (p.org_id) p.org_id, p.user_id, p.digest, p.version
              FROM sign_in_pointers a
              CROSS JOIN (SELECT 'standard'::text AS method) s
              JOIN orgs o ON o.id = a.org_id AND NOT o.disabled
              JOIN users u ON u.org_id = a.org_id AND u.id = a.user_id AND NOT u.service_account AND NOT u.disabled
                          AND u.verified AND ? IN (u.email, u.handle)
              JOIN passwords p ON p.org_id = u.org_id AND p.user_id = u.id
             WHERE a.digest = ANY (?::bytea[]) AND (?::uuid IS NULL OR a.org_id = ?::uuid) AND
            """ + AllowedMethods.SQL + """
             ORDER BY p.org_id, u.email = ? DESC
             LIMIT ?
            """, address, addresses.hashes(address).stream().map(SignInPointers::literal).toList(), only, only, address,
            FOUND_MAX).list(SignInPointers::candidate);
    }

    static Candidate candidate(Row row) {
        return new Candidate(new Org.Id(row.uuid("org_id")), new User.Id(row.uuid("user_id")), row.text("digest"),
            row.number("version"));
    }

    private static String literal(byte[] bytes) {
        return "\\x" + HexFormat.of().formatHex(bytes);
    }

    /// Points at the users whose passwords an earlier version stored, which made no pointers.
    void complete(Stop stop) {
        int added;
        do {
            added = db.note(tx -> {
                var without = tx.query("""
                    SELECT u.org_id, u.id, u.email, u.handle FROM passwords p
                      JOIN users u ON u.org_id = p.org_id AND u.id = p.user_id
                     WHERE NOT EXISTS (SELECT 1 FROM sign_in_pointers s
                                        WHERE s.org_id = p.org_id AND s.user_id = p.user_id)
                     LIMIT ?
                    """, ADDED_AT_ONCE).list(row -> List.of(row.uuid("org_id"), row.uuid("id"), row.text("email"),
                    row.text("handle")));
                without.forEach(one -> Stream.of(one.get(2), one.get(3)).distinct().forEach(address -> tx.update("""
                    INSERT INTO sign_in_pointers (digest, org_id, user_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
                    """, addresses.hash(address.toString()), one.get(0), one.get(1))));
                return without.size();
            });
        } while (added == ADDED_AT_ONCE && !stop.requested());
    }
}
