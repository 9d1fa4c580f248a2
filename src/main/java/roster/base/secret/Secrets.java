package roster.base.secret;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import roster.base.source.Randomness;

/// What must be readable or derivable again, and what we keep of what must not.
///
/// Keys come from one root, `ROSTER_SECRET_KEY`, by HKDF, one for each purpose. Several roots may be given while one
/// replaces another: the first makes, all read.
public final class Secrets {
    /// The least length of a root, in bytes.
    public static final int ROOT_MIN = 32;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ROOT_ID_BYTES = 4;
    private static final int TAG_BYTES = 16;

    private final List<Root> roots;
    private final Randomness randomness;

    /// @param id the first bytes of a fingerprint: says which root sealed something
    private record Root(byte[] id, String fingerprint, SecretKey sealing, SecretKey invitations, SecretKey tags,
        SecretKey cursors, SecretKey cursorNonces, SecretKey trail, SecretKey purposes) {}

    /// @param roots the making one first; each of [#ROOT_MIN] bytes or more
    public Secrets(List<byte[]> roots, Randomness randomness) {
        this.randomness = randomness;
        this.roots = roots.stream().map(Secrets::root).toList();
    }

    private static Root root(byte[] secret) {
        if (secret.length < ROOT_MIN) {
            throw new IllegalArgumentException("a secret key needs %d bytes or more".formatted(ROOT_MIN));
        }
        var fingerprint = derived(secret, "roster fingerprint").getEncoded();
        return new Root(Arrays.copyOf(fingerprint, ROOT_ID_BYTES), HexFormat.of().formatHex(fingerprint),
            derived(secret, "roster api-key sealing"), derived(secret, "roster invitation tokens"),
            derived(secret, "roster entity tags"), derived(secret, "roster cursor sealing"),
            derived(secret, "roster cursor nonces"), derived(secret, "roster audit trail"),
            derived(secret, "roster purposes"));
    }

    private static SecretKey derived(byte[] root, String purpose) {
        try {
            return KDF.getInstance("HKDF-SHA256").deriveKey("AES", HKDFParameterSpec.ofExtract().addIKM(root)
                .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One fingerprint a root; tells nothing about the root, and lets a start with a wrong one be noticed.
    public List<String> fingerprints() {
        return roots.stream().map(Root::fingerprint).toList();
    }

    /// A derived key.
    ///
    /// @param id of its root: says which key made something
    public record Key(byte[] id, SecretKey secret) {
        @Override
        public String toString() {
            return "Key";
        }
    }

    /// What the entries of the audit trail are sealed with: the making key first, all are good for reading.
    public List<Key> trailKeys() {
        return roots.stream().map(root -> new Key(root.id(), root.trail())).toList();
    }

    /// Keys for one purpose, such as `flow cookies`.
    public Purpose purpose(String name) {
        return new Purpose(roots.stream().map(root -> new Purpose.Keys(
            derived(root.purposes().getEncoded(), "hash " + name),
            derived(root.purposes().getEncoded(), "seal " + name))).toList(), randomness);
    }

    /// What we keep of a key or token: enough to know it again, not to make it. SHA-256, as these secrets are random.
    public static byte[] digest(String secret) {
        return digest(secret.getBytes(StandardCharsets.UTF_8));
    }

    /// SHA-256.
    public static byte[] digest(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Seals an API key with AES-GCM. It opens only for the same organisation and key.
    public byte[] seal(UUID org, UUID key, String secret) {
        var root = roots.getFirst();
        var nonce = randomness.bytes(NONCE_BYTES);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, root, nonce, org, key);
            var sealed = cipher.doFinal(secret.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.allocate(ROOT_ID_BYTES + NONCE_BYTES + sealed.length).put(root.id()).put(nonce)
                .put(sealed)
                .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @throws IllegalStateException if no root of ours sealed it, or it belongs to another organisation or key
    public String open(UUID org, UUID key, byte[] sealed) {
        var in = ByteBuffer.wrap(sealed);
        var id = new byte[ROOT_ID_BYTES];
        var nonce = new byte[NONCE_BYTES];
        in.get(id).get(nonce);
        var rest = new byte[in.remaining()];
        in.get(rest);
        var root = roots.stream().filter(r -> Arrays.equals(r.id(), id)).findFirst()
            .orElseThrow(() -> new IllegalStateException(
                "API key %s was sealed with a secret key that is not set".formatted(key)));
        try {
            return new String(cipher(Cipher.DECRYPT_MODE, root, nonce, org, key).doFinal(rest), StandardCharsets.UTF_8);
        } catch (AEADBadTagException e) {
            throw new IllegalStateException("API key %s does not open".formatted(key), e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cipher cipher(int mode, Root root, byte[] nonce, UUID org, UUID key)
        throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, root.sealing(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(bytes(org, key).array());
        return cipher;
    }

    /// The tokens an invitation's link may bear: derived, never stored. The first is the one to send; the others come
    /// from older roots and are still honoured.
    ///
    /// @param generation raised when the invitation is sent again, which ends earlier links
    public List<String> invitationTokens(UUID org, UUID invitation, int generation) {
        return roots.stream().map(root -> token(root, org, invitation, generation)).toList();
    }

    /// The names that a content may have in an `ETag`, quoted. The first is the one to send; the others come from older
    /// roots. They tell nothing about the content but whether it is the same.
    public List<String> tags(byte[] content) {
        return roots.stream().map(root -> '"' + text(Arrays.copyOf(mac(root.tags(), content), TAG_BYTES)) + '"')
            .toList();
    }

    /// Seals with AES-GCM what a client is to bring back, to be opened for the same organisation only. The same content is
    /// sealed the same, so that answers with it can be compared: the nonce is a keyed hash of it.
    public String sealCursor(UUID org, byte[] content) {
        var root = roots.getFirst();
        var nonce = Arrays.copyOf(mac(root.cursorNonces(), bytes(org, org).array(), content), NONCE_BYTES);
        try {
            var sealed = cursorCipher(Cipher.ENCRYPT_MODE, root, nonce, org).doFinal(content);
            return text(ByteBuffer.allocate(ROOT_ID_BYTES + NONCE_BYTES + sealed.length).put(root.id()).put(nonce)
                .put(sealed).array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param sent by a client: anything
    /// @return nothing if it is not to the letter what was sealed for this organisation, by a root that is still ours
    public Optional<byte[]> openCursor(UUID org, String sent) {
        try {
            var sealed = Base64.getUrlDecoder().decode(sent);
            if (sealed.length < ROOT_ID_BYTES + NONCE_BYTES || !text(sealed).equals(sent)) {
                return Optional.empty();
            }
            var id = Arrays.copyOf(sealed, ROOT_ID_BYTES);
            var nonce = Arrays.copyOfRange(sealed, ROOT_ID_BYTES, ROOT_ID_BYTES + NONCE_BYTES);
            var root = roots.stream().filter(r -> Arrays.equals(r.id(), id)).findFirst();
            if (root.isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(cursorCipher(Cipher.DECRYPT_MODE, root.get(), nonce, org).doFinal(sealed,
                ROOT_ID_BYTES + NONCE_BYTES, sealed.length - ROOT_ID_BYTES - NONCE_BYTES));
        } catch (IllegalArgumentException | AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Cipher cursorCipher(int mode, Root root, byte[] nonce, UUID org) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, root.cursors(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(bytes(org, org).array());
        return cipher;
    }

    private static byte[] mac(SecretKey key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String token(Root root, UUID org, UUID invitation, int generation) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(root.invitations());
            mac.update(bytes(org, invitation).array());
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(generation).array());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ByteBuffer bytes(UUID first, UUID second) {
        return ByteBuffer.allocate(4 * Long.BYTES)
            .putLong(first.getMostSignificantBits()).putLong(first.getLeastSignificantBits())
            .putLong(second.getMostSignificantBits()).putLong(second.getLeastSignificantBits());
    }
}
