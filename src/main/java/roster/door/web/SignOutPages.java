package roster.door.web;

import java.util.List;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.SessionCookie;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.http.SessionMust;
import roster.core.access.Callers;
import roster.core.access.Origin;
import roster.core.access.Presented;
import roster.core.identity.ProviderSignOut;
import roster.core.org.Orgs;
import roster.core.session.Sessions;
import roster.core.user.Users;
import roster.model.Caller;
import roster.model.Problem.BadKeys;
import roster.model.Refused;

/// `/sign-out`: ends the sessions that this browser has, in all organisations.
public final class SignOutPages {
    static final String PATH = "/sign-out";
    private static final String SIGNED_OUT = LogoutPages.SIGNED_OUT;

    /// @param back where to go on for who stays signed in
    public record OutForm(String org, String email, String action, String csrf, String back) {}

    private final Database db;
    private final Callers callers;
    private final Sessions sessions;
    private final Orgs orgs;
    private final Users users;
    private final ProviderSignOut atProvider;
    private final Visits visits;

    SignOutPages(Database db, Callers callers, Sessions sessions, Orgs orgs, Users users,
        ProviderSignOut atProvider, Visits visits) {
        this.db = db;
        this.callers = callers;
        this.sessions = sessions;
        this.orgs = orgs;
        this.users = users;
        this.atProvider = atProvider;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        var errors = new SignInErrors(visits.site(), SIGNED_OUT);
        // Also while a second factor is missing: leaving needs none.
        routes.ownPage("GET", PATH, SessionMust.RUN, Form.BYTES_MAX, this::show, errors);
        routes.ownPage("POST", PATH, SessionMust.RUN, Form.BYTES_MAX, this::signOut, errors);
    }

    private Response show(Request request) {
        var caller = request.caller();
        return visits.site().secured(db.read(tx -> HtmlPage.open(200, "web/signin/out.jte",
            new OutForm(orgs.find(tx, caller.org()).orElseThrow().name(),
                users.find(tx, caller.org(), caller.user().orElseThrow()).orElseThrow().email(),
                visits.site().path(PATH), visits.ownCsrf(request), visits.site().path(Visits.HOME)))));
    }

    private Response signOut(Request request) {
        visits.ownForm(request);
        var flow = visits.flow(request);
        var offered = atProvider.keep(request.caller(), flow.cookie());
        end(request.caller());
        visits.tokens(request).stream().skip(1).forEach(token -> {
            try {
                end(callers.admit(new Presented.Session(token), new Origin(request.id(), request.address())));
            } catch (Refused e) {
                if (!(e.problem() instanceof BadKeys)) { // it has ended already
                    throw e;
                }
            }
        });
        var answer = visits.goingOn(SIGNED_OUT).with(List.of(visits.site().clearing(SessionCookie.NAME)));
        return offered ? visits.shown(answer, flow) : answer;
    }

    private void end(Caller caller) {
        db.write(caller, tx -> {
            sessions.end(tx, caller.user().orElseThrow(), caller.session().orElseThrow().toString(), "sign_out");
            return null;
        });
    }
}
