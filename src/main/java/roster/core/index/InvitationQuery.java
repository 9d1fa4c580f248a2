package roster.core.index;

import java.util.Optional;
import roster.core.index.InvitationRequest.Choice;
import roster.model.Paging;
import roster.model.User;

/// Which invitations of an organisation to list, and in which order.
///
/// @param address part of the address, in any letter case; its domain in any spelling
/// @param choice by their states; none: in any
/// @param inviter none: any; invitations from the command line have no inviter
public record InvitationQuery(Optional<String> address, Optional<Choice> choice,
    Optional<User.Id> inviter, Optional<User.Id> user, Sort sort, boolean descending, Paging paging) {
    /// The same of those that another choice has as well.
    public InvitationQuery among(Choice other) {
        return new InvitationQuery(address, Optional.of(choice.map(other::among).orElse(other)), inviter, user, sort,
            descending, paging);
    }

    /// What to sort by; ties are broken by id.
    public enum Sort {
        CREATED_AT, EXPIRES_AT, EMAIL
    }
}
