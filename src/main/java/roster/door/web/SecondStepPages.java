package roster.door.web;

import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.Site;
import roster.base.html.SessionCookie;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.factor.Enrolments;
import roster.core.factor.FactorFeature;
import roster.core.factor.QrPicture;
import roster.core.factor.Second;
import roster.core.factor.Totp;
import roster.core.org.Orgs;
import roster.core.session.SignIn.Admission;
import roster.core.signin.Flows.Half;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.signin.SecondSteps.Outcome;
import roster.core.signin.SignInFeature;
import roster.core.user.Users;
import roster.model.Org;
import roster.model.User;

/// `/sign-in/second` and `/sign-in/enrol`: what a browser that has shown one factor shows or sets up before it is let in.
public final class SecondStepPages {
    static final String SHOW = "/sign-in/second";
    static final String ENROL = "/sign-in/enrol";

    static final String WRONG = "That code is not right, or was used already. Wait for the next one.";
    private static final String WRONG_RECOVERY = "That is no recovery code of yours, or it was used already.";
    static final String WRONG_PASSKEY = "That passkey was not accepted, or took too long. Try again.";
    static final String BY_PASSKEY = "passkey";
    private static final String BY_RECOVERY = "recovery";

    /// @param app whether the user has an authenticator app
    /// @param recovery whether it asks for a recovery code
    /// @param other the page that asks for the other kind of code
    /// @param again where to begin anew, as someone else perhaps
    public record SecondForm(String org, String action, String csrf, boolean app, boolean recovery, String other,
        String again, Optional<String> fault, Optional<PasskeyForm> passkey) {}

    /// @param sealed the secret, for the form
    /// @param secret the same as text, in groups
    /// @param forced whether the organisation asks for it
    /// @param other where to go on without it: to sign in again if it is forced
    public record EnrolForm(String org, boolean forced, String action, String other, String csrf, QrPicture picture,
        String secret, String sealed, Optional<String> fault) {}

    private final Database db;
    private final Orgs orgs;
    private final Users users;
    private final SignInFeature signIn;
    private final FactorFeature factor;
    private final Arrivals arrivals;
    private final PasskeyPages passkeys;
    private final Visits visits;

    SecondStepPages(Database db, Orgs orgs, Users users, SignInFeature signIn, FactorFeature factor,
        Entrance entrance) {
        this.db = db;
        this.orgs = orgs;
        this.users = users;
        this.signIn = signIn;
        this.factor = factor;
        this.arrivals = entrance.arrivals();
        this.passkeys = entrance.passkeys();
        this.visits = entrance.visits();
    }

    /// What pages for signing in share.
    record Entrance(Arrivals arrivals, PasskeyPages passkeys, Visits visits) {}

    void addTo(Routes routes) {
        ErrorPages errors = new SignInErrors(visits.site(), SignInPages.PATH);
        routes.page("GET", SHOW, Form.BYTES_MAX, this::show, errors);
        routes.page("POST", SHOW, Form.BYTES_MAX, this::look, errors);
        routes.page("GET", ENROL, Form.BYTES_MAX, this::offer, errors);
        routes.page("POST", ENROL, Form.BYTES_MAX, this::enrol, errors);
    }

    /// A browser that has shown one factor.
    private record Seen(Half half, Org org, User user) {}

    private Optional<Seen> seen(String cookie) {
        return signIn.flows.half(cookie).flatMap(half -> db.read(tx -> orgs.find(tx, half.org())
            .flatMap(org -> users.find(tx, org.id(), half.proof().user()).map(user -> new Seen(half, org, user)))));
    }

    private Response show(Request request) {
        visits.site().mustBeMeant(request);
        return shown(request, 200, request.query().first("by").filter(BY_RECOVERY::equals).isPresent(),
            Optional.empty());
    }

    private Response shown(Request request, int status, boolean recovery, Optional<String> fault) {
        var flow = visits.flow(request);
        return seen(flow.cookie()).filter(seen -> seen.user().secondFactor()).map(seen -> visits.shown(
            HtmlPage.scripted(status, "web/signin/second.jte",
                new SecondForm(seen.org().name(), visits.site().path(SHOW),
                    visits.csrf(flow), hasApp(seen.user()), recovery,
                    visits.site().path(recovery ? SHOW : SHOW + "?by=" + BY_RECOVERY),
                    visits.site().path(SignInPages.PATH), fault,
                    passkeys.form(request, seen.user(), SHOW, visits.csrf(flow), seen.half().then(), bound(flow)))),
            flow)).orElseGet(() -> visits.goingOn(SignInPages.PATH));
    }

    private Response look(Request request) {
        var form = visits.form(request);
        var recovery = form.text("by").equals(BY_RECOVERY);
        var second = second(request, form);
        if (second.isEmpty()) {
            return shown(request, 422, false, Optional.of(WRONG_PASSKEY));
        }
        return switch (signIn.seconds.show(visits.flow(request).cookie(), second.get(), visits.client(request),
            new Visitor(request.id(), request.address()))) {
            case Outcome.Looked looked -> arrived(request, looked);
            case Outcome.Wrong() ->
                shown(request, 422, recovery, Optional.of(recovery ? WRONG_RECOVERY : WRONG));
            case Outcome.Ended() -> ended();
            case Outcome.TooMany(var seconds) -> tooMany(seconds, SHOW + "?by=" + BY_RECOVERY);
        };
    }

    private Optional<Second> second(Request request, Form form) {
        return switch (form.text("by")) {
            case BY_PASSKEY -> passkeys.signed(request, form, bound(visits.flow(request))).map(Second.ByPasskey::new);
            case BY_RECOVERY -> Optional.of(new Second.Recovery(form.text("code")));
            default -> Optional.of(new Second.Code(form.text("code")));
        };
    }

    private boolean hasApp(User user) {
        return db.read(tx -> factor.factors.of(tx, user)).app();
    }

    private Response arrived(Request request, Outcome.Looked looked) {
        if (looked.admission() instanceof Admission.In in && !looked.codes().isEmpty()) {
            signIn.flows.keepCodes(in.session().id().value(), looked.codes());
            return arrivals.in(request, looked.half(), in, FactorPages.codes(looked.half().then()));
        }
        return arrivals.answer(request, looked.admission(), looked.half()).orElseGet(this::ended);
    }

    private Response ended() {
        return visits.site().secured(new SignInNotice(403, "Sign-in ended",
            "The second step was not right too often, or took too long. Start again.",
            visits.site().path(SignInPages.PATH), "Start again").answer());
    }

    private Response tooMany(long seconds, String recovery) {
        return visits.site().secured(new SignInNotice(429, "Too many attempts",
            "Too many codes were wrong, so codes of the authenticator app are refused for a day. "
                + "You can still use a recovery code.",
            visits.site().path(recovery), "Use a recovery code").answer()
            .with("Retry-After", Long.toString(seconds)));
    }

    /// A browser that is signed in sets its second step up elsewhere.
    private Response offer(Request request) {
        visits.site().mustBeMeant(request);
        return offered(request, 200, Optional.empty(), Optional.empty());
    }

    private Response offered(Request request, int status, Optional<Enrolments.Offer> before, Optional<String> fault) {
        var flow = visits.flow(request);
        return seen(flow.cookie()).filter(seen -> !seen.user().secondFactor()).map(seen -> visits.shown(
            HtmlPage.open(status, "web/signin/enrol.jte", form(seen.org(), seen.user(), true, visits.site(), ENROL,
                visits.csrf(flow), before.orElseGet(() -> factor.enrolments.offer(bound(flow))), fault)),
            flow)).orElseGet(() -> visits.goingOn(
                visits.site().cookie(request, SessionCookie.NAME).isPresent() ? FactorPages.ENROL : SignInPages.PATH));
    }

    static EnrolForm form(Org org, User user, boolean forced, Site site, String action, String csrf,
        Enrolments.Offer offer, Optional<String> fault) {
        return new EnrolForm(org.name(), forced, site.path(action),
            site.path(forced ? SignInPages.PATH : Visits.HOME), csrf,
            QrPicture.of(Totp.uri(offer.secret(), org.name(), user.email())),
            Totp.text(offer.secret()).replaceAll("(.{4})(?!$)", "$1 "), offer.sealed(), fault);
    }

    private static String bound(Visits.Flow flow) {
        return "flow " + flow.cookie();
    }

    private Response enrol(Request request) {
        var form = visits.form(request);
        var flow = visits.flow(request);
        var offer = factor.enrolments.opened(form.text("secret"), bound(flow));
        if (offer.isEmpty()) {
            return visits.goingOn(ENROL);
        }
        return switch (signIn.seconds.show(flow.cookie(), new Second.FirstCode(offer.get(), form.text("code")),
            visits.client(request), new Visitor(request.id(), request.address()))) {
            case Outcome.Looked looked -> arrived(request, looked);
            case Outcome.Wrong() -> offered(request, 422, offer, Optional.of(WRONG));
            case Outcome.Ended(),Outcome.TooMany _ -> ended();
        };
    }
}
