package roster.core.factor;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import roster.model.Org;
import roster.model.User;

/// A passkey of a user.
///
/// @param handle by which the user's devices know them, 32 bytes
/// @param key attested credential data, as the device sent it
/// @param backedUp whether the user's other devices have it too
/// @param signCount how often it was used, as the device counts; 0: it does not count
public record Passkey(Org.Id org, Id id, User.Id user, byte[] handle, byte[] credential, byte[] key,
    List<String> transports, String name, boolean backedUp, Instant createdAt, long signCount,
    Optional<Instant> lastUsedAt) {
    /// The longest name, in characters.
    public static final int NAME_MAX = 60;

    /// Of one user.
    public static final int MAX = 20;

    public record Id(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// A passkey that a device has just made.
    ///
    /// @param model of the device; zeros: not told
    public record New(byte[] credential, byte[] key, UUID model, List<String> transports, boolean backedUp,
        long signCount) {
        @Override
        public String toString() {
            return "New";
        }
    }

    /// A passkey by which a challenge was signed just now.
    ///
    /// @param signCount that the device told
    public record Signed(Org.Id org, User.Id user, Id id, long signCount) {}

    @Override
    public String toString() {
        return "Passkey[" + id + "]";
    }
}
