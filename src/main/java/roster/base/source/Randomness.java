package roster.base.source;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/// Randomness that cannot be guessed: for secrets, nonces, salts and stamps.
public class Randomness {
    private static final String ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final SecureRandom random = new SecureRandom();

    public byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /// From 0, up to but not 1.
    public double fraction() {
        return random.nextDouble();
    }

    public long number() {
        return random.nextLong();
    }

    /// Random bytes as lower-case hex.
    public String hex(int bytes) {
        return HexFormat.of().formatHex(bytes(bytes));
    }

    /// Random bytes in base64url.
    public String base64(int bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(bytes));
    }

    /// Letters and digits, almost 6 bits each.
    public String alphanumeric(int length) {
        return random.ints(length, 0, ALPHANUMERIC.length()).map(ALPHANUMERIC::charAt)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }
}
