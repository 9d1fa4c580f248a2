package roster.door.gate;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import roster.base.http.Request;
import roster.core.access.Presented;
import roster.model.Problem.BadKeys;
import roster.model.Problem.NoApiKey;
import roster.model.Refused;

/// What requests present in their headers. What has not the form of a key or token is refused without asking the
/// database.
final class CredentialHeaders {
    static final String API_KEY = "DD-API-KEY";
    static final String APPLICATION_KEY = "DD-APPLICATION-KEY";
    static final String AUTHORIZATION = "Authorization";
    private static final int API_KEY_LENGTH = 32;
    private static final int APPLICATION_KEY_LENGTH = 40;
    static final String TOKEN_FORM = "dd[ps]at_[0-9A-Za-z]{22}_[0-9A-Za-z]{36}";
    private static final Pattern TOKEN = Pattern.compile(TOKEN_FORM);
    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +(" + TOKEN_FORM + ") *");

    private CredentialHeaders() {}

    /// @throws Refused with [NoApiKey] or [BadKeys]
    static Presented apiKey(Request request) {
        return new Presented.ApiKey(key(request));
    }

    /// A bearer's token, which wins over keys beside it; a token in the place of an application key, beside which an API
    /// key must be good too; or both keys.
    ///
    /// @throws Refused with [NoApiKey] or [BadKeys]
    static Presented keysOrToken(Request request) {
        var bearer = request.header(AUTHORIZATION).map(BEARER::matcher).filter(Matcher::matches)
            .map(found -> found.group(1));
        if (bearer.isPresent()) {
            return new Presented.Token(bearer.get(), Optional.empty());
        }
        var token = request.header(APPLICATION_KEY).filter(TOKEN.asMatchPredicate());
        if (token.isPresent()) {
            return new Presented.Token(token.get(), apiKeyBeside(request));
        }
        return new Presented.KeyPair(key(request), wellFormed(request.header(APPLICATION_KEY), APPLICATION_KEY_LENGTH));
    }

    /// An API key that was sent with a secret that could do without it.
    ///
    /// @throws Refused with [BadKeys] if it cannot be one
    static Optional<String> apiKeyBeside(Request request) {
        return request.header(API_KEY).filter(sent -> !sent.isEmpty())
            .map(sent -> wellFormed(Optional.of(sent), API_KEY_LENGTH));
    }

    /// Whether a request shows keys or a token: then no cookie is looked at.
    static boolean sent(Request request) {
        return request.header(API_KEY).isPresent() || request.header(APPLICATION_KEY).isPresent()
            || request.header(AUTHORIZATION).isPresent();
    }

    private static String key(Request request) {
        var sent = request.header(API_KEY).filter(key -> !key.isEmpty());
        if (sent.isEmpty()) {
            // A bearer's token would do in the place of both keys; this one has not the form of any.
            throw new Refused(request.header(AUTHORIZATION).isPresent() ? new BadKeys() : new NoApiKey());
        }
        return wellFormed(sent, API_KEY_LENGTH);
    }

    private static String wellFormed(Optional<String> sent, int length) {
        return sent.filter(key -> key.length() == length && isLowerHex(key))
            .orElseThrow(() -> new Refused(new BadKeys()));
    }

    private static boolean isLowerHex(String key) {
        for (int i = 0; i < key.length(); i++) {
            var c = key.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }
}
