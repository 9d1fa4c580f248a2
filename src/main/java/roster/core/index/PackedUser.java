package roster.core.index;

import java.util.List;
import java.util.Optional;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// A user as the directory keeps him, unpacked only when somebody looks at him.
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

    /// One who comes from elsewhere.
    public static PackedUser of(User user) {
        return new PackedUser(null, user.org(), user.roles(), user);
    }

    /// Never changed once it is made: the same array with the same roles is the same user. None if he comes from elsewhere.
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
