package roster.door.gate;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import roster.base.html.Browsers;
import roster.base.html.Csrf;
import roster.base.html.SessionCookie;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.core.access.Presented;
import roster.model.Caller;
import roster.model.Problem;
import roster.model.Problem.NoApiKey;
import roster.model.Problem.NotSignedIn;
import roster.model.Refused;

/// What requests present in the cookie of a session. The API looks at it only beside a token that a page of ours has; pages
/// look for theirs in the form.
final class SessionCredentials {
    /// Of requests by which a page asks, whether its session still runs.
    private static final String LOOKING = "X-Roster-Looking";

    private static final String VALIDATE = "/validate";
    private static final String SIGN_IN = "/sign-in";

    /// What lists show is in the queries of their addresses.
    private static final String CONSOLE = "/console/";

    private final Browsers browsers;

    SessionCredentials(Browsers browsers) {
        this.browsers = browsers;
    }

    /// The session of a call of the API; none if the request does not show that a page of ours made it.
    Optional<Presented.Session> ofCall(Request request) {
        if (request.header(Csrf.HEADER).isEmpty() || request.route().template().contains(VALIDATE)
            || !safe(request) && !browsers.site().sent(request)) {
            return Optional.empty();
        }
        return current(request);
    }

    /// Whether a page that is open only asks whether its session still runs, which is no use of it.
    static boolean isLooking(Request request) {
        return request.header(LOOKING).filter("true"::equals).isPresent() && safe(request);
    }

    /// @throws Refused with [NoApiKey] if the page was another session's
    void mustHoldToken(Request request, Caller caller, Presented.Session session) {
        if (!browsers.csrf().holds(request.header(Csrf.HEADER).orElse(""),
            SessionCookie.bound(caller.session().orElseThrow(), session.token()))) {
            throw new Refused(new NoApiKey());
        }
    }

    /// The session of a page.
    ///
    /// @throws Refused with [NotSignedIn]
    Presented ofPage(Request request) {
        return current(request).orElseThrow(() -> new Refused(new NotSignedIn()));
    }

    /// Refuses requests for pages that were sent to another name than ours.
    ///
    /// @throws Refused with WrongHost
    void mustBeMeant(Request request) {
        browsers.site().mustBeMeant(request);
    }

    /// An answer as this site sends it.
    Response secured(Response answer) {
        return browsers.site().secured(answer);
    }

    /// Where a page leads that asked for a part of itself after its session had ended: to sign in, and back.
    Optional<Response.Header> ofFragment(Request request, Problem problem) {
        return request.header("HX-Request").filter("true"::equals).filter(_ -> switch (problem) {
            case Problem.NotSignedIn _,Problem.BadKeys _,Problem.NoApiKey _ -> true;
            default -> false;
        }).map(_ -> new Response.Header("HX-Redirect", browsers.site().path(SIGN_IN) + request.header("HX-Current-URL")
            .flatMap(SessionCredentials::path).map(path -> "?then=" + URLEncoder.encode(path, StandardCharsets.UTF_8))
            .orElse("")));
    }

    /// The sign-in page takes only paths of ours.
    private static Optional<String> path(String url) {
        try {
            var address = URI.create(url);
            return Optional.ofNullable(address.getRawPath()).filter(path -> !path.isEmpty())
                .map(path -> path.contains(CONSOLE) && address.getRawQuery() != null
                    ? path + "?" + address.getRawQuery() : path);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<Presented.Session> current(Request request) {
        return SessionCookie.tokens(browsers.site(), request).stream().findFirst().map(Presented.Session::new);
    }

    private static boolean safe(Request request) {
        return request.method().equals("GET") || request.method().equals("HEAD");
    }
}
