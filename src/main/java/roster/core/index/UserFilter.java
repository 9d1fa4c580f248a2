package roster.core.index;

import java.util.Optional;
import java.util.Set;
import roster.model.Email;
import roster.model.Role;
import roster.model.Text;
import roster.model.User.Status;

/// Which users a list is about.
///
/// @param text only users whose e-mail or name contains it, or whose e-mail contains the address; folded, not empty
/// @param address as [Email#sought] has it
/// @param role only its members
record UserFilter(Optional<String> text, Optional<String> address, Optional<Set<Status>> statuses,
    Optional<Role.Id> role) {
    static UserFilter of(UserQuery query, Optional<Role.Id> role) {
        return new UserFilter(query.text().map(Text::folded).filter(text -> !text.isEmpty()),
            query.text().flatMap(Email::sought), query.statuses(), role);
    }

    /// Whether all users match.
    boolean isOpen() {
        return text.isEmpty() && statuses.isEmpty() && role.isEmpty();
    }
}
