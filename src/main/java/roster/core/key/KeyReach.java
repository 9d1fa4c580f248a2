package roster.core.key;

import java.util.Optional;
import roster.base.db.Where;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.User;

/// Whose application keys and access tokens a caller may see, change or make: those of all, their own, those of service
/// accounts.
///
/// @param own none: not even their own
public record KeyReach(boolean all, Optional<User.Id> own, boolean ofServiceAccounts) {
    public static KeyReach reading(Caller caller) {
        return of(caller, caller.holds(Permission.ORG_APP_KEYS_READ));
    }

    /// Changing and revoking.
    public static KeyReach changing(Caller caller) {
        return of(caller, caller.holds(Permission.ORG_APP_KEYS_WRITE));
    }

    /// No caller makes keys for another person.
    public static KeyReach making(Caller caller) {
        return of(caller, false);
    }

    private static KeyReach of(Caller caller, boolean all) {
        return new KeyReach(all, caller.user().filter(_ -> caller.holds(Permission.USER_APP_KEYS)),
            caller.holds(Permission.SERVICE_ACCOUNT_WRITE));
    }

    /// @param service whether the owner is a service account
    public boolean covers(User.Id owner, boolean service) {
        return all || own.filter(owner::equals).isPresent() || ofServiceAccounts && service;
    }

    public boolean covers(User owner) {
        return covers(owner.id(), owner.serviceAccount());
    }

    public boolean coversServiceAccounts() {
        return all || ofServiceAccounts;
    }

    /// Adds the condition that keys `k` of users `u` are within it.
    void addTo(Where where) {
        if (all) {
            return;
        }
        if (own.isEmpty()) {
            where.and(ofServiceAccounts ? "u.service_account" : "false");
        } else if (ofServiceAccounts) {
            where.and("(k.user_id = ? OR u.service_account)", own.get());
        } else {
            where.and("k.user_id = ?", own.get());
        }
    }
}
