package roster.core.user;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.WriteTx;
import roster.core.audit.AuditLog;
import roster.core.audit.Change;
import roster.core.role.Administrators;
import roster.core.user.Users.Edit;
import roster.model.LoginMethod;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Gives up the accounts of people who left, as their directory says, and gives them to whom it sends again. The account stays,
/// disabled, and keeps its address; what its owner could do and how they signed in goes, as another may get it after them.
public final class Departures {
    private final AuditLog audit;
    private final Users users;
    private final Administrators administrators;

    Departures(AuditLog audit, Users users, Administrators administrators) {
        this.audit = audit;
        this.users = users;
        this.administrators = administrators;
    }

    /// Whether a user has anything that would go, apart from being enabled.
    public static boolean hasAnything(User user) {
        return user.verified() || user.secondFactor() || !user.roles().isEmpty() || !user.loginMethods().isEmpty();
    }

    /// Disables a user, takes all roles, what they sign in by and the proof of their address from them, and makes them as one who
    /// has yet to come in.
    ///
    /// @param more facts that end with it, for the audit entry
    /// @throws Refused with LastAdministrator
    public void giveUp(WriteTx tx, User user, Map<String, Object> more) {
        administrators.keeping(tx, user, () -> store(tx, user));
        if (!user.roles().isEmpty()) {
            tx.gone("role_member", user.id());
        }
        var before = facts(user);
        before.putAll(more);
        var after = new LinkedHashMap<String, Object>();
        before.keySet().forEach(name -> after.put(name, null));
        after.put("disabled", true);
        after.put("verified", false);
        after.put("allowed_login_methods", List.of());
        after.put("roles", List.of());
        var change = users.cutOff(tx, List.of(user), new Change(before, after)).get(user.id());
        users.deprovisioned(tx, user);
        audit.record(tx, "user.deprovisioned", Users.subject(user), change);
    }

    private static int store(WriteTx tx, User user) {
        tx.update("""
            UPDATE users
               SET email_proved = false, verified = false, disabled = true, login_methods = '{}', modified_at = ?, version = ?
             WHERE org_id = ? AND id = ?
            """, tx.now(), tx.version(), tx.org(), user.id());
        return tx.update("DELETE FROM role_members WHERE org_id = ? AND user_id = ?", tx.org(), user.id());
    }

    private static Map<String, Object> facts(User user) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("disabled", user.disabled());
        facts.put("verified", user.verified());
        facts.put("allowed_login_methods", user.loginMethods().stream().map(LoginMethod::text).toList());
        facts.put("roles", user.roles().stream().map(Role.Id::toString).toList());
        return facts;
    }

    /// Changes a disabled user whom a directory has back, as [Users#update] does.
    ///
    /// @throws Refused as that
    public User restore(WriteTx tx, User user, Edit edit) {
        return users.update(tx, user.id().toString(), edit, Optional.of("user.restored"));
    }
}
