package roster.core.user;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.core.access.AllowedMethods;
import roster.model.Caller;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.NotOneself;
import roster.model.Refused;
import roster.model.User;

/// Who has an address. Of the Active people of all organisations who have shown that they read e-mail there, what is found may
/// be told at that address, and to users who have shown the same in their own organisation.
public final class AddressOwners {
    /// Organisations of one address that are looked at.
    private static final int FOUND_MAX = 20;

    /// A user of the same person in another organisation.
    public record Elsewhere(Org.Id org, User.Id user) {}

    private AddressOwners() {}

    /// The human of an organisation whose e-mail or handle this is, if any; asked for with the statement that follows.
    ///
    /// @param address folded
    public static Supplier<Optional<User>> human(Tx tx, Org.Id org, String address) {
        return tx.laterOptional(Users::user, "SELECT " + Users.COLUMNS + """
             FROM users u WHERE u.org_id = ? AND NOT u.service_account AND (u.email = ? OR u.handle = ?)
             ORDER BY u.email = ? DESC LIMIT 1
            """, org, address, address, address);
    }

    /// @param address folded
    public static List<User> of(Tx tx, String address) {
        return tx.query("SELECT " + Users.COLUMNS + """
              FROM address_pointers p
              JOIN users u ON u.org_id = p.org_id AND u.id = p.user_id
              JOIN orgs o ON o.id = u.org_id
             WHERE p.email = ? AND u.email = p.email AND u.email_proved AND u.verified AND NOT u.disabled
               AND NOT u.service_account AND NOT o.disabled
             ORDER BY o.created_at, o.id LIMIT ?
            """, address, FOUND_MAX).list(Users::user);
    }

    /// Those of them who may sign in by a method.
    public static List<User> of(Tx tx, String address, LoginMethod method) {
        return of(tx, address).stream().filter(user -> AllowedMethods.allows(tx, user, method)).toList();
    }

    /// The same person's users in other organisations: those with the same address, proved on both sides, who are Active
    /// there. Starts from the caller's own address and returns ids only.
    ///
    /// @throws Refused with [NotOneself] if the caller is not this user
    public static List<Elsewhere> elsewhere(Tx tx, Caller caller, User user) {
        if (!caller.user().equals(Optional.of(user.id()))) {
            throw new Refused(new NotOneself());
        }
        return tx.query("""
            SELECT other.org_id, other.id
              FROM users own
              JOIN address_pointers p ON p.email = own.email AND p.org_id <> own.org_id
              JOIN users other ON other.org_id = p.org_id AND other.id = p.user_id
              JOIN orgs o ON o.id = other.org_id
             WHERE own.org_id = ? AND own.id = ? AND own.email_proved AND NOT own.service_account
               AND other.email = own.email AND other.email_proved AND other.verified AND NOT other.disabled
               AND NOT other.service_account AND NOT o.disabled
             ORDER BY o.created_at, o.id
            """, user.org(), user.id())
            .list(row -> new Elsewhere(new Org.Id(row.uuid("org_id")), new User.Id(row.uuid("id"))));
    }
}
