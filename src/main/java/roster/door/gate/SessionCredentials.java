package roster.door.gate;

import java.util.Optional;
import roster.base.html.Browsers;
import roster.base.html.Csrf;
import roster.base.html.SessionCookie;
import roster.base.http.Request;
import roster.core.access.Presented;
import roster.model.Caller;
import roster.model.Problem.NoApiKey;
import roster.model.Problem.NotSignedIn;
import roster.model.Refused;

/// What requests present in the cookie of a session. The API looks at it only beside a token that a page of ours has; pages
/// look for theirs in the form.
final class SessionCredentials {
    private static final String VALIDATE = "/validate";

    private final Browsers browsers;

    SessionCredentials(Browsers browsers) {
        this.browsers = browsers;
    }

    /// The session of a call of the API; none if the request does not show that a page of ours made it.
    Optional<Presented> ofCall(Request request) {
        if (request.header(Csrf.HEADER).isEmpty() || request.route().template().contains(VALIDATE)
            || !safe(request) && !browsers.site().sent(request)) {
            return Optional.empty();
        }
        return current(request);
    }

    /// @throws Refused with [NoApiKey] if the page was another session's
    void mustHoldToken(Request request, Caller caller) {
        var token = SessionCookie.tokens(browsers.site(), request).getFirst();
        if (!browsers.csrf().holds(request.header(Csrf.HEADER).orElse(""),
            SessionCookie.bound(caller.session().orElseThrow(), token))) {
            throw new Refused(new NoApiKey());
        }
    }

    /// The session of a page.
    ///
    /// @throws Refused with WrongHost or [NotSignedIn]
    Presented ofPage(Request request) {
        browsers.site().mustBeMeant(request);
        return current(request).orElseThrow(() -> new Refused(new NotSignedIn()));
    }

    private Optional<Presented> current(Request request) {
        return SessionCookie.tokens(browsers.site(), request).stream().findFirst().map(Presented.Session::new);
    }

    private static boolean safe(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }
}
