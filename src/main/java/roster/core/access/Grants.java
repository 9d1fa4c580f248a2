package roster.core.access;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.core.permission.Catalogue;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Permission;
import roster.model.Problem.Forbidden;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.Role;
import roster.model.Text;
import roster.model.User;

/// No more than held (promise P5): what callers may hand on to others. Holders of `user_access_manage` may hand on
/// everything. All others may hand on only what is among their effective permissions, with the scopes of their key or
/// token applied. Independently of that, a key with scopes or a token issues nothing wider than itself.
///
/// All rules read under the organisation's lock.
public final class Grants {
    /// Of scopes that do not exist, a refusal names so many, and so many characters of each.
    private static final int SCOPES_SHOWN = 100;
    private static final int SCOPE_SHOWN = 100;

    private final Catalogue catalogue;
    private final Rights rights;

    public Grants(Catalogue catalogue, Rights rights) {
        this.catalogue = catalogue;
        this.rights = rights;
    }

    /// The rule for a role that is given to a person: the caller has the role too, and holds all of its permissions.
    ///
    /// @throws Refused with [Forbidden]
    public void mustBeGivable(WriteTx tx, Role role) {
        var caller = tx.caller();
        if (caller.holds(Permission.USER_ACCESS_MANAGE)) {
            return;
        }
        if (caller.user().filter(user -> has(tx, tx.org(), user, role)).isEmpty()
            || !caller.holdsAll(role.permissions())) {
            throw new Refused(new Forbidden(Permission.USER_ACCESS_MANAGE));
        }
    }

    /// Whether a user who is not the caller could give a person this role now: [#mustBeGivable], by all that their roles
    /// hold. They need `user_access_invite` as well, as roles are given to people who are invited.
    public boolean couldGive(Tx tx, Org.Id org, User.Id giver, Role role) {
        var held = rights.of(tx, org, giver);
        return held.contains(Permission.USER_ACCESS_MANAGE) || held.contains(Permission.USER_ACCESS_INVITE)
            && has(tx, org, giver, role) && held.containsAll(role.permissions());
    }

    private static boolean has(Tx tx, Org.Id org, User.Id user, Role role) {
        return tx.query("SELECT 1 FROM role_members WHERE org_id = ? AND user_id = ? AND role_id = ?", org, user,
            role.id()).any();
    }

    /// The rule for a role that is given to a service account, or to users who are yet to come: the caller holds all of
    /// its permissions, and need not have the role.
    ///
    /// @throws Refused with [Forbidden]
    public void mustHoldAllOf(WriteTx tx, Role role) {
        mustHoldAll(tx, role.permissions());
    }

    /// The same for a role that is known by its id only.
    ///
    /// @throws Refused with [Forbidden]; with [Unfit] if the organisation has no such role
    public void mustHoldAllOf(WriteTx tx, Role.Id role) {
        mustHoldAll(tx, rights.of(tx, tx.org(), role)
            .orElseThrow(() -> new Refused(new Unfit("Role %s not found".formatted(role)))));
    }

    /// The same for a managed role.
    public void mustHoldAllOf(WriteTx tx, Role.Managed role) {
        mustHoldAll(tx, catalogue.heldBy(role));
    }

    /// The rule for a key or token that is issued to, or widened for, another account: the caller holds all that its
    /// roles hold, as they can act through it afterwards.
    ///
    /// @throws Refused with [Forbidden]
    public void mustHoldAllOf(WriteTx tx, User.Id account) {
        if (!tx.caller().holds(Permission.USER_ACCESS_MANAGE)) {
            mustHoldAll(tx, rights.of(tx, tx.org(), account));
        }
    }

    /// The rule for permissions that are put into a role.
    ///
    /// @throws Refused with [Forbidden]
    public void mustHoldAll(WriteTx tx, Set<Permission> permissions) {
        if (!isWithin(tx.caller(), permissions)) {
            throw new Refused(new Forbidden(Permission.USER_ACCESS_MANAGE));
        }
    }

    /// Whether a caller may hand on all of these permissions.
    public static boolean isWithin(Caller caller, Set<Permission> permissions) {
        return caller.holds(Permission.USER_ACCESS_MANAGE) || caller.holdsAll(permissions);
    }

    /// The rule for the scopes of a key or token: the caller holds each of them. A caller with a key that has scopes, or
    /// with a token, must also ask for scopes that are all among their effective permissions.
    ///
    /// @param scopes names of permissions; none: everything the owner may do
    /// @throws Refused with [Unfit] for an unknown scope, [Forbidden]
    public void mustBeGivable(WriteTx tx, Optional<List<String>> scopes) {
        var wanted = scopes.map(names -> names.stream().map(Permission::new).toList());
        wanted.ifPresent(this::mustExist);
        wanted.ifPresent(each -> each.forEach(scope -> mustBeGivable(tx, scope)));
        var within = wanted.isPresent() && tx.caller().permissions().containsAll(wanted.get());
        if (!within && isNarrow(tx)) {
            throw new Refused(new Forbidden(Permission.USER_ACCESS_MANAGE));
        }
    }

    private void mustExist(List<Permission> scopes) {
        var unknown = scopes.stream()
            .filter(scope -> catalogue.find(scope).isEmpty() && !Catalogue.EVERYONE.contains(scope))
            .map(scope -> Text.cut(scope.name(), SCOPE_SHOWN)).distinct().limit(SCOPES_SHOWN).toList();
        if (!unknown.isEmpty()) {
            throw new Refused(new Unfit("Invalid scopes: " + String.join(", ", unknown)));
        }
    }

    private static void mustBeGivable(WriteTx tx, Permission scope) {
        if (!isGivable(tx.caller(), scope)) {
            throw new Refused(new Forbidden(scope));
        }
    }

    /// Whether a caller who uses no key with scopes and no token may put this scope into a key or token.
    public static boolean isGivable(Caller caller, Permission scope) {
        return caller.holds(scope) || caller.holds(Permission.USER_ACCESS_MANAGE);
    }

    /// Whether the caller uses something that can do only part of what they may: a token, or a key with scopes.
    private static boolean isNarrow(WriteTx tx) {
        var caller = tx.caller();
        return caller.accessToken().isPresent() || caller.applicationKey().isPresent() && tx.query(
            "SELECT 1 FROM application_keys WHERE org_id = ? AND id = ? AND scopes IS NOT NULL", tx.org(),
            caller.applicationKey()).any();
    }
}
