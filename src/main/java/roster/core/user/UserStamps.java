package roster.core.user;

import java.util.Base64;
import roster.base.secret.LengthPrefixed;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;
import roster.model.Problem.Stale;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;

/// Tells whether a user is still as a form showed them: a keyed hash of all that people change. Signing in does not change it.
public final class UserStamps {
    private final Purpose purpose;

    UserStamps(Secrets secrets) {
        purpose = secrets.purpose("user stamps");
    }

    /// The stamp of a user as they are, in base64url.
    public String of(User user) {
        return purpose.hashText(fields(user));
    }

    /// To be asked under the lock, before a change.
    ///
    /// @throws Refused with [Stale] if the user was changed after the stamp was made
    public void mustBe(User user, String stamp) {
        if (!purpose.isHash(stamp, fields(user))) {
            throw new Refused(new Stale());
        }
    }

    private static String fields(User user) {
        var fields = new LengthPrefixed().add(user.org()).add(user.id()).add(user.email()).add(user.handle())
            .add(user.name()).add(user.title()).add(user.verified()).add(user.disabled());
        user.roles().stream().map(Role.Id::toString).sorted().forEach(fields::add);
        return Base64.getEncoder().encodeToString(fields.bytes());
    }
}
