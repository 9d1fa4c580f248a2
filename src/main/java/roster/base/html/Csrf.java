package roster.base.html;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import roster.base.secret.Purpose;
import roster.base.secret.Secrets;

/// Tokens that only pages of ours can send along with a form: keyed hashes of what the browser has.
public final class Csrf {
    /// The field of a form, and the header of a request.
    public static final String FIELD = "csrf";
    public static final String HEADER = "X-Roster-Csrf";

    private static final int BYTES = 32;

    /// Of twice as many bytes, in base64url.
    private static final int MASKED_LENGTH = 86;

    private final Purpose tokens;

    public Csrf(Secrets secrets) {
        tokens = secrets.purpose("csrf");
    }

    /// @param bound what the browser has: a session and its token, or the cookie of a sign-in under way
    public String token(String bound) {
        return tokens.hashText(bound);
    }

    /// The same as it is put into one page: masked anew, so that no two pages have the same text.
    public String masked(String bound) {
        var mask = tokens.random(BYTES);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
            ByteBuffer.allocate(2 * BYTES).put(mask).put(mixed(tokens.hash(bound), mask, 0)).array());
    }

    public boolean holds(String sent, String bound) {
        return tokens.isHash(unmasked(sent), bound);
    }

    /// What was masked; what was not, as it is.
    private static String unmasked(String sent) {
        if (sent.length() != MASKED_LENGTH) {
            return sent;
        }
        try {
            var bytes = Base64.getUrlDecoder().decode(sent);
            return Base64.getUrlEncoder().withoutPadding()
                .encodeToString(mixed(Arrays.copyOf(bytes, BYTES), bytes, BYTES));
        } catch (IllegalArgumentException e) {
            return sent;
        }
    }

    private static byte[] mixed(byte[] one, byte[] other, int start) {
        var mixed = new byte[BYTES];
        for (var i = 0; i < BYTES; i++) {
            mixed[i] = (byte) (one[i] ^ other[start + i]);
        }
        return mixed;
    }
}
