package roster.door.api.users;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import roster.core.directory.DirectoryView;
import roster.core.index.PackedUser;
import roster.core.index.UserCodec;
import roster.door.api.shared.UserResources;
import roster.model.Role;

/// A cache of the JSON of users, found by the array that a user is packed in. That array is never modified, so what is
/// found cannot be out of date.
///
/// Each user can be in one of two slots. If both are taken, the new entry replaces one: users who are asked for often are
/// soon back. A page makes a hundred lookups, for which a general cache is too slow.
final class UserJsonCache {
    /// There is a slot for so many bytes of the cache; the JSON of a user takes more.
    private static final int BYTES_PER_SLOT = 512;

    /// The approximate size of an entry besides its JSON, in bytes.
    private static final int ENTRY_BYTES = 300;

    /// The longest JSON to cache, in bytes. Longer ones would evict too many others.
    private static final int JSON_MAX = 16 << 10;

    private final long bytesMax;
    private final AtomicReferenceArray<Entry> slots;
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong hand = new AtomicLong();

    /// @param bytesMax the approximate limit of the cache, in bytes
    UserJsonCache(long bytesMax) {
        this.bytesMax = bytesMax;
        this.slots = new AtomicReferenceArray<>(
            Math.clamp(Long.highestOneBit(bytesMax / BYTES_PER_SLOT), 2, 1 << 20));
    }

    /// The tags of a user.
    ///
    /// @param rolesNumber of the roles that they were made with
    record Tagged(long rolesNumber, List<String> tags) {}

    static final class Entry {
        private final byte[] packed;
        private final List<Role.Id> roles;
        final byte[] json;
        volatile Tagged tagged = new Tagged(DirectoryView.UNNUMBERED, List.of());

        Entry(PackedUser user) {
            this.packed = user.packed().orElse(null);
            this.roles = user.roles();
            this.json = UserResources.rendered(user.user());
        }

        private int bytes() {
            return json.length + ENTRY_BYTES;
        }

        @SuppressWarnings("ReferenceEquality") // only the same array is certain to hold the same user
        private boolean isOf(byte[] other, List<Role.Id> otherRoles) {
            return packed == other && (roles == otherRoles || roles.equals(otherRoles));
        }
    }

    /// The cached entry of a user, or a new one.
    Entry of(PackedUser user) {
        if (user.packed().isEmpty()) {
            return new Entry(user);
        }
        var packed = user.packed().get();
        var slot = slot(packed);
        var first = slots.get(slot);
        if (first != null && first.isOf(packed, user.roles())) {
            return first;
        }
        var second = slots.get(slot ^ 1);
        if (second != null && second.isOf(packed, user.roles())) {
            return second;
        }
        var made = new Entry(user);
        if (made.json.length <= JSON_MAX) {
            put(first == null || second != null ? slot : slot ^ 1, made);
        }
        return made;
    }

    private int slot(byte[] packed) {
        return (int) (UserCodec.id(packed).getLeastSignificantBits() * 0x9E3779B97F4A7C15L >>> 40)
            & slots.length() - 1;
    }

    private void put(int slot, Entry made) {
        var old = slots.getAndSet(slot, made);
        var now = bytes.addAndGet(made.bytes() - (old == null ? 0 : old.bytes()));
        while (now > bytesMax) {
            var gone = slots.getAndSet((int) hand.getAndIncrement() & slots.length() - 1, null);
            now = gone == null ? bytes.get() : bytes.addAndGet(-gone.bytes());
        }
    }
}
