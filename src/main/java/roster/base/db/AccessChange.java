package roster.base.db;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/// Whose keys or permissions a write may have changed.
///
/// @param everyone perhaps those of every caller of the organisation
/// @param users otherwise at most those of these users
public record AccessChange(boolean everyone, Set<UUID> users) {
    public static final AccessChange NONE = new AccessChange(false, Set.of());
    public static final AccessChange EVERYONE = new AccessChange(true, Set.of());

    public static AccessChange of(UUID user) {
        return new AccessChange(false, Set.of(user));
    }

    AccessChange and(AccessChange other) {
        if (other.everyone || equals(NONE)) {
            return other;
        }
        if (everyone || other.users.isEmpty()) {
            return this;
        }
        var both = new HashSet<>(users);
        both.addAll(other.users);
        return new AccessChange(false, both);
    }
}
