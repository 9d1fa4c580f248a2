package roster.door.web;

import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.Minute;
import roster.base.html.Site;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.access.AllowedMethods;
import roster.core.founding.FirstSignIn;
import roster.core.org.Orgs;
import roster.core.session.SignIn.Admission;
import roster.core.signin.Flows.Half;
import roster.core.signin.Links;
import roster.core.signin.Links.Entered;
import roster.core.signin.Links.Good;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.user.Users;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.User;

/// `/sign-in/once/{token}`: the page of a link by which the operator lets a user in. Fetching it changes nothing; its button
/// uses the link up.
public final class OncePages {
    /// @param until as `2026-11-29 16:30 UTC`
    public record OnceForm(String org, String email, String until, String csrf) {}

    private final Database db;
    private final Links links;
    private final Orgs orgs;
    private final Users users;
    private final FirstSignIn first;
    private final Arrivals arrivals;
    private final Visits visits;

    OncePages(Database db, Links links, Orgs orgs, Users users, FirstSignIn first, Arrivals arrivals,
        Visits visits) {
        this.db = db;
        this.links = links;
        this.orgs = orgs;
        this.users = users;
        this.first = first;
        this.arrivals = arrivals;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        ErrorPages errors = new SignInErrors(visits.site(), SignInPages.PATH);
        routes.page("GET", Links.path("{token}"), Form.BYTES_MAX, this::show, errors);
        routes.page("POST", Links.path("{token}"), Form.BYTES_MAX, this::enter, errors);
    }

    private record Seen(Good link, Org org, User user) {}

    private Optional<Seen> look(String token) {
        return db.read(tx -> links.find(tx, token).flatMap(link -> orgs.find(tx, link.org())
            .flatMap(org -> users.find(tx, link.org(), link.user()).map(user -> new Seen(link, org, user)))));
    }

    private Response show(Request request) {
        visits.site().mustBeMeant(request);
        return look(request.pathText("token")).map(seen -> {
            var flow = visits.flow(request);
            return visits.shown(HtmlPage.answer(200, "web/signin/once.jte", new OnceForm(seen.org().name(),
                seen.user().email(), Minute.of(seen.link().expiresAt()), visits.csrf(flow))), flow);
        }).orElseGet(this::closed);
    }

    private Response enter(Request request) {
        visits.form(request);
        var token = request.pathText("token");
        return look(token).flatMap(seen -> links.enter(seen.org().id(), token, visits.client(request),
            new Visitor(request.id(), request.address()).at(seen.org().id()))
            .flatMap(entered -> entered(request, seen, token, entered)))
            .orElseGet(this::closed);
    }

    private Response closed() {
        return closed(visits.site(), SignInPages.PATH, "To the sign-in page");
    }

    /// The page of a link that is not good, or no longer.
    ///
    /// @param path where to go on
    static Response closed(Site site, String path, String label) {
        return site.secured(new SignInNotice(410, "This link no longer works",
            "This link was used or has expired. Ask for a new one.", site.path(path), label).answer());
    }

    private Optional<Response> entered(Request request, Seen seen, String token, Entered entered) {
        if (!(entered.admission() instanceof Admission.Out)) {
            first.used(token);
        }
        return arrivals.answer(request, entered.admission(),
            new Half(seen.org().id(), entered.proof(), "",
                choosesPassword(seen.user()) ? Visits.HOME : Visits.CONSOLE));
    }

    private boolean choosesPassword(User user) {
        return db.read(tx -> AllowedMethods.allows(tx, user, LoginMethod.STANDARD));
    }
}
