package roster.base.secret;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import java.nio.charset.StandardCharsets;
import roster.base.source.Randomness;

/// The digest of a password, made slow and heavy on purpose.
public final class Argon2id {
    /// What OWASP's Password Storage Cheat Sheet asks for at least: 19 MiB, two passes, one lane.
    ///
    /// @see <a href="https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html">OWASP</a>
    static final int MEMORY_KIB = 19 << 10;
    static final int PASSES = 2;
    static final int LANES = 1;

    private static final int DIGEST_BYTES = 32;
    private static final int SALT_BYTES = 16;

    private Argon2id() {}

    /// The digest in Argon2's own text form, which names its parameters and holds a fresh salt. Takes [#MEMORY_KIB] of
    /// memory and some hundredths of a second: never to be made by many at once.
    public static String digest(String password, Randomness randomness) {
        var salt = randomness.bytes(SALT_BYTES);
        return Argon2Function
            .getInstance(MEMORY_KIB, PASSES, LANES, DIGEST_BYTES, Argon2.ID, Argon2Function.ARGON2_VERSION_13)
            .hash(password.getBytes(StandardCharsets.UTF_8), salt).getResult();
    }
}
