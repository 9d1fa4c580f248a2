package roster.core.user;

import java.util.List;
import java.util.Optional;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// A user as the directory keeps him, unpacked only when somebody looks at him.
final class Kept {
    private final byte[] packed;
    private final Org.Id org;
    private final List<Role.Id> roles;
    private final User unpacked;

    private Kept(byte[] packed, Org.Id org, List<Role.Id> roles, User unpacked) {
        this.packed = packed;
        this.org = org;
        this.roles = roles;
        this.unpacked = unpacked;
    }

    static Kept of(byte[] packed, Org.Id org, List<Role.Id> roles) {
        return new Kept(packed, org, roles, null);
    }

    /// One who comes from elsewhere.
    static Kept of(User user) {
        return new Kept(null, user.org(), user.roles(), user);
    }

    /// Never changed once it is made: the same array with the same roles is the same user. None if he comes from elsewhere.
    Optional<byte[]> packed() {
        return Optional.ofNullable(packed);
    }

    List<Role.Id> roles() {
        return roles;
    }

    User user() {
        return unpacked == null ? Packed.user(packed, org, roles) : unpacked;
    }
}
