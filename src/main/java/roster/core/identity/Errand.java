package roster.core.identity;

import java.util.UUID;

/// What a browser is sent to a provider for.
public sealed interface Errand {
    /// Signing in.
    record SignIn() implements Errand {}

    /// Accepting an invitation.
    ///
    /// @param token of the invitation's link
    record Accept(String token) implements Errand {
        @Override
        public String toString() {
            return "Accept";
        }
    }

    /// The user of a session shows once more who they are.
    record Again(UUID session) implements Errand {}

    /// The user of a session shows that an account at the provider is theirs.
    record Link(UUID session) implements Errand {}
}
