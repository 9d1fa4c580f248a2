package roster.core.role;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Where;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.model.Problem;
import roster.model.Problem.Conflict;
import roster.model.Problem.Invalid;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;

/// What roles are called: the rules of their names, and the names that directories give them.
public final class RoleNames {
    private final AuditLog audit;

    RoleNames(AuditLog audit) {
        this.audit = audit;
    }

    /// What is wrong with a name, if anything.
    public static Optional<Problem> fault(String name) {
        if (!Text.isVisible(name)) {
            return Optional.of(new Unfit("Role names cannot be only whitespace"));
        }
        return Text.length(name) > Role.NAME_MAX
            ? Optional.of(new Invalid("name", "Longer than maximum length %d.".formatted(Role.NAME_MAX)))
            : Optional.empty();
    }

    static void mustDo(String name) {
        fault(name).ifPresent(problem -> {
            throw new Refused(problem);
        });
    }

    /// @param but the role that has the name already and may keep it
    static void mustBeFree(WriteTx tx, String name, Optional<Role.Id> but) {
        var where = Where.of("org_id = ? AND name_folded = ?", tx.org(), Text.folded(Text.name(name)))
            .andIf(but, "id <> ?");
        if (tx.query("SELECT 1 FROM roles" + where.sql(), where.values().toArray()).any()) {
            throw new Refused(new Conflict("A role with the same name already exists"));
        }
    }

    /// Changes what a directory may change of a role: its name, and what the directory calls it. Sending the current values
    /// changes nothing.
    ///
    /// @param old under the lock
    /// @throws Refused with [Unfit] for a blank name or another one of a managed role; [Invalid] for one that is too long;
    ///     [Conflict] for one in use
    public Role identify(WriteTx tx, Role old, String name, Optional<String> externalId) {
        mustDo(name);
        var role = new Role(old.id(), old.org(), Text.name(name), old.managed(), old.permissions(),
            old.receivesPermissionsFrom(), old.createdAt(), tx.now(), old.createdBy(), Roles.actor(tx), externalId);
        if (role.name().equals(old.name()) && externalId.equals(old.externalId())) {
            return old;
        }
        if (!role.name().equals(old.name())) {
            Roles.mustBeCustom(old);
            mustBeFree(tx, name, Optional.of(old.id()));
        }
        tx.later("""
            UPDATE roles SET name = ?, name_folded = ?, external_id = ?, modified_at = ?, modified_by = ?, version = ?
             WHERE org_id = ? AND id = ?
            """, role.name(), Text.folded(role.name()), externalId, role.modifiedAt(), tx.caller().user(), tx.version(),
            tx.org(), role.id());
        audit.record(tx, "role.updated", Roles.subject(role), Change.between(identity(old), identity(role)));
        return role;
    }

    private static Map<String, Object> identity(Role role) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", role.name());
        facts.put("external_id", role.externalId().orElse(null));
        return facts;
    }
}
