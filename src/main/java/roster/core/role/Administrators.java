package roster.core.role;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.permission.Catalogue;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.LastAdministrator;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Never locked out (promise P6): an organisation keeps at least one Active human who holds `user_access_manage`.
public final class Administrators {
    private final Catalogue catalogue;

    public Administrators(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// Makes a change that could remove an administrator.
    ///
    /// @throws Refused with LastAdministrator if there was one before and none is left; the write is rolled back then
    public <T> T keeping(WriteTx tx, Supplier<T> change) {
        var had = any(tx, tx.org());
        var result = change.get();
        if (had && !any(tx, tx.org())) {
            throw new Refused(new LastAdministrator());
        }
        return result;
    }

    /// Makes a change to one user, which removes an administrator only if they may be one.
    ///
    /// @param user as they are before
    /// @throws Refused as [#keeping(WriteTx, Supplier)] does
    public <T> T keeping(WriteTx tx, User user, Supplier<T> change) {
        return mayBeOne(tx, user) ? keeping(tx, change) : change.get();
    }

    /// Makes a change to the members of a role, which removes an administrator only if these are administrators by it.
    ///
    /// @param role under the lock
    /// @throws Refused as [#keeping(WriteTx, Supplier)] does
    public <T> T keeping(WriteTx tx, Role role, Supplier<T> change) {
        return role.permissions().contains(Permission.USER_ACCESS_MANAGE) ? keeping(tx, change) : change.get();
    }

    /// Before a role is deleted, however many members it has.
    ///
    /// @throws Refused with LastAdministrator if there are administrators, and all are such by this role alone
    void mustRemainWithout(Tx tx, Role role) {
        if (role.permissions().contains(Permission.USER_ACCESS_MANAGE) && any(tx, role.org())
            && !any(tx, role.org(), Optional.of(role.id()))) {
            throw new Refused(new LastAdministrator());
        }
    }

    private boolean mayBeOne(Tx tx, User user) {
        var manage = Permission.USER_ACCESS_MANAGE;
        return !user.roles().isEmpty() && tx.query("""
            SELECT 1
              FROM roles
             WHERE org_id = ? AND id = ANY (?::uuid[]) AND (managed = ANY (?) OR permissions @> ?)
             LIMIT 1
            """, user.org(), user.roles(), catalogue.managedHolding(manage), List.of(manage.name())).any();
    }

    /// Some of the administrators, by name.
    ///
    /// @param total how many there are
    public record Named(List<String> names, long total) {}

    /// @param most names; the first ones
    public Named named(Tx tx, Org.Id org, int most) {
        var manage = Permission.USER_ACCESS_MANAGE;
        var found = tx.query("""
            SELECT COALESCE(u.name, u.email) AS shown, count(*) OVER () AS total
              FROM users u
             WHERE u.org_id = ? AND u.verified AND NOT u.disabled AND NOT u.service_account
               AND u.id IN (SELECT m.user_id
                              FROM roles r JOIN role_members m ON m.org_id = r.org_id AND m.role_id = r.id
                             WHERE r.org_id = ? AND (r.managed = ANY (?) OR r.permissions @> ?))
             ORDER BY shown, u.id
             LIMIT ?
            """, org, org, catalogue.managedHolding(manage), List.of(manage.name()), most)
            .list(row -> Map.entry(row.text("shown"), row.number("total")));
        return new Named(found.stream().map(Map.Entry::getKey).toList(),
            found.isEmpty() ? 0 : found.getFirst().getValue());
    }

    /// Of these roles, the ones whose members may be administrators.
    public Set<Role.Id> makingThem(Tx tx, Org.Id org, Collection<Role.Id> roles) {
        var manage = Permission.USER_ACCESS_MANAGE;
        return roles.isEmpty() ? Set.of() : Set.copyOf(tx.query("""
            SELECT id FROM roles
             WHERE org_id = ? AND id = ANY (?::uuid[]) AND (managed = ANY (?) OR permissions @> ?)
            """, org, List.copyOf(roles), catalogue.managedHolding(manage), List.of(manage.name()))
            .list(row -> new Role.Id(row.uuid("id"))));
    }

    private boolean any(Tx tx, Org.Id org) {
        return any(tx, org, Optional.empty());
    }

    private boolean any(Tx tx, Org.Id org, Optional<Role.Id> but) {
        var manage = Permission.USER_ACCESS_MANAGE;
        // OFFSET 0 keeps PostgreSQL to this order: few roles hold the permission and they have few members, while a plan
        // that starts from the verified users may read all of them.
        return tx.query("""
            SELECT 1
              FROM roles r
             CROSS JOIN LATERAL (SELECT user_id FROM role_members
                                  WHERE org_id = r.org_id AND role_id = r.id OFFSET 0) m
             CROSS JOIN LATERAL (SELECT 1 FROM users
                                  WHERE org_id = r.org_id AND id = m.user_id
                                    AND verified AND NOT disabled AND NOT service_account OFFSET 0) u
             WHERE r.org_id = ? AND r.id IS DISTINCT FROM ?::uuid AND (r.managed = ANY (?) OR r.permissions @> ?)
             LIMIT 1
            """, org, but, catalogue.managedHolding(manage), List.of(manage.name())).any();
    }
}
