package roster.door.web;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.Minute;
import roster.base.html.SessionCookie;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.http.SessionMust;
import roster.core.access.AllowedMethods;
import roster.core.org.Orgs;
import roster.core.session.Devices;
import roster.core.session.Passwords;
import roster.core.session.Passwords.Candidate;
import roster.core.session.Passwords.Chosen;
import roster.core.session.Session;
import roster.core.session.SessionFeature;
import roster.core.signin.PasswordSignIn;
import roster.core.signin.PasswordSignIn.Attempt;
import roster.core.signin.PasswordSignIn.Outcome;
import roster.core.signin.SignInFeature;
import roster.core.user.Users;
import roster.door.web.FactorPages.FactorList;
import roster.door.web.OwnIdentityPages.IdentityList;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.TooManyRequests;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.User;

/// `/me/security`: what users see and change of how they sign in: their password, and the browsers they are signed in with.
public final class SecurityPages {
    private static final String PATH = Visits.HOME;

    /// Where those go on who were let in to choose a password.
    private static final String CHOSEN = Visits.CONSOLE + "?told=password";

    /// What is wrong with the form of a new password.
    public record Faults(Optional<String> current, Optional<String> chosen) {
        static final Faults NONE = new Faults(Optional.empty(), Optional.empty());

        public boolean faulty() {
            return current.isPresent() || chosen.isPresent();
        }
    }

    public record ShownSession(String id, String browser, String by, String address, String begun, String seen,
        boolean current) {}

    /// What has just happened, by the value of `told`.
    private static final Map<String, String> TOLD = Map.of("password",
        "Your password is set. All your other sessions have ended.", "session", "The session has ended.");

    /// @param told what has just happened
    /// @param passwordAllowed whether the user may sign in by password
    /// @param asksCurrent whether the current password must be entered to change it
    /// @param base what the path of the public URL puts before each path
    public record Shown(Optional<String> told, String org, String email, String csrf, boolean passwordAllowed,
        boolean asksCurrent,
        List<ShownSession> sessions, Faults faults, FactorList factors, IdentityList identities, String base) {
        public String path(String path) {
            return base + path;
        }
    }

    private final Database db;
    private final Orgs orgs;
    private final Users users;
    private final SessionFeature session;
    private final Devices devices;
    private final PasswordSignIn guarded;
    private final FactorPages factors;
    private final OwnIdentityPages identities;
    private final Visits visits;

    /// Users whose new password is being judged on this node. One at a time, as it takes long.
    private final Set<User.Id> changing = ConcurrentHashMap.newKeySet();

    /// What other pages put on this one.
    record Parts(FactorPages factors, OwnIdentityPages identities) {}

    SecurityPages(Database db, Orgs orgs, Users users, SessionFeature session, SignInFeature signIn, Parts parts,
        Visits visits) {
        this.db = db;
        this.orgs = orgs;
        this.users = users;
        this.session = session;
        this.devices = session.devices;
        this.guarded = signIn.passwords;
        this.factors = parts.factors();
        this.identities = parts.identities();
        this.visits = visits;
    }

    void addTo(Routes routes) {
        var errors = new SignInErrors(visits.site(), SignInPages.PATH + "?then=" + PATH);
        routes.ownPage("GET", PATH, Form.BYTES_MAX, request -> shown(request, 200, Faults.NONE), errors);
        routes.ownPage("POST", PATH + "/password", SessionMust.BE_FRESH, Form.BYTES_MAX, this::setPassword, errors);
        routes.ownPage("POST", PATH + "/sessions/{session_id}/end", Form.BYTES_MAX, this::end, errors);
        routes.ownPage("POST", PATH + "/sign-out-everywhere", Form.BYTES_MAX, this::endAll, errors);
    }

    /// When a way to sign in was used last, in words.
    static String used(Optional<Instant> last) {
        return last.map(time -> "last used " + Minute.of(time)).orElse("not used yet");
    }

    /// Who asks, as of now.
    private record Seen(Org org, User user, Optional<Candidate> password, boolean allowed, List<Session> sessions) {
        /// A link from the operator is for those who do not know their password.
        private boolean asksCurrent(Request request) {
            return password.isPresent() && !byLink(request);
        }

        private boolean byLink(Request request) {
            return sessions.stream().anyMatch(one -> isCurrent(request, one) && one.method().equals(Session.LINK));
        }
    }

    private static boolean isCurrent(Request request, Session one) {
        return request.caller().session().equals(Optional.of(one.id().value()));
    }

    private Seen seen(Request request) {
        var caller = request.caller();
        return db.read(tx -> {
            var user = users.find(tx, caller.org(), caller.user().orElseThrow()).orElseThrow();
            return new Seen(orgs.find(tx, caller.org()).orElseThrow(), user, session.passwords.of(tx, user),
                AllowedMethods.allows(tx, user, LoginMethod.STANDARD),
                session.sessions.of(tx, caller.org(), user.id()));
        });
    }

    private Response shown(Request request, int status, Faults faults) {
        var seen = seen(request);
        var linked = identities.list(request, seen.user());
        return visits.site().secured(HtmlPage.leadingTo(linked.origins(), status, "web/me/security.jte", new Shown(
            request.query().first("told").map(TOLD::get).filter(_ -> status == 200), seen.org().name(),
            seen.user().email(), visits.ownCsrf(request), seen.allowed(), seen.asksCurrent(request),
            seen.sessions().stream().map(one -> new ShownSession(one.id().toString(), one.browserName(), one.shownBy(),
                one.address().orElse(""), Minute.of(one.createdAt()), Minute.of(one.lastSeenAt()),
                isCurrent(request, one)))
                .toList(),
            faults, factors.list(request, seen.user()), linked, visits.site().path(""))));
    }

    private Response end(Request request) {
        visits.ownForm(request);
        db.write(request.caller(), tx -> {
            session.sessions.end(tx, tx.caller().user().orElseThrow(), request.pathText("session_id"), "user");
            return null;
        });
        return visits.goingOn(PATH + "?told=session");
    }

    private Response endAll(Request request) {
        visits.ownForm(request);
        db.write(request.caller(),
            tx -> session.sessions.endAll(tx, tx.caller().user().orElseThrow(), Optional.empty(), "everywhere"));
        return visits.goingOn("/sign-in/signed-out").with(List.of(visits.site().clearing(SessionCookie.NAME)));
    }

    private Response setPassword(Request request) {
        var form = visits.ownForm(request);
        var seen = seen(request);
        if (!seen.allowed()) {
            return visits.goingOn(PATH);
        }
        var fault = Passwords.faultAtSight(form.text("password"));
        if (fault.isPresent()) {
            return shown(request, 422, new Faults(Optional.empty(), fault));
        }
        if (!changing.add(seen.user().id())) {
            throw new Refused(new Unavailable(1));
        }
        try {
            return currentFault(request, seen, form).map(why -> shown(request, 422,
                new Faults(Optional.of(why), Optional.empty()))).orElseGet(() -> chosen(request, seen, form));
        } finally {
            changing.remove(seen.user().id());
        }
    }

    private Optional<String> currentFault(Request request, Seen seen, Form form) {
        if (!seen.asksCurrent(request)) {
            return Optional.empty();
        }
        var attempt = new Attempt(seen.user().email(), form.text("current"), Optional.of(seen.org().id()),
            request.address(), visits.site().cookie(request, Devices.COOKIE));
        return switch (guarded.lookAgain(attempt, seen.password().orElseThrow(), request.id())) {
            case Outcome.TooMany(var seconds) -> throw new Refused(new TooManyRequests(seconds));
            case Outcome.Wrong() -> Optional.of("This is not your current password.");
            case Outcome.Right _ -> Optional.empty();
        };
    }

    private Response chosen(Request request, Seen seen, Form form) {
        var user = seen.user();
        var known = List.of(user.email(), user.handle(), user.name().orElse(""), seen.org().name(), "roster");
        return switch (session.passwords.choose(user.org(), user.email(), form.text("password"), known, () -> true)) {
            case Chosen.Unfit(var why) -> shown(request, 422, new Faults(Optional.empty(), Optional.of(why)));
            case Chosen.Pointless() -> visits.goingOn(PATH);
            case Chosen.Fit fit -> changed(request, seen, fit);
        };
    }

    /// All other sessions end, and this one gets another token: a client that had one of them is out.
    private Response changed(Request request, Seen seen, Chosen.Fit fit) {
        var begun = db.write(request.caller(), tx -> {
            var user = users.find(tx, tx.org(), seen.user().id()).orElseThrow();
            if (!session.passwords.of(tx, user).equals(seen.password())) {
                throw new Refused(new Unavailable(1)); // it was changed meanwhile
            }
            session.passwords.change(tx, user, fit);
            session.sessions.endAll(tx, user.id(), tx.caller().session().map(Session.Id::new), "password_changed");
            return session.signIn.renew(tx, visits.client(request));
        });
        return visits.goingOn(seen.byLink(request) ? CHOSEN : PATH + "?told=password").with(List.of(
            visits.signedIn(request, seen.org().id(), begun.token()),
            visits.site().setting(Devices.COOKIE,
                devices.with(visits.site().cookie(request, Devices.COOKIE), seen.org().id(), seen.user().email()),
                Optional.of(Devices.AGE))));
    }
}
