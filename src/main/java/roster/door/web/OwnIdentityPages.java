package roster.door.web;

import java.util.List;
import java.util.UUID;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.Minute;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.http.SessionMust;
import roster.core.identity.Errand;
import roster.core.identity.IdentityFeature;
import roster.core.identity.Provider;
import roster.core.session.Session;
import roster.core.session.Sessions;
import roster.core.user.Users;
import roster.model.Id;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// `/me/security/identities`: the accounts at providers that users sign in by. They link further ones by signing in there, and
/// unlink them.
public final class OwnIdentityPages {
    private static final String PATH = Visits.HOME + "/identities";

    public record ShownIdentity(String id, String provider, String linked, String used) {}

    public record Linkable(String id, String name) {}

    /// @param origins where browsers are sent that link an account
    /// @param action the path that forms are sent to
    public record IdentityList(List<ShownIdentity> all, List<Linkable> linkable, List<String> origins, String csrf,
        String action) {}

    /// What to know before an account is unlinked.
    ///
    /// @param last whether there is no other way in
    public record UnlinkForm(String provider, boolean last, String action, String csrf, String back) {}

    private final Database db;
    private final Users users;
    private final Sessions sessions;
    private final IdentityFeature identity;
    private final OpenIdPages openId;
    private final Visits visits;

    OwnIdentityPages(Database db, Users users, Sessions sessions, IdentityFeature identity, OpenIdPages openId,
        Visits visits) {
        this.db = db;
        this.users = users;
        this.sessions = sessions;
        this.identity = identity;
        this.openId = openId;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        var errors = new SignInErrors(visits.site(), SignInPages.PATH + "?then=" + Visits.HOME);
        routes.ownPage("POST", PATH, SessionMust.BE_FRESH, Form.BYTES_MAX, this::link, errors);
        routes.ownPage("POST", PATH + "/{identity_id}/remove", SessionMust.BE_FRESH, Form.BYTES_MAX, this::unlink,
            errors);
    }

    IdentityList list(Request request, User user) {
        return db.read(tx -> {
            var linkable = identity.own.linkable(tx, user);
            return new IdentityList(
                identity.own.of(tx, user).stream().map(one -> new ShownIdentity(one.id().toString(), one.provider(),
                    Minute.of(one.linkedAt()),
                    SecurityPages.used(one.lastUsedAt())))
                    .toList(),
                linkable.stream().map(one -> new Linkable(one.id().toString(), one.terms().name())).toList(),
                openId.origins(linkable), visits.ownCsrf(request), visits.site().path(PATH));
        });
    }

    private User user(Tx tx, Request request) {
        return users.find(tx, request.caller().org(), request.caller().user().orElseThrow()).orElseThrow();
    }

    private Response link(Request request) {
        var wanted = visits.ownForm(request).text("provider");
        var found = db.read(tx -> identity.own.linkable(tx, user(tx, request))).stream()
            .filter(one -> one.id().toString().equals(wanted)).findFirst();
        return found.map(one -> to(request, one)).orElseGet(() -> visits.goingOn(Visits.HOME));
    }

    private Response to(Request request, Provider provider) {
        return openId.sent(request, provider, Visits.HOME,
            new Errand.Link(request.caller().session().orElseThrow()));
    }

    /// What is unlinked, and what its user loses by it.
    private record Seen(String provider, boolean last, boolean current) {}

    private Seen seen(Request request, UUID id) {
        return db.read(tx -> {
            var user = user(tx, request);
            var one = identity.own.of(tx, user).stream().filter(each -> each.id().equals(id)).findFirst()
                .orElseThrow(() -> new Refused(new NotFound(id + " not found")));
            return new Seen(one.provider(), !identity.own.hasAnotherWay(tx, user, id),
                sessions.current(tx, request.caller()).flatMap(Session::provider)
                    .filter(at -> at.identity().equals(id)).isPresent());
        });
    }

    /// Asks once more where the user would be signed out, or have no other way in.
    private Response unlink(Request request) {
        var form = visits.ownForm(request);
        var sent = request.pathText("identity_id");
        var id = Id.parse(sent).orElseThrow(() -> new Refused(new NotFound(sent + " not found")));
        var seen = seen(request, id);
        if ((seen.last() || seen.current()) && form.text("sure").isEmpty()) {
            return visits.site().secured(HtmlPage.open(422, "web/me/unlink.jte", new UnlinkForm(seen.provider(),
                seen.last(), visits.site().path(PATH + "/" + id + "/remove"), visits.ownCsrf(request),
                visits.site().path(Visits.HOME))));
        }
        db.write(request.caller(), tx -> {
            identity.identities.unlink(tx, user(tx, request), sent);
            return null;
        });
        return visits.goingOn(Visits.HOME);
    }
}
