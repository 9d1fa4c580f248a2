package roster.core.access;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import roster.base.db.Row;
import roster.base.db.Tx;
import roster.core.permission.Catalogue;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;

/// The permissions that users hold through their roles.
public final class Rights {
    private final Catalogue catalogue;

    public Rights(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    /// All permissions that a user's roles hold, unlisted ones included, without [Catalogue#EVERYONE].
    public Set<Permission> of(Tx tx, Org.Id org, User.Id user) {
        return ofLater(tx, org, user).get();
    }

    /// The same, asked for with the statement that follows.
    public Supplier<Set<Permission>> ofLater(Tx tx, Org.Id org, User.Id user) {
        var byRole = tx.later(this::held, """
                SELECT r.managed, r.permissions
                  FROM role_members m JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
                 WHERE m.org_id = ? AND m.user_id = ?
                """, org, user);
        return () -> {
            var held = new HashSet<Permission>();
            byRole.get().forEach(held::addAll);
            return held;
        };
    }

    /// The permissions that a role holds; none if there is no such role.
    Optional<Set<Permission>> of(Tx tx, Org.Id org, Role.Id role) {
        return tx.query("SELECT r.managed, r.permissions FROM roles r WHERE r.org_id = ? AND r.id = ?", org, role)
            .optional(this::held);
    }

    private Set<Permission> held(Row row) {
        return row.optionalText("managed").map(managed -> catalogue.heldBy(Role.Managed.valueOf(managed)))
            .orElseGet(() -> Set.copyOf(row.texts("permissions").stream().map(Permission::new).toList()));
    }
}
