package roster.core.factor;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.LongStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Codes that an authenticator app shows (RFC 6238): six digits, another every 30 seconds, from a secret of 160 bits by
/// HMAC-SHA-1. These are the parameters that all apps know.
public final class Totp {
    static final int SECRET_BYTES = 20;
    private static final int STEP_SECONDS = 30;

    /// How far the clock of a telephone may be off, in steps.
    private static final int STEPS_OFF = 1;

    private static final int CODES = 1_000_000;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Totp() {}

    static long step(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), STEP_SECONDS);
    }

    /// The code of a step, six digits.
    public static String code(byte[] secret, long step) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            var at = hash[hash.length - 1] & 0xf;
            return "%06d".formatted((ByteBuffer.wrap(hash).getInt(at) & Integer.MAX_VALUE) % CODES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The step whose code was typed: one after the last that was used, and at most one before or after that of now.
    ///
    /// @param typed blanks in it do not matter
    /// @return none if the code is of no such step
    static Optional<Long> matching(byte[] secret, String typed, Instant now, long lastUsed) {
        var sent = typed.replaceAll("\\s", "").getBytes(StandardCharsets.UTF_8);
        var found = LongStream.rangeClosed(-STEPS_OFF, STEPS_OFF).map(off -> step(now) + off)
            .filter(step -> MessageDigest.isEqual(sent, code(secret, step).getBytes(StandardCharsets.US_ASCII)))
            .filter(step -> step > lastUsed).toArray();
        return found.length == 0 ? Optional.empty() : Optional.of(found[0]);
    }

    /// A secret as people type it into an app: 32 letters and digits (RFC 4648).
    public static String text(byte[] secret) {
        var text = new StringBuilder();
        long bits = 0;
        var count = 0;
        for (var one : secret) {
            bits = bits << 8 | one & 0xff;
            for (count += 8; count >= 5; count -= 5) {
                text.append(BASE32.charAt((int) (bits >>> (count - 5)) & 0x1f));
            }
        }
        return text.toString();
    }

    /// What the picture says that an app reads.
    ///
    /// @param org,account shown by the app
    public static String uri(byte[] secret, String org, String account) {
        var issuer = "Roster " + org;
        return "otpauth://totp/%s:%s?secret=%s&issuer=%s".formatted(encoded(issuer), encoded(account), text(secret),
            encoded(issuer));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
