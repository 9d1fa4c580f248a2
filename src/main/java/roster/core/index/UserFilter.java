package roster.core.index;

import java.util.Optional;
import java.util.Set;
import roster.model.Role;
import roster.model.Text;
import roster.model.User.Status;

/// Whom a list lets through.
///
/// @param text folded, not empty: a part of e-mail or name
/// @param role only its members
record UserFilter(Optional<String> text, Optional<Set<Status>> statuses, Optional<Role.Id> role) {
    static UserFilter of(UserQuery query, Optional<Role.Id> role) {
        return new UserFilter(query.text().map(Text::folded).filter(text -> !text.isEmpty()), query.statuses(), role);
    }

    /// Whether everybody is let through.
    boolean isOpen() {
        return text.isEmpty() && statuses.isEmpty() && role.isEmpty();
    }
}
