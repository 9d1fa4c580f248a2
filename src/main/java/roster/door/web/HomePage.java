package roster.door.web;

import java.util.Optional;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.access.Callers;
import roster.core.access.Origin;
import roster.core.access.Presented;
import roster.model.Problem.BadKeys;
import roster.model.Refused;

/// `/`: what this is, and where to go on. Users who are signed in are led to the console.
public final class HomePage {
    /// @param mailbox path of the page that shows e-mails; none: it is not to be told
    public record Home(String signIn, String docs, Optional<String> mailbox) {}

    private final Callers callers;
    private final Visits visits;
    private final Optional<String> mailbox;

    /// @param mailbox path of the page that shows e-mails, on a server that only this machine reaches
    HomePage(Callers callers, Visits visits, Optional<String> mailbox) {
        this.callers = callers;
        this.visits = visits;
        this.mailbox = mailbox;
    }

    void addTo(Routes routes) {
        routes.page("GET", "/", Form.BYTES_MAX, this::show, new SignInErrors(visits.site(), SignInPages.PATH));
    }

    private Response show(Request request) {
        if (isSignedIn(request)) {
            return visits.goingOn(Visits.CONSOLE);
        }
        return HtmlPage.open(200, "web/home.jte", new Home(visits.site().path(SignInPages.PATH),
            visits.site().path("/docs"), mailbox.filter(_ -> ofThisMachine(request))));
    }

    private boolean isSignedIn(Request request) {
        try {
            return visits.tokens(request).stream().findFirst().map(token -> callers.admit(new Presented.Session(token),
                new Origin(request.id(), request.address()))).isPresent();
        } catch (Refused e) {
            if (e.problem() instanceof BadKeys) {
                return false;
            }
            throw e;
        }
    }

    /// The address of the mailbox holds a secret, so that it is told to no one who came by a proxy.
    private static boolean ofThisMachine(Request request) {
        return request.address().isLoopbackAddress() && request.header("X-Forwarded-For").isEmpty()
            && request.header("Forwarded").isEmpty() && request.header("Via").isEmpty();
    }
}
