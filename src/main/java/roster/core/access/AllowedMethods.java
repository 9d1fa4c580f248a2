package roster.core.access;

import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.User;

/// By which methods users may sign in: those named for them, else those that their organisation has enabled. Reads the
/// columns of users and organisations itself, as it comes before all nouns.
public final class AllowedMethods {
    /// Whether the user `u` may use the method `s.method`. A link from the operator is no login method, and is exempt.
    public static final String SQL = """
        (s.method = 'link' OR CASE WHEN cardinality(u.login_methods) > 0 THEN s.method = ANY (u.login_methods)
              WHEN s.method = 'oidc' THEN EXISTS (SELECT 1 FROM oidc_providers p
                              WHERE p.org_id = u.org_id AND p.kind = 'oidc' AND p.enabled AND p.removed_at IS NULL)
              ELSE COALESCE((SELECT c.value = 'true'::jsonb FROM org_configs c
                              WHERE c.org_id = u.org_id AND c.name = 'login_' || s.method), s.method <> 'saml') END)
        """;

    private AllowedMethods() {}

    /// Whether the users of an organisation who have no methods of their own sign in by a provider, and not by password.
    public static boolean byProvider(Tx tx, Org.Id org) {
        return byProvider(of(tx, org));
    }

    /// Whether users with these methods sign in by a provider, and not by password.
    public static boolean byProvider(Set<LoginMethod> methods) {
        return !methods.contains(LoginMethod.STANDARD)
            && (methods.contains(LoginMethod.GOOGLE_OIDC) || methods.contains(LoginMethod.OIDC));
    }

    private static Set<LoginMethod> of(Tx tx, Org.Id org) {
        var found = tx.query("""
            SELECT s.method FROM unnest(?::text[]) AS s (method)
             CROSS JOIN (SELECT ?::uuid AS org_id, '{}'::text[] AS login_methods) u WHERE
            """ + SQL, Arrays.stream(LoginMethod.values()).map(LoginMethod::text).toList(), org)
            .list(row -> LoginMethod.named(row.text("method")).orElseThrow());
        return Set.copyOf(found);
    }

    /// Whether any users of an organisation may sign in by a method: those who have none of their own, or one who has it.
    public static boolean allowsAnyone(Tx tx, Org.Id org, LoginMethod method) {
        return tx.query("""
            SELECT 1 FROM (SELECT ?::text AS method) s
             CROSS JOIN (SELECT ?::uuid AS org_id, '{}'::text[] AS login_methods) u
             WHERE EXISTS (SELECT 1 FROM users x WHERE x.org_id = u.org_id AND x.login_methods <> '{}'
                              AND s.method = ANY (x.login_methods) AND NOT x.disabled) OR
            """ + SQL, method.text(), org).any();
    }

    public static boolean allows(Tx tx, User user, LoginMethod method) {
        return allowsLater(tx, user.org(), user.id(), method).get();
    }

    /// The same, asked for with the statement that follows.
    public static Supplier<Boolean> allowsLater(Tx tx, Org.Id org, User.Id user, LoginMethod method) {
        var found = tx.later(_ -> true, "SELECT 1 FROM users u CROSS JOIN (SELECT ?::text AS method) s "
            + "WHERE u.org_id = ? AND u.id = ? AND " + SQL, method.text(), org, user);
        return () -> !found.get().isEmpty();
    }
}
