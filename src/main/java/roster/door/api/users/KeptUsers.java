package roster.door.api.users;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import roster.core.index.PackedUser;
import roster.door.api.shared.UserResources;

/// The JSON and the tags of users, kept beside the users in their index, which drops what a change has made wrong. A page
/// needs a hundred of them, for which looking them up in a general cache is too slow.
///
/// The memory of all organisations together is bounded: roughly, what was made first is dropped first, whether it is asked for
/// or not. Users who are asked for often are soon back. Tags may hold dropped JSON until they are dropped themselves, which is
/// soon after: at worst, twice the memory is used.
final class KeptUsers {
    /// There is a place for so many bytes; what is kept takes more.
    private static final int BYTES_PER_PLACE = 256;

    /// The approximate size of what is kept besides the JSON, in bytes: of the JSON, and of the tags.
    private static final int JSON_BYTES = 64;
    private static final int TAGS_BYTES = 300;

    /// The longest JSON to keep, in bytes. Longer ones would drop too many others.
    private static final int JSON_MAX = 16 << 10;

    private final long bytesMax;
    private final AtomicReferenceArray<Sized> kept;
    private final AtomicLong newest = new AtomicLong();
    private final AtomicLong oldest = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    private record Sized(PackedUser.Kept kept, int bytes) {}

    /// The tags of a user.
    ///
    /// @param json of the user that they are of
    /// @param rolesNumber of the roles that they were made with, as in [roster.core.directory.DirectoryView#rolesNumber]
    record Tagged(byte[] json, long rolesNumber, List<String> tags) {}

    /// @param bytesMax the approximate limit of all that is kept, in bytes
    KeptUsers(long bytesMax) {
        this.bytesMax = bytesMax;
        this.kept = new AtomicReferenceArray<>(Math.clamp(Long.highestOneBit(bytesMax / BYTES_PER_PLACE), 2, 1 << 21));
    }

    /// The JSON of a user, as in lists.
    byte[] json(PackedUser user) {
        if (user.json() != null) {
            return user.json();
        }
        var made = UserResources.rendered(user.user());
        if (made.length <= JSON_MAX) {
            user.keepJson(made).ifPresent(note -> add(new Sized(note, made.length + JSON_BYTES)));
        }
        return made;
    }

    /// The tags that were kept of a user.
    @SuppressWarnings("ReferenceEquality") // only the same array is certain to be of the same user
    Optional<Tagged> tagged(PackedUser user, byte[] json) {
        return user.tags() instanceof Tagged tagged && tagged.json() == json ? Optional.of(tagged) : Optional.empty();
    }

    /// Keeps tags. No-op unless their JSON is kept too: they would hold it in memory without its being counted.
    void keep(PackedUser user, Tagged tagged) {
        if (user.keepsJson(tagged.json())) {
            user.keepTags(user.tags(), tagged).ifPresent(note -> add(new Sized(note, TAGS_BYTES)));
        }
    }

    private void add(Sized made) {
        var now = bytes.addAndGet(made.bytes() - dropped(place(newest), made));
        while (now > bytesMax) {
            now = bytes.addAndGet(-dropped(place(oldest), null));
        }
    }

    private int place(AtomicLong hand) {
        return (int) hand.getAndIncrement() & kept.length() - 1;
    }

    /// Puts something in a place, and drops what was there.
    ///
    /// @return its bytes
    private int dropped(int place, Sized next) {
        var old = kept.getAndSet(place, next);
        if (old == null) {
            return 0;
        }
        old.kept().drop();
        return old.bytes();
    }
}
