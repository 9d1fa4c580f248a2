package roster.core.access;

import roster.base.db.Tx;
import roster.model.LoginMethod;
import roster.model.User;

/// By which methods users may sign in: those named for them, else those that their organisation has enabled. Reads the
/// columns of users and organisations itself, as it comes before all nouns.
public final class AllowedMethods {
    /// Whether the user `u` may use the method `s.method`. A link from the operator is no login method, and is exempt.
    public static final String SQL = """
        (s.method = 'link' OR CASE WHEN cardinality(u.login_methods) > 0 THEN s.method = ANY (u.login_methods)
              ELSE COALESCE((SELECT c.value = 'true'::jsonb FROM org_configs c
                              WHERE c.org_id = u.org_id AND c.name = 'login_' || s.method), s.method <> 'saml') END)
        """;

    private AllowedMethods() {}

    public static boolean allows(Tx tx, User user, LoginMethod method) {
        return tx.query("SELECT 1 FROM users u CROSS JOIN (SELECT ?::text AS method) s "
            + "WHERE u.org_id = ? AND u.id = ? AND " + SQL, method.text(), user.org(), user.id()).any();
    }
}
