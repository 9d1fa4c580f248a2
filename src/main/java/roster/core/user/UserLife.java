package roster.core.user;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import roster.base.db.WriteTx;
import roster.model.User;

/// What happens in the life of a user, for rooms that have rows about them. [Users#follow] adds a listener. Listeners are
/// called in the order in which they were added, in the write that makes the change: what they throw undoes all of it.
public interface UserLife {
    /// The user is disabled from this write on.
    ///
    /// @return what ended for good: the kind of thing and the ids, as the audit entry of the change names them; empty if
    ///     there was none. It is asked for after all listeners were told, so that their statements go to the database
    ///     together.
    default Supplier<Map<String, Object>> disabled(WriteTx tx, User user) {
        return Map::of;
    }

    /// The user, who was disabled, is enabled again.
    default void enabled(WriteTx tx, User user) {}

    /// Of users who are about to be disabled, or enabled, together: those for whom [#disabled] or [#enabled] may have something
    /// to do. The others are not told of. To be overridden together with one of these.
    default Set<User.Id> concerned(WriteTx tx, List<User.Id> users) {
        return Set.of();
    }

    /// The user has another e-mail address now.
    ///
    /// @param user with the new address
    /// @param left the address they had, if they have shown that they read e-mail there
    default void addressChanged(WriteTx tx, User user, Optional<String> left) {}

    /// The user has the address they had, in another spelling.
    ///
    /// @param before as it was spelled
    default void addressRespelled(WriteTx tx, User user, String before) {}

    /// The user is anonymised: all rows that tell who they are must go. The user is disabled by the same write, but
    /// [#disabled] is not called for it.
    ///
    /// @param user as they were before
    /// @return what ended for good, as [#disabled] has it
    default Map<String, Object> anonymised(WriteTx tx, User user) {
        return Map.of();
    }
}
