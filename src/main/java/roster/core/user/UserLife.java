package roster.core.user;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import roster.base.db.WriteTx;
import roster.model.User;

/// What happens in the life of a user, for rooms that have rows about them. [Users#follow] adds a listener. Listeners are
/// called in the order in which they were added, in the write that makes the change: what they throw undoes all of it.
public interface UserLife {
    /// These users, one or a few thousand, are disabled from this write on. A constant number of statements, however many they are.
    ///
    /// @return what ended for good of whom: the kind of thing and the ids, as the audit entry of the change names them; without
    ///     those of whom nothing did. It is asked for after all listeners were told, so that their statements go to the
    ///     database together.
    default Supplier<Map<User.Id, Map<String, Object>>> disabled(WriteTx tx, List<User> users) {
        return Map::of;
    }

    /// What [#disabled] returns of things that ended.
    ///
    /// @param kind of thing, in the plural
    static <T> Map<User.Id, Map<String, Object>> ended(String kind, List<T> things, Function<T, User.Id> owner,
        Function<T, UUID> id) {
        return things.stream().collect(Collectors.groupingBy(owner,
            Collectors.collectingAndThen(Collectors.mapping(id, Collectors.toList()), ids -> Map.of(kind, ids))));
    }

    /// These users, one or a few thousand, who were disabled, are enabled again.
    default void enabled(WriteTx tx, List<User> users) {}

    /// The user has another e-mail address now.
    ///
    /// @param user with the new address
    /// @param left the address they had, if they have shown that they read e-mail there
    default void addressChanged(WriteTx tx, User user, Optional<String> left) {}

    /// The user has the address they had, in another spelling.
    ///
    /// @param before as it was spelled
    default void addressRespelled(WriteTx tx, User user, String before) {}

    /// The user's account is given up, see [Departures]: what could let them in, or those who get it after them, must go. They
    /// are disabled by the same write, of which [#disabled] has been told.
    ///
    /// @param user as they were before
    default void deprovisioned(WriteTx tx, User user) {}

    /// The user is anonymised: all rows that tell who they are must go. The user is disabled by the same write, but
    /// [#disabled] is not called for it.
    ///
    /// @param user as they were before
    /// @return what ended for good, as [#disabled] has it
    default Map<String, Object> anonymised(WriteTx tx, User user) {
        return Map.of();
    }
}
