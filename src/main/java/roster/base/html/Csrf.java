package roster.base.html;

import roster.base.secret.Purpose;
import roster.base.secret.Secrets;

/// Tokens that only pages of ours can send along with a form: keyed hashes of what the browser has.
public final class Csrf {
    /// The field of a form, and the header of a request.
    public static final String FIELD = "csrf";
    public static final String HEADER = "X-Roster-Csrf";

    private final Purpose tokens;

    public Csrf(Secrets secrets) {
        tokens = secrets.purpose("csrf");
    }

    /// @param bound what the browser has: a session and its token, or the cookie of a sign-in under way
    public String token(String bound) {
        return tokens.hashText(bound);
    }

    public boolean holds(String sent, String bound) {
        return tokens.isHash(sent, bound);
    }
}
