package roster.core.bulk;

import java.util.List;
import java.util.Optional;
import roster.model.Invitation;
import roster.model.Role;
import roster.model.User;

/// Whom an act is about: a user, an invitation, or a person who is to be created.
public sealed interface Item {
    record OfUser(User.Id user) implements Item {}

    record OfInvitation(Invitation.Id invitation) implements Item {}

    /// @param email folded
    /// @param roles besides those of the order
    record Newcomer(String email, Optional<String> name, Optional<String> title, List<Role.Id> roles) implements Item {
        public Newcomer {
            roles = List.copyOf(roles);
        }
    }
}
