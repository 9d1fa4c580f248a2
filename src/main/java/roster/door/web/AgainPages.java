package roster.door.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.http.SessionMust;
import roster.core.access.AllowedMethods;
import roster.core.factor.FactorFeature;
import roster.core.factor.Second;
import roster.core.identity.Errand;
import roster.core.identity.OwnIdentities;
import roster.core.identity.Provider;
import roster.core.session.Passwords.Candidate;
import roster.core.session.Session.Begun;
import roster.core.session.SessionFeature;
import roster.core.session.Devices;
import roster.core.signin.PasswordSignIn.Attempt;
import roster.core.signin.PasswordSignIn.Outcome;
import roster.core.signin.SecondSteps.Again;
import roster.core.signin.SignInFeature;
import roster.core.user.Users;
import roster.model.LoginMethod;
import roster.model.Problem.TooManyRequests;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.SecondStep;
import roster.model.User;

/// `/sign-in/again`: users who are signed in show a factor once more, which makes their session fresh. Also where a session
/// began before its user had a second factor.
public final class AgainPages {
    static final String PATH = "/sign-in/again";
    private static final String BY_PASSWORD = "password";
    private static final String BY_PROVIDER = "provider";
    private static final String CODE = "code";

    /// @param app,password whether the user may show these
    /// @param provider the name of the provider by which they may, too
    /// @param stepMissing whether a second step is missing, before which nothing else is open: neither is signing out
    /// @param other where to sign out, or to sign in again, as a recovery code is taken there
    /// @param faultyField what the fault is about: `code`, `password`; empty: neither
    public record AgainForm(String email, String action, String csrf, String then, boolean app, boolean password,
        Optional<String> provider, Optional<String> fault, String faultyField, Optional<PasskeyForm> passkey,
        boolean stepMissing, String other) {
        public boolean isFaulty(String field) {
            return faultyField.equals(field);
        }
    }

    /// What was wrong with what was shown.
    private record Fault(String field, String text) {}

    private final Database db;
    private final Users users;
    private final FactorFeature factor;
    private final SessionFeature session;
    private final SignInFeature signIn;
    private final OwnIdentities identities;
    private final OpenIdPages openId;
    private final PasskeyPages passkeys;
    private final Visits visits;

    /// Other ways that the page leads to.
    ///
    /// @param identities the provider of a session
    record Ways(OwnIdentities identities, OpenIdPages openId, PasskeyPages passkeys) {}

    AgainPages(Database db, Users users, FactorFeature factor, SessionFeature session, SignInFeature signIn,
        Ways ways, Visits visits) {
        this.db = db;
        this.users = users;
        this.factor = factor;
        this.session = session;
        this.signIn = signIn;
        this.identities = ways.identities();
        this.openId = ways.openId();
        this.passkeys = ways.passkeys();
        this.visits = visits;
    }

    void addTo(Routes routes) {
        var errors = new SignInErrors(visits.site(), SignInPages.PATH);
        routes.ownPage("GET", PATH, SessionMust.RUN, Form.BYTES_MAX, this::show, errors);
        routes.ownPage("POST", PATH, SessionMust.RUN, Form.BYTES_MAX, this::look, errors);
    }

    /// The page, which goes on to another one then.
    static String path(String then) {
        return PATH + "?then=" + URLEncoder.encode(then, StandardCharsets.UTF_8);
    }

    /// Who asks, and what they may show. A password is not enough where a second factor is missing.
    private record Seen(User user, boolean app, Optional<Candidate> password, Optional<Provider> provider) {}

    private Seen seen(Request request) {
        var caller = request.caller();
        return db.read(tx -> {
            var user = users.find(tx, caller.org(), caller.user().orElseThrow()).orElseThrow();
            return new Seen(user, factor.factors.of(tx, user).app(),
                caller.step() != SecondStep.SHOW && AllowedMethods.allows(tx, user, LoginMethod.STANDARD)
                    ? session.passwords.of(tx, user) : Optional.empty(),
                identities.ofSession(tx, caller));
        });
    }

    private Response show(Request request) {
        return shown(request, 200, visits.then(request.query().first("then").orElse("")), Optional.empty());
    }

    private Response shown(Request request, int status, String then, Optional<Fault> fault) {
        var seen = seen(request);
        return visits.site()
            .secured(HtmlPage.scripted(openId.origins(seen.provider().stream().toList()), status,
                "web/signin/again.jte", new AgainForm(seen.user().email(), visits.site().path(PATH),
                    visits.ownCsrf(request), then, seen.app(), seen.password().isPresent(),
                    seen.provider().map(one -> one.terms().name()), fault.map(Fault::text),
                    fault.map(Fault::field).orElse(""),
                    passkeys.form(request, seen.user(), PATH, visits.ownCsrf(request), then, bound(request)),
                    request.caller().step() != SecondStep.NONE,
                    visits.site().path(request.caller().step() == SecondStep.NONE ? SignOutPages.PATH
                        : SignInPages.PATH))));
    }

    private Response look(Request request) {
        var form = visits.ownForm(request);
        return switch (form.text("by")) {
            case BY_PASSWORD -> password(request, form);
            case BY_PROVIDER -> provider(request, form);
            case SecondStepPages.BY_PASSKEY -> {
                var wrong = new Fault("", SecondStepPages.WRONG_PASSKEY);
                yield passkeys.signed(request, form, bound(request))
                    .map(signed -> second(request, form, new Second.ByPasskey(signed), wrong))
                    .orElseGet(() -> shown(request, 422, visits.then(form.text("then")), Optional.of(wrong)));
            }
            default -> second(request, form, new Second.Code(form.text(CODE)), new Fault(CODE, SecondStepPages.WRONG));
        };
    }

    private Response provider(Request request, Form form) {
        var then = visits.then(form.text("then"));
        return seen(request).provider().map(one -> openId.sent(request, one, then,
            new Errand.Again(request.caller().session().orElseThrow()))).orElseGet(() -> visits.goingOn(path(then)));
    }

    private static String bound(Request request) {
        return "again " + request.caller().session().orElseThrow();
    }

    private Response second(Request request, Form form, Second second, Fault wrong) {
        var then = visits.then(form.text("then"));
        return switch (signIn.seconds.again(request.caller(), second, visits.client(request))) {
            case Again.Shown(var begun) -> goingOn(request, then, begun);
            case Again.Wrong() -> shown(request, 422, then, Optional.of(wrong));
            case Again.TooMany(var seconds) -> throw new Refused(new TooManyRequests(seconds));
        };
    }

    private Response password(Request request, Form form) {
        var then = visits.then(form.text("then"));
        var seen = seen(request);
        if (seen.password().isEmpty()) {
            return visits.goingOn(path(then));
        }
        var own = seen.password().get();
        var attempt = new Attempt(seen.user().email(), form.text("password"), Optional.of(own.org()),
            request.address(), visits.site().cookie(request, Devices.COOKIE));
        return switch (signIn.passwords.lookAgain(attempt, own, request.id())) {
            case Outcome.Wrong() -> shown(request, 422, then,
                Optional.of(new Fault(BY_PASSWORD, "This is not your password.")));
            case Outcome.TooMany(var seconds) -> throw new Refused(new TooManyRequests(seconds));
            case Outcome.Right _ -> goingOn(request, then, db.write(request.caller(), tx -> {
                if (!session.passwords.of(tx, seen.user()).equals(seen.password())) {
                    throw new Refused(new Unavailable(1)); // it was changed meanwhile
                }
                return session.signIn.renew(tx, Optional.of("password"), visits.client(request));
            }));
        };
    }

    private Response goingOn(Request request, String then, Begun begun) {
        return visits.goingOn(then)
            .with(List.of(visits.signedIn(request, request.caller().org(), begun.token())));
    }
}
