package roster.core.session;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import roster.model.LoginMethod;
import roster.model.User;

/// What a client has shown of whose account it is, to be let in by [SignIn].
public sealed interface Proof {
    User.Id user();

    /// The password of the user.
    ///
    /// @param version of the password's row when it was compared: another one was set since if it differs
    record Password(User.Id user, long version) implements Proof {}

    /// A link that the operator made, which was used up in the same write.
    ///
    /// @param endsAt of the session
    record Link(User.Id user, Instant endsAt) implements Proof {}

    /// The login method that must be allowed; none for a link of the operator.
    default Optional<LoginMethod> method() {
        return switch (this) {
            case Password _ -> Optional.of(LoginMethod.STANDARD);
            case Link _ -> Optional.empty();
        };
    }

    default List<String> factors() {
        return switch (this) {
            case Password _ -> List.of("password");
            case Link _ -> List.of("link");
        };
    }

    default Optional<Instant> sessionEndsAt() {
        return switch (this) {
            case Password _ -> Optional.empty();
            case Link(var _, var endsAt) -> Optional.of(endsAt);
        };
    }
}
