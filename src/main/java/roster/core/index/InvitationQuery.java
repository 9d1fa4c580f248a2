package roster.core.index;

import java.util.Optional;
import java.util.Set;
import roster.model.Invitation;
import roster.model.Paging;
import roster.model.User;

/// Which invitations of an organisation to list, and in which order.
///
/// @param address part of the address, in any letter case; its domain in any spelling
/// @param states invitations in one of these; none: in any
/// @param inviter none: any; invitations from the command line have no inviter
public record InvitationQuery(Optional<String> address, Optional<Set<Invitation.State>> states,
    Optional<User.Id> inviter, Optional<User.Id> user, Sort sort, boolean descending, Paging paging) {
    /// What to sort by; ties are broken by id.
    public enum Sort {
        CREATED_AT, EXPIRES_AT, EMAIL
    }
}
