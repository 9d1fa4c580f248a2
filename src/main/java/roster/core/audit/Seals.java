package roster.core.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.crypto.Mac;
import roster.base.secret.Secrets;

/// Seals audit entries. Write access to the database is not enough to make a seal: it needs the secret key.
///
/// A seal is a keyed digest (HMAC-SHA256) over the seal before it, the entry, and a salted digest of each of its details.
/// An erased detail leaves its digest, but not its salt: the seal can still be verified, and the detail cannot be guessed by
/// trying.
public final class Seals {
    static final int SALT_BYTES = 16;

    private static final int DIGEST_BYTES = 32;
    private static final byte[] ENTRY = "entry".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ERASED = "erased".getBytes(StandardCharsets.UTF_8);
    private static final byte[] VERIFIED = "verified".getBytes(StandardCharsets.UTF_8);
    private static final byte[] BEGIN = "begin".getBytes(StandardCharsets.UTF_8);

    private final List<Secrets.Key> keys;

    /// @param keys the first makes seals; all verify them
    public Seals(List<Secrets.Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /// The salt of one detail, from that of its entry.
    static byte[] salt(byte[] entrySalt, String place) {
        return salt(sha256(), entrySalt, place);
    }

    static byte[] digest(byte[] salt, String value) {
        return digest(sha256(), salt, value);
    }

    static SortedMap<String, byte[]> digests(byte[] entrySalt, SortedMap<String, String> details) {
        var sha256 = sha256(); // for all: to find one takes as long as to use it
        var digests = new TreeMap<String, byte[]>();
        details.forEach((place, value) -> digests.put(place, digest(sha256, salt(sha256, entrySalt, place), value)));
        return digests;
    }

    private static byte[] salt(MessageDigest sha256, byte[] entrySalt, String place) {
        sha256.update(entrySalt);
        return Arrays.copyOf(sha256.digest(place.getBytes(StandardCharsets.UTF_8)), SALT_BYTES);
    }

    private static byte[] digest(MessageDigest sha256, byte[] salt, String value) {
        sha256.update(salt);
        return sha256.digest(value.getBytes(StandardCharsets.UTF_8));
    }

    /// What the first seal of an organisation is made over.
    ///
    /// @param from the last version that is not covered
    static byte[] beginning(long from) {
        var sha256 = sha256();
        sha256.update(BEGIN);
        return sha256.digest(ByteBuffer.allocate(Long.BYTES).putLong(from).array());
    }

    byte[] seal(byte[] previous, Entry entry, SortedMap<String, byte[]> digests) {
        return made(keys.getFirst(), content(previous, entry, digests));
    }

    boolean holds(byte[] seal, byte[] previous, Entry entry, SortedMap<String, byte[]> digests) {
        return isOurs(seal, content(previous, entry, digests));
    }

    byte[] sealErased(byte[] seal, SortedMap<String, byte[]> digests, SortedMap<String, byte[]> salts,
        SortedMap<String, byte[]> left) {
        return made(keys.getFirst(), content(seal, digests, salts, left));
    }

    boolean holdsErased(byte[] seal, Erased erased) {
        return isOurs(erased.seal(), content(seal, erased.digests(), erased.salts(), erased.left()));
    }

    /// Of what was verified: an organisation's trail up to a head.
    byte[] sealVerified(UUID org, Trail.Head head) {
        return made(keys.getFirst(), content(org, head));
    }

    boolean holdsVerified(byte[] seal, UUID org, Trail.Head head) {
        return isOurs(seal, content(org, head));
    }

    private static byte[][] content(UUID org, Trail.Head head) {
        return new byte[][] {VERIFIED, ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES)
            .putLong(org.getMostSignificantBits()).putLong(org.getLeastSignificantBits()).putLong(head.version())
            .putInt(head.entry()).array(), head.seal()};
    }

    private static byte[][] content(byte[] previous, Entry entry, SortedMap<String, byte[]> digests) {
        return new byte[][] {ENTRY, previous, entry.frame(), packed(digests)};
    }

    /// Nothing is added where no detail was erased in part, so that earlier seals hold.
    private static byte[][] content(byte[] seal, SortedMap<String, byte[]> digests, SortedMap<String, byte[]> salts,
        SortedMap<String, byte[]> left) {
        return left.isEmpty() ? new byte[][] {ERASED, seal, packed(digests), packed(salts)}
            : new byte[][] {ERASED, seal, packed(digests), packed(salts), packed(left)};
    }

    /// Places and their values, in an unambiguous binary form.
    private static byte[] packed(SortedMap<String, byte[]> byPlace) {
        var places = byPlace.keySet().stream().map(place -> place.getBytes(StandardCharsets.UTF_8)).toList();
        var length = places.stream().mapToInt(place -> Integer.BYTES + place.length + DIGEST_BYTES).sum();
        var packed = ByteBuffer.allocate(Integer.BYTES + length).putInt(places.size());
        var values = byPlace.values().iterator();
        places.forEach(place -> packed.putInt(place.length).put(place).put(Arrays.copyOf(values.next(), DIGEST_BYTES)));
        return packed.array();
    }

    private boolean isOurs(byte[] seal, byte[][] content) {
        return keys.stream().filter(key -> startsWith(seal, key.id()))
            .anyMatch(key -> MessageDigest.isEqual(seal, made(key, content)));
    }

    private static boolean startsWith(byte[] seal, byte[] id) {
        return seal.length == id.length + DIGEST_BYTES && Arrays.equals(seal, 0, id.length, id, 0, id.length);
    }

    private static byte[] made(Secrets.Key key, byte[][] content) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key.secret());
            for (var part : content) {
                mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
                mac.update(part);
            }
            return ByteBuffer.allocate(key.id().length + DIGEST_BYTES).put(key.id()).put(mac.doFinal()).array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
