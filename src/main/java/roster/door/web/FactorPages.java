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
import roster.core.factor.Enrolments;
import roster.core.factor.FactorFeature;
import roster.core.org.Orgs;
import roster.core.session.Session;
import roster.core.session.SignIn;
import roster.core.signin.Flows;
import roster.core.user.Users;
import roster.door.web.OwnPasskeyPages.ShownPasskey;
import roster.model.Org;
import roster.model.Problem.Unfit;
import roster.model.Refused;
import roster.model.SecondStep;
import roster.model.User;

/// `/me/security/second-step` and `/me/security/codes`: users set up and remove their authenticator app, and make recovery
/// codes. Where their organisation asks for a second step, and their session has none, they come here before all else.
public final class FactorPages {
    static final String ENROL = Visits.HOME + "/second-step";
    private static final String CODES = Visits.HOME + "/codes";

    /// What the page about security says of second factors.
    ///
    /// @param app whether there is an authenticator app
    /// @param codes recovery codes that are left
    public record FactorList(boolean app, List<ShownPasskey> passkeys, int codes, String csrf, String base) {
        public String path(String path) {
            return base + Visits.HOME + path;
        }
    }

    /// @param codes none if they were shown
    public record CodesPage(List<String> codes, String download, String action, String csrf, String then) {}

    private final Database db;
    private final Orgs orgs;
    private final Users users;
    private final FactorFeature factor;
    private final SignIn signIn;
    private final Flows flows;
    private final Visits visits;

    FactorPages(Database db, Orgs orgs, Users users, FactorFeature factor, SignIn signIn, Flows flows, Visits visits) {
        this.db = db;
        this.orgs = orgs;
        this.users = users;
        this.factor = factor;
        this.signIn = signIn;
        this.flows = flows;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        var errors = new SignInErrors(visits.site(), SignInPages.PATH + "?then=" + Visits.HOME);
        routes.ownPage("GET", ENROL, SessionMust.ENROL, Form.BYTES_MAX, this::offer, errors);
        routes.ownPage("POST", ENROL, SessionMust.ENROL, Form.BYTES_MAX, this::enrol, errors);
        routes.ownPage("POST", ENROL + "/remove", SessionMust.BE_FRESH, Form.BYTES_MAX, this::remove, errors);
        routes.ownPage("GET", CODES, Form.BYTES_MAX, this::show, errors);
        routes.ownPage("POST", CODES, SessionMust.BE_FRESH, Form.BYTES_MAX, this::make, errors);
        routes.ownPage("GET", CODES + "/download", Form.BYTES_MAX, this::download, errors);
        routes.ownPage("POST", CODES + "/saved", Form.BYTES_MAX, this::saved, errors);
    }

    /// The page of recovery codes that were just made.
    ///
    /// @param then where to go on
    static String codes(String then) {
        return CODES + "?then=" + URLEncoder.encode(then, StandardCharsets.UTF_8);
    }

    FactorList list(Request request, User user) {
        var standing = db.read(tx -> factor.factors.of(tx, user));
        return new FactorList(standing.app(), OwnPasskeyPages.shown(standing.passkeys()), standing.codes(),
            visits.ownCsrf(request), visits.site().path(""));
    }

    private record Seen(Org org, User user) {}

    private Seen seen(Request request) {
        var caller = request.caller();
        return db.read(tx -> new Seen(orgs.find(tx, caller.org()).orElseThrow(),
            users.find(tx, caller.org(), caller.user().orElseThrow()).orElseThrow()));
    }

    private Response offer(Request request) {
        return offered(request, 200, Optional.empty(), Optional.empty());
    }

    private Response offered(Request request, int status, Optional<Enrolments.Offer> before, Optional<String> fault) {
        var seen = seen(request);
        if (db.read(tx -> factor.factors.of(tx, seen.user())).app()) {
            return visits.goingOn(Visits.HOME);
        }
        return visits.site().secured(HtmlPage.open(status, "web/signin/enrol.jte",
            SecondStepPages.form(seen.org(), seen.user(), request.caller().step() == SecondStep.ENROL,
                visits.site(), ENROL, visits.ownCsrf(request),
                before.orElseGet(() -> factor.enrolments.offer(bound(request))), fault)));
    }

    private static String bound(Request request) {
        return "session " + request.caller().session().orElseThrow();
    }

    private Response enrol(Request request) {
        var form = visits.ownForm(request);
        var offer = factor.enrolments.opened(form.text("secret"), bound(request));
        if (offer.isEmpty()) {
            return visits.goingOn(ENROL);
        }
        var added = db.<Optional<Added>>write(request.caller(), tx -> {
            var user = users.find(tx, tx.org(), tx.caller().user().orElseThrow()).orElseThrow();
            if (!factor.factors.add(tx, user, offer.get(), form.text("code"))) {
                return Optional.empty();
            }
            return Optional.of(new Added(signIn.renew(tx, Optional.of("totp"), visits.client(request)),
                factor.codes.first(tx, user)));
        });
        return added.map(one -> added(request, one))
            .orElseGet(() -> offered(request, 422, offer, Optional.of(SecondStepPages.WRONG)));
    }

    /// A factor that was added in a session, which has another token now.
    ///
    /// @param codes recovery codes that were made with it
    record Added(Session.Begun session, List<String> codes) {
        @Override
        public String toString() {
            return "Added";
        }
    }

    Response added(Request request, Added added) {
        if (!added.codes().isEmpty()) {
            flows.keepCodes(added.session().id().value(), added.codes());
        }
        return visits.goingOn(added.codes().isEmpty() ? Visits.HOME : CODES)
            .with(List.of(visits.signedIn(request, request.caller().org(), added.session().token())));
    }

    private Response remove(Request request) {
        visits.ownForm(request);
        return removing(() -> db.write(request.caller(), tx -> {
            factor.factors.removeApp(tx, users.find(tx, tx.org(), tx.caller().user().orElseThrow()).orElseThrow());
            return null;
        }));
    }

    /// Removes a factor, and says why if it must stay.
    Response removing(Runnable removal) {
        try {
            removal.run();
        } catch (Refused e) {
            if (e.problem() instanceof Unfit(var texts)) {
                return visits.site().secured(
                    new SignInNotice(422, "Not removed", texts.getFirst(), visits.site().path(Visits.HOME), "Back")
                        .answer());
            }
            throw e;
        }
        return visits.goingOn(Visits.HOME);
    }

    private Response make(Request request) {
        visits.ownForm(request);
        var made = db.write(request.caller(), tx -> {
            var user = users.find(tx, tx.org(), tx.caller().user().orElseThrow()).orElseThrow();
            return user.secondFactor() ? factor.codes.make(tx, user) : List.<String>of();
        });
        if (made.isEmpty()) {
            return visits.goingOn(Visits.HOME);
        }
        flows.keepCodes(request.caller().session().orElseThrow(), made);
        return visits.goingOn(CODES);
    }

    private Response show(Request request) {
        var codes = flows.codes(request.caller().session().orElseThrow());
        if (codes.isEmpty()) {
            return visits.goingOn(Visits.HOME);
        }
        return visits.site().secured(HtmlPage.open(200, "web/me/codes.jte", new CodesPage(codes.get(),
            visits.site().path(CODES + "/download"), visits.site().path(CODES + "/saved"), visits.ownCsrf(request),
            visits.then(request.query().first("then").orElse(""), Visits.HOME))));
    }

    private Response download(Request request) {
        var codes = flows.codes(request.caller().session().orElseThrow());
        if (codes.isEmpty()) {
            return visits.goingOn(Visits.HOME);
        }
        return visits.site().secured(HtmlPage.attachment("recovery-codes.txt", String.join("\n", codes.get()) + "\n"));
    }

    private Response saved(Request request) {
        var form = visits.ownForm(request);
        flows.endCodes(request.caller().session().orElseThrow());
        return visits.goingOn(visits.then(form.text("then"), Visits.HOME));
    }
}
