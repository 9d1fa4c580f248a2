package roster.core.user;

import java.util.List;
import roster.base.db.Tx;
import roster.core.access.AllowedMethods;
import roster.model.LoginMethod;
import roster.model.User;

/// The Active people of all organisations who have shown that they read e-mail at an address. What is found may be told at
/// that address and nowhere else.
public final class AddressOwners {
    /// Organisations of one address that are looked at.
    private static final int FOUND_MAX = 20;

    private AddressOwners() {}

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
}
