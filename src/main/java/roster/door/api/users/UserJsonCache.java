package roster.door.api.users;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import roster.core.directory.DirectoryCache;
import roster.core.index.PackedUser;
import roster.core.index.UserCodec;
import roster.door.api.shared.UserResources;
import roster.model.Role;

/// Users whose JSON was made before, found by the array they are packed in. That array never changes, so what is found
/// cannot be out of date.
///
/// Each has two places where he may be. Who finds both taken takes one: what is asked for often comes back. A general
/// cache costs more than the finding is worth, which happens a hundred times for a page.
final class UserJsonCache {
    /// Per place; a user's JSON takes rather more.
    private static final int BYTES_PER_PLACE = 512;

    /// What is kept of a user besides his JSON.
    private static final int USER_BYTES = 300;

    /// Larger ones would drive many others out.
    private static final int JSON_MAX = 16 << 10;

    private final long bytesMax;
    private final AtomicReferenceArray<Fragment> places;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong hand = new AtomicLong();

    /// @param bytesMax what all of it may take, about
    UserJsonCache(long bytesMax) {
        this.bytesMax = bytesMax;
        this.places = new AtomicReferenceArray<>(
            Math.clamp(Long.highestOneBit(bytesMax / BYTES_PER_PLACE), 2, 1 << 20));
    }

    /// @param rolesNumber of the roles that the tags were made with
    record Tagged(long rolesNumber, List<String> tags) {}

    static final class Fragment {
        private final byte[] packed;
        private final List<Role.Id> roles;
        final byte[] json;
        volatile Tagged tagged = new Tagged(DirectoryCache.NOT_REMEMBERED, List.of());

        Fragment(PackedUser user) {
            this.packed = user.packed().orElse(null);
            this.roles = user.roles();
            this.json = UserResources.rendered(user.user());
        }

        private int bytes() {
            return json.length + USER_BYTES;
        }

        @SuppressWarnings("ReferenceEquality") // the very array, which is what makes it certain
        private boolean isOf(byte[] other, List<Role.Id> otherRoles) {
            return packed == other && (roles == otherRoles || roles.equals(otherRoles));
        }
    }

    /// The one that is there, or one made now.
    Fragment of(PackedUser user) {
        if (user.packed().isEmpty()) {
            return new Fragment(user);
        }
        var packed = user.packed().get();
        var place = place(packed);
        var first = places.get(place);
        if (first != null && first.isOf(packed, user.roles())) {
            return first;
        }
        var second = places.get(place ^ 1);
        if (second != null && second.isOf(packed, user.roles())) {
            return second;
        }
        var made = new Fragment(user);
        if (made.json.length <= JSON_MAX) {
            put(first == null || second != null ? place : place ^ 1, made);
        }
        return made;
    }

    private int place(byte[] packed) {
        return (int) (UserCodec.id(packed).getLeastSignificantBits() * 0x9E3779B97F4A7C15L >>> 40)
            & places.length() - 1;
    }

    private void put(int place, Fragment made) {
        var old = places.getAndSet(place, made);
        var now = bytes.addAndGet(made.bytes() - (old == null ? 0 : old.bytes()));
        while (now > bytesMax) {
            var gone = places.getAndSet((int) hand.getAndIncrement() & places.length() - 1, null);
            now = gone == null ? bytes.get() : bytes.addAndGet(-gone.bytes());
        }
    }
}
