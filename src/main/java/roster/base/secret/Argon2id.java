package roster.base.secret;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;

/// The digest of a password, made slow and heavy on purpose.
public final class Argon2id {
    /// What OWASP's Password Storage Cheat Sheet asks for at least: 19 MiB, two passes, one lane.
    ///
    /// @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html">OWASP</a>
    static final int MEMORY_KIB = 19 << 10;
    static final int PASSES = 2;
    static final int LANES = 1;

    /// The length of a salt, in bytes.
    public static final int SALT_BYTES = 16;

    private static final int DIGEST_BYTES = 32;

    private Argon2id() {}

    /// The digest in Argon2's own text form, which names its parameters and the salt: the same text for the same password
    /// and salt. Takes [#MEMORY_KIB] of memory and some hundredths of a second: never to be made by many at once.
    public static String digest(String password, byte[] salt) {
        return Argon2Function
            .getInstance(MEMORY_KIB, PASSES, LANES, DIGEST_BYTES, Argon2.ID, Argon2Function.ARGON2_VERSION_13)
            .hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult();
    }

    /// The digest of another password with the parameters and the salt of one that was stored.
    public static String digestLike(String stored, String password) {
        return Argon2Function.getInstanceFromHash(stored)
            .hash(password.getBytes(StandardCharsets.UTF_8), salt(stored)).getResult();
    }

    /// Whether a digest has the parameters of [#digest] and this salt.
    public static boolean isMadeWith(String stored, byte[] salt) {
        return stored.startsWith("$argon2id$v=19$m=%d,t=%d,p=%d$".formatted(MEMORY_KIB, PASSES, LANES))
            && Arrays.equals(salt(stored), salt);
    }

    /// Whether two digests are the same text. Takes the same time wherever they differ.
    public static boolean same(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.US_ASCII),
            other.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] salt(String stored) {
        return Base64.getDecoder().decode(stored.split("\\$", -1)[4]);
    }
}
