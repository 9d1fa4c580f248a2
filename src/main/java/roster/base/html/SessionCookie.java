package roster.base.html;

import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import roster.base.http.Request;
import roster.base.secret.Secrets;

/// The cookie with the tokens of a browser's sessions: one to five, joined by dots. The first is the current one, the others
/// are of other organisations.
public final class SessionCookie {
    public static final String NAME = "roster_session";

    /// The most sessions of one browser.
    public static final int MAX = 5;

    private static final String TOKEN = "rst_[A-Za-z0-9_-]{43}";
    private static final Pattern FORM = Pattern.compile("%1$s(\\.%1$s){0,%2$d}".formatted(TOKEN, MAX - 1));

    private SessionCookie() {}

    /// What the token of a form is bound to: a session, and its token.
    public static String bound(UUID session, String token) {
        return session + " " + HexFormat.of().formatHex(Secrets.digest(token));
    }

    /// The tokens, the current one first; empty if there is no cookie, or it has not the form of ours.
    public static List<String> tokens(Site site, Request request) {
        return site.cookie(request, NAME).filter(FORM.asMatchPredicate()).map(value -> List.of(value.split("\\.", -1)))
            .orElse(List.of());
    }
}
