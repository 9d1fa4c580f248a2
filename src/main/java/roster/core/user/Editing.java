package roster.core.user;

import roster.model.Caller;
import roster.model.Permission;
import roster.model.Problem.Forbidden;
import roster.model.Refused;
import roster.model.User;

/// Who may change users: administrators all of them, and those who look after service accounts these.
public final class Editing {
    private Editing() {}

    public static boolean isAllowed(Caller caller, User user) {
        return caller.holds(Permission.USER_ACCESS_MANAGE)
            || user.serviceAccount() && caller.holds(Permission.SERVICE_ACCOUNT_WRITE);
    }

    /// @throws Refused with [Forbidden] if the caller may not change the user
    public static void mustBeAllowed(Caller caller, User user) {
        if (!isAllowed(caller, user)) {
            throw new Refused(new Forbidden(Permission.USER_ACCESS_MANAGE));
        }
    }
}
