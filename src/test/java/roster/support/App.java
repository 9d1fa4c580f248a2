package roster.support;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An authenticator app on a telephone, written after RFC 6238 by itself.
public final class App {
    private static final Pattern SECRET = Pattern.compile("<code>([A-Z2-7 ]{39})</code>");
    private static final Pattern SEALED = Pattern.compile("name=\"secret\" value=\"([^\"]*)\"");
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final byte[] secret;

    private App(byte[] secret) {
        this.secret = secret;
    }

    /// Reads the secret off a page as a person does.
    public static App reading(Answer page) {
        var found = SECRET.matcher(page.text());
        if (!found.find()) {
            throw new AssertionError("no secret on " + page);
        }
        return new App(decoded(found.group(1).replace(" ", "")));
    }

    /// What the form of that page brings back.
    public static String sealed(Answer page) {
        var found = SEALED.matcher(page.text());
        if (!found.find()) {
            throw new AssertionError("no sealed secret on " + page);
        }
        return found.group(1);
    }

    private static byte[] decoded(String text) {
        var bytes = ByteBuffer.allocate(text.length() * 5 / 8);
        long bits = 0;
        var count = 0;
        for (var letter : text.toCharArray()) {
            bits = bits << 5 | BASE32.indexOf(letter);
            count += 5;
            if (count >= 8) {
                count -= 8;
                bytes.put((byte) (bits >>> count));
            }
        }
        return bytes.array();
    }

    /// A user gets an app, as if they had set it up, and can use the code of now again.
    public static App of(TestUser user) {
        var roster = user.org().roster();
        var factor = roster.program().factor;
        var offer = factor.enrolments.offer("test");
        var app = new App(offer.secret());
        user.org().write(tx -> {
            var found = roster.program().user.users.find(tx, tx.org(), user.user().id()).orElseThrow();
            if (!factor.factors.add(tx, found, offer, app.code())) {
                throw new AssertionError("the code is not right");
            }
            return null;
        });
        again(user);
        return app;
    }

    /// The code of now works again, however often it was used.
    public static void again(TestUser user) {
        user.org().roster().sql("UPDATE totp_secrets SET last_step = 0 WHERE org_id = ? AND user_id = ?",
            user.org().id().value(), user.user().id().value());
    }

    public String code() {
        return code(Instant.now());
    }

    /// Any code that is not right.
    public String wrong() {
        var now = Instant.now();
        for (int i = 0;; i++) {
            var code = "%06d".formatted(i);
            if (!code.equals(code(now)) && !code.equals(code(now.minusSeconds(30)))
                && !code.equals(code(now.plusSeconds(30))) && !code.equals(code(now.plusSeconds(60)))) {
                return code;
            }
        }
    }

    public String code(Instant at) {
        return code("HmacSHA1", secret, Math.floorDiv(at.getEpochSecond(), 30), 6);
    }

    static String code(String algorithm, byte[] key, long step, int digits) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            var hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
            var at = hash[hash.length - 1] & 15;
            var number = (hash[at] & 0x7fL) << 24 | (hash[at + 1] & 0xffL) << 16 | (hash[at + 2] & 0xffL) << 8
                | hash[at + 3] & 0xffL;
            var text = Long.toString(number);
            return "0".repeat(Math.max(0, digits - text.length()))
                + text.substring(Math.max(0, text.length() - digits));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
