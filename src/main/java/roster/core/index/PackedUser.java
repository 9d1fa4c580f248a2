package roster.core.index;

import java.util.List;
import java.util.Optional;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// A user of an index, in packed form. Unpacked only on demand.
public final class PackedUser {
    private final byte[] packed;
    private final Org.Id org;
    private final List<Role.Id> roles;
    private final User unpacked;

    private PackedUser(byte[] packed, Org.Id org, List<Role.Id> roles, User unpacked) {
        this.packed = packed;
        this.org = org;
        this.roles = roles;
        this.unpacked = unpacked;
    }

    public static PackedUser of(byte[] packed, Org.Id org, List<Role.Id> roles) {
        return new PackedUser(packed, org, roles, null);
    }

    /// A user who is not of an index.
    public static PackedUser of(User user) {
        return new PackedUser(null, user.org(), user.roles(), user);
    }

    /// The array that holds the user. It is never modified: the same array with the same roles is the same user.
    ///
    /// @return empty if the user is not of an index
    public Optional<byte[]> packed() {
        return Optional.ofNullable(packed);
    }

    public List<Role.Id> roles() {
        return roles;
    }

    public User user() {
        return unpacked == null ? UserCodec.user(packed, org, roles) : unpacked;
    }
}
