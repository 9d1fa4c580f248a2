package roster.core.overview;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import roster.base.db.Tx;
import roster.core.permission.Catalogue;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Role;

/// What an administrator should look at.
public final class Attention {
    private static final Duration UNUSED = Duration.ofDays(90);

    private final Catalogue catalogue;

    Attention(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// Administrators who have no second factor, and the roles that make them administrators.
    public record Unguarded(long people, List<Role.Id> roles) {}

    public Unguarded administrators(Tx tx, Org.Id org) {
        var manage = Permission.USER_ACCESS_MANAGE;
        // OFFSET 0 keeps PostgreSQL to this order: few roles hold the permission and they have few members, while a plan
        // that starts from the users reads all of them.
        return tx.query("""
            SELECT count(DISTINCT u.id) AS n, COALESCE(array_agg(DISTINCT r.id), '{}') AS roles
              FROM roles r
             CROSS JOIN LATERAL (SELECT user_id FROM role_members
                                  WHERE org_id = r.org_id AND role_id = r.id OFFSET 0) m
             CROSS JOIN LATERAL (SELECT id FROM users
                                  WHERE org_id = r.org_id AND id = m.user_id
                                    AND verified AND NOT disabled AND NOT service_account AND NOT second_factor OFFSET 0) u
             WHERE r.org_id = ? AND (r.managed = ANY (?) OR r.permissions @> ?)
            """, org, catalogue.managedHolding(manage), List.of(manage.name()))
            .one(row -> new Unguarded(row.number("n"), row.uuids("roles").stream().map(Role.Id::new).toList()));
    }

    /// Keys that were not used for 90 days.
    public long unusedKeys(Tx tx, Org.Id org, Instant now) {
        var since = now.minus(UNUSED);
        return tx.query("""
            SELECT (SELECT count(*) FROM api_keys
                     WHERE org_id = ? AND COALESCE(last_used_at, created_at) < ?)
                 + (SELECT count(*) FROM application_keys
                     WHERE org_id = ? AND COALESCE(last_used_at, created_at) < ?) AS n
            """, org, since, org, since).one(row -> row.number("n"));
    }
}
