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
        return tx.query("""
            SELECT count(DISTINCT u.id) AS n, COALESCE(array_agg(DISTINCT r.id) FILTER (WHERE u.id IS NOT NULL), '{}') AS roles
              FROM roles r
              JOIN role_members m ON m.org_id = r.org_id AND m.role_id = r.id
              JOIN users u ON u.org_id = m.org_id AND u.id = m.user_id AND u.verified AND NOT u.disabled
                          AND NOT u.service_account AND NOT u.second_factor
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
