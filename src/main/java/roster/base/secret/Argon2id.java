package roster.base.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

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

    /// Argon2's own text form: parameters, salt and digest.
    private static final Pattern FORM = Pattern.compile(
        "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,3})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    /// Memory that no digest uses now. It is filled anew for each: making and collecting as much would stop all other threads,
    /// for some 40 ms.
    private static final Queue<FixedBlockPool> IDLE = new ConcurrentLinkedQueue<>();

    private Argon2id() {}

    /// @param memoryKib,passes,lanes as RFC 9106 has them
    private record Parameters(int memoryKib, int passes, int lanes) {
        private static final Parameters OURS = new Parameters(MEMORY_KIB, PASSES, LANES);

        private byte[] digest(String password, byte[] salt, int bytes) {
            var idle = IDLE.poll();
            var memory = idle != null ? idle
                : new FixedBlockPool(Argon2BytesGenerator.getBlockCount(MEMORY_KIB, LANES));
            try {
                return digest(password, salt, bytes, memory);
            } finally {
                IDLE.add(memory);
            }
        }

        private byte[] digest(String password, byte[] salt, int bytes, FixedBlockPool memory) {
            var generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13).withMemoryAsKB(memoryKib).withIterations(passes)
                .withParallelism(lanes).withSalt(salt).withBlockPool(memory).build());
            var digest = new byte[bytes];
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), digest);
            return digest;
        }

        private String text(byte[] salt, byte[] digest) {
            var base64 = Base64.getEncoder().withoutPadding();
            return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s".formatted(memoryKib, passes, lanes,
                base64.encodeToString(salt), base64.encodeToString(digest));
        }
    }

    /// The digest in Argon2's own text form, which names its parameters and the salt: the same text for the same password
    /// and salt. Takes [#MEMORY_KIB] of memory, which is kept for later ones, and some hundredths of a second: never to be made
    /// by many threads.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc9106">RFC 9106</a>
    public static String digest(String password, byte[] salt) {
        return Parameters.OURS.text(salt, Parameters.OURS.digest(password, salt, DIGEST_BYTES));
    }

    /// The digest of another password with the parameters and the salt of one that was stored.
    public static String digestLike(String stored, String password) {
        var form = FORM.matcher(stored);
        if (!form.matches()) {
            throw new IllegalArgumentException("not a digest by Argon2id");
        }
        var parameters = new Parameters(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)),
            Integer.parseInt(form.group(3)));
        var salt = salt(stored);
        return parameters.text(salt,
            parameters.digest(password, salt, Base64.getDecoder().decode(form.group(5)).length));
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
