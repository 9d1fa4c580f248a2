package roster.core.index;

import java.util.Optional;
import java.util.Set;
import roster.model.Paging;
import roster.model.User.Status;

/// Which users to list, and in what order.
///
/// @param text only users whose e-mail or name contains it, ignoring letter case
/// @param statuses only users with one of these
public record UserQuery(Optional<String> text, Optional<Set<Status>> statuses, Sort sort, boolean descending,
    Paging paging) {
    /// The same query with another page size.
    public UserQuery sized(Paging other) {
        return new UserQuery(text, statuses, sort, descending, other);
    }

    /// What users can be sorted by. Equal keys are sorted by e-mail, then by id.
    public enum Sort {
        /// By name; users without one by their e-mail.
        NAME,
        EMAIL,
        HANDLE,
        STATUS,
        /// Users without a title come first.
        TITLE,
        CREATED_AT,
        MODIFIED_AT,
        /// Users who never signed in come first.
        LAST_SIGN_IN
    }
}
