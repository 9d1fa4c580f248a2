package roster.base.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import roster.base.source.Randomness;

/// Keys for one purpose, derived from the roots of [Secrets]: what is made for one purpose is of no use for another.
public final class Purpose {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final List<Root> roots;
    private final Randomness randomness;

    /// @param hashing to be cloned for each text
    /// @param sealing of the same root
    private record Root(Mac hashing, SecretKey sealing) {}

    /// @param hashing,sealing of one root
    record Keys(SecretKey hashing, SecretKey sealing) {
        private Root root() {
            try {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(hashing);
                return new Root(mac, sealing);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// @param roots the making one first
    Purpose(List<Keys> roots, Randomness randomness) {
        this.roots = roots.stream().map(Keys::root).toList();
        this.randomness = randomness;
    }

    /// The keyed hash of a text, 32 bytes.
    public byte[] hash(String text) {
        return hash(roots.getFirst(), text);
    }

    /// The same under each root, as one that was stored may be of an older one.
    public List<byte[]> hashes(String text) {
        return roots.stream().map(root -> hash(root, text)).toList();
    }

    /// Whether a text is the keyed hash of another, in base64url.
    public boolean isHash(String sent, String text) {
        return roots.stream().anyMatch(root -> MessageDigest.isEqual(
            encoded(hash(root, text)).getBytes(StandardCharsets.US_ASCII), sent.getBytes(StandardCharsets.UTF_8)));
    }

    /// The keyed hash in base64url, 43 characters.
    public String hashText(String text) {
        return encoded(hash(text));
    }

    /// Random bytes, such as those that mask a text anew each time it is shown.
    public byte[] random(int bytes) {
        return randomness.bytes(bytes);
    }

    /// Seals with AES-GCM what comes back later.
    ///
    /// @return base64url
    public String seal(byte[] content) {
        var nonce = randomness.bytes(NONCE_BYTES);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, roots.getFirst(), nonce).doFinal(content);
            return encoded(ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param sent anything
    /// @return none if it was not sealed for this purpose by a root that is still ours
    public Optional<byte[]> open(String sent) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(sent);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length < NONCE_BYTES) {
            return Optional.empty();
        }
        return roots.stream().flatMap(root -> opened(root, bytes).stream()).findFirst();
    }

    private static Optional<byte[]> opened(Root root, byte[] bytes) {
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, root, Arrays.copyOf(bytes, NONCE_BYTES)).doFinal(bytes,
                NONCE_BYTES, bytes.length - NONCE_BYTES));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cipher cipher(int mode, Root root, byte[] nonce) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, root.sealing(), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private static byte[] hash(Root root, String text) {
        try {
            return ((Mac) root.hashing().clone()).doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
