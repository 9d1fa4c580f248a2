package roster.user;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import roster.model.Org;
import roster.model.Role;
import roster.model.User;

/// A user as the directory keeps him, unpacked only when somebody looks at him.
///
/// @param packed never changed once it is made: the same array with the same roles is the same user. None if he comes
///     from elsewhere
/// @param unpacked there if `packed` is not
record Kept(Optional<byte[]> packed, Org.Id org, List<Role.Id> roles, Optional<User> unpacked) {
    static Kept of(byte[] packed, Org.Id org, List<Role.Id> roles) {
        return new Kept(Optional.of(packed), org, roles, Optional.empty());
    }

    static Kept of(User user) {
        return new Kept(Optional.empty(), user.org(), user.roles(), Optional.of(user));
    }

    User user() {
        return unpacked.orElseGet(() -> Packed.user(packed.orElseThrow(), org, roles));
    }

    /// Those of a list as they are kept, without unpacking them.
    static List<Kept> all(List<User> users) {
        return users instanceof Page page ? page.kept : users.stream().map(Kept::of).toList();
    }

    /// Users that are unpacked each time they are looked at.
    static final class Page extends AbstractList<User> {
        private final List<Kept> kept = new ArrayList<>();

        void add(Kept user) {
            kept.add(user);
        }

        @Override
        public User get(int index) {
            return kept.get(index).user();
        }

        @Override
        public int size() {
            return kept.size();
        }
    }
}
