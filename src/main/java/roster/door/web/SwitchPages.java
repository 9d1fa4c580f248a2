package roster.door.web;

import java.util.List;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.org.Orgs;
import roster.core.session.SignIn;
import roster.core.session.SignIn.Admission;
import roster.core.session.SignIn.Why;
import roster.core.signin.SignInAddresses;
import roster.core.user.AddressOwners;
import roster.core.user.Users;
import roster.model.Org;

/// `/sign-in/switch`: the organisations in which this browser is signed in, which can be swapped at once, and others of the same
/// person, which lead to their sign-in. A request acts in the organisation of the current session only.
public final class SwitchPages {
    public static final String PATH = SignInPages.PATH + "/switch";

    /// @param id of the organisation; empty: it has to be signed in to, at a path
    public record Place(String id, String name, String email, String path) {}

    public record SwitchForm(String org, String email, String action, String csrf, List<Place> here,
        List<Place> elsewhere, String another, String back) {}

    private final Database db;
    private final BrowserSessions sessions;
    private final SignIn signIn;
    private final Orgs orgs;
    private final Users users;
    private final Visits visits;

    SwitchPages(Database db, BrowserSessions sessions, SignIn signIn, Orgs orgs, Users users, Visits visits) {
        this.db = db;
        this.sessions = sessions;
        this.signIn = signIn;
        this.orgs = orgs;
        this.users = users;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        var errors = new SignInErrors(visits.site(), SignInPages.PATH + "?then=" + PATH);
        routes.ownPage("GET", PATH, Form.BYTES_MAX, this::show, errors);
        routes.ownPage("POST", PATH, Form.BYTES_MAX, this::swap, errors);
    }

    private Response show(Request request) {
        var places = places(request);
        return HtmlPage.open(200, "web/signin/switch.jte", new SwitchForm(places.org(), places.email(),
            visits.site().path(PATH), visits.ownCsrf(request), places.here(), places.elsewhere(), places.another(),
            visits.site().path(Visits.HOME)));
    }

    /// The organisations of a person.
    ///
    /// @param org,email the one in which the request acts, and who they are there
    /// @param here in which this browser is signed in, too
    /// @param elsewhere others of the same person
    /// @param another where to sign in to any other
    public record Places(String org, String email, List<Place> here, List<Place> elsewhere, String another) {}

    /// The organisations of the person who asks by a session.
    public Places places(Request request) {
        var caller = request.caller();
        var others = sessions.others(request);
        return db.read(tx -> {
            var org = orgs.find(tx, caller.org()).orElseThrow();
            var user = users.find(tx, caller.org(), caller.user().orElseThrow()).orElseThrow();
            var here = others.stream().flatMap(other -> orgs.find(tx, other.org()).stream()
                .map(found -> new Place(found.id().toString(), found.name(),
                    users.find(tx, other.org(), other.user().orElseThrow()).orElseThrow().email(), "")))
                .toList();
            var elsewhere = AddressOwners.elsewhere(tx, caller, user).stream()
                .filter(other -> others.stream().noneMatch(one -> one.org().equals(other.org())))
                .flatMap(other -> orgs.find(tx, other.org()).stream())
                .map(
                    found -> new Place("", found.name(), user.email(), visits.site().path(SignInAddresses.path(found))))
                .toList();
            return new Places(org.name(), user.email(), here, elsewhere,
                visits.site().path(SignInPages.PATH + "?all=true"));
        });
    }

    private Response swap(Request request) {
        var wanted = visits.ownForm(request).text("org");
        var found =
            sessions.others(request).stream().filter(other -> other.org().toString().equals(wanted)).findFirst();
        if (found.isEmpty()) {
            return visits.goingOn(PATH);
        }
        var admission = db.write(found.get(), tx -> signIn.switchTo(tx, visits.client(request)));
        return switch (admission) {
            case Admission.In(var _, var _, var session) -> visits.goingOn(Visits.CONSOLE).with(List.of(
                visits.signedIn(request, found.get().org(), session.token()),
                visits.remembering(named(found.get().org()))));
            case Admission.Out(var why) when why == Why.NETWORK_NOT_ALLOWED ->
                SignInPages.networkNotAllowed(visits.site());
            // Without a factor that is asked for by now, too.
            case Admission.Out _,Admission.Step _,Admission.WrongSecond _ ->
                visits.goingOn(SignInAddresses.path(named(found.get().org())));
        };
    }

    private Org named(Org.Id id) {
        return db.read(tx -> orgs.find(tx, id)).orElseThrow();
    }
}
