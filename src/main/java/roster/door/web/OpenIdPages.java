package roster.door.web;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.access.AllowedMethods;
import roster.core.identity.Errand;
import roster.core.identity.IdentityFeature;
import roster.core.identity.OpenIdSignIn.Arrival;
import roster.core.identity.OpenIdSignIn.Begun;
import roster.core.identity.OpenIdSignIn.Coming;
import roster.core.identity.OpenIdSignIn.Wish;
import roster.core.identity.Provider;
import roster.core.org.Orgs;
import roster.core.session.Proof;
import roster.core.session.SignIn.Admission;
import roster.core.session.SignIn.Why;
import roster.core.signin.Flows.Half;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Refused;
import roster.model.User;

/// `/sign-in/with/{provider_id}` and `/sign-in/callback/{provider_key}`: to a provider and back. Only the return changes
/// anything by `GET`, once, in the browser that was sent.
public final class OpenIdPages {
    static final String WITH = SignInPages.PATH + "/with/";
    static final String CALLBACK = SignInPages.PATH + "/callback/";
    private static final int MINUTE = 60;

    /// A button that leads to a provider.
    ///
    /// @param org the public id of the organisation
    public record Button(String name, String action, String org) {}

    /// @param origins where browsers are sent by the buttons
    record Buttons(List<Button> all, List<String> origins) {
        static final Buttons NONE = new Buttons(List.of(), List.of());
    }

    public record WithForm(String org, String csrf, String then, Button button) {}

    private final Database db;
    private final Orgs orgs;
    private final IdentityFeature identity;
    private final BrowserSessions sessions;
    private final Arrivals arrivals;
    private final Visits visits;

    OpenIdPages(Database db, Orgs orgs, IdentityFeature identity, BrowserSessions sessions, Arrivals arrivals,
        Visits visits) {
        this.sessions = sessions;
        this.db = db;
        this.orgs = orgs;
        this.identity = identity;
        this.arrivals = arrivals;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        ErrorPages errors = new SignInErrors(visits.site(), SignInPages.PATH);
        routes.page("GET", WITH + "{provider_id}", Form.BYTES_MAX, this::show, errors);
        routes.page("POST", WITH + "{provider_id}", Form.BYTES_MAX, this::begin, errors);
        routes.outwardPage(CALLBACK + "{provider_key}", Form.BYTES_MAX, this::arrive, errors);
    }

    /// The buttons of an organisation's page.
    Buttons buttons(Org org) {
        var offered = db.read(tx -> identity.usable.offered(tx, org.id()));
        return new Buttons(offered.stream().map(one -> button(one, org)).toList(), identity.signIn.origins(offered));
    }

    private Button button(Provider provider, Org org) {
        return new Button(provider.terms().name(), visits.site().path(WITH + provider.id()), org.publicId());
    }

    /// The providers by which an invited user may sign in.
    List<Provider> of(User user) {
        return db.read(tx -> identity.usable.offered(tx, user.org()).stream()
            .filter(one -> AllowedMethods.allows(tx, user, one.method())).toList());
    }

    List<String> origins(List<Provider> all) {
        return identity.signIn.origins(all);
    }

    private Provider named(Request request, Optional<String> org) {
        return db.read(tx -> identity.usable.named(tx, request.pathText("provider_id"), org))
            .orElseThrow(() -> new Refused(new NotFound("provider not found")));
    }

    /// The page that logins begun at the provider lead to, too: no session without an act of the user.
    private Response show(Request request) {
        visits.site().mustBeMeant(request);
        var provider = named(request, request.query().first("org"));
        var org = db.read(tx -> orgs.find(tx, provider.org())).orElseThrow();
        var flow = visits.flow(request);
        return visits.shown(HtmlPage.leadingTo(identity.signIn.origins(List.of(provider)), 200, "web/signin/with.jte",
            new WithForm(org.name(), visits.csrf(flow), visits.then(request.query().first("then").orElse("")),
                button(provider, org))),
            flow);
    }

    private Response begin(Request request) {
        var form = visits.form(request);
        if (!visits.site().canSignIn()) {
            return faulty(request);
        }
        var provider = named(request, Optional.of(form.text("org")).filter(text -> !text.isEmpty()));
        return to(request, provider, new Wish(visits.flow(request).cookie(), callback(request),
            visits.then(form.text("then")), new Errand.SignIn()));
    }

    private java.util.function.Function<String, URI> callback(Request request) {
        return key -> URI.create(visits.site().address(request, CALLBACK + key));
    }

    /// Sends the browser to a provider to accept an invitation.
    Response accept(Request request, Provider provider, String token) {
        return sent(request, provider, Visits.HOME, new Errand.Accept(token));
    }

    /// Sends the browser to a provider for something else than signing in.
    ///
    /// @param then where to go on
    Response sent(Request request, Provider provider, String then, Errand errand) {
        visits.site().mustBeMeant(request);
        if (!visits.site().canSignIn()) {
            return faulty(request);
        }
        var flow = visits.flow(request);
        var answer = to(request, provider, new Wish(flow.cookie(), callback(request), then, errand));
        return flow.isNew() ? visits.shown(answer, flow) : answer;
    }

    private Response to(Request request, Provider provider, Wish wish) {
        return switch (identity.signIn.begin(provider, wish, visitor(request))) {
            case Begun.To(var url) -> visits.site().secured(HtmlPage.elsewhere(url.toString()));
            case Begun.TooMany() -> visits.site().secured(new SignInNotice(429, "Too many attempts",
                "Too many sign-ins were begun from your network. Try again in 15 minutes.",
                visits.site().path(SignInPages.PATH), "Back to the sign-in page").answer()
                .with("Retry-After", Integer.toString(15 * MINUTE)));
            case Begun.Faulty() -> faulty(request);
        };
    }

    static Visitor visitor(Request request) {
        return new Visitor(request.id(), request.address());
    }

    private Response arrive(Request request) {
        visits.site().mustBeMeant(request);
        var flow = visits.flow(request);
        if (flow.isNew() || !request.method().equals("GET")) {
            return faulty(request);
        }
        Map<String, List<String>> sent = new HashMap<>();
        request.query().names().forEach(name -> sent.put(name, request.query().all(name)));
        return switch (identity.signIn.arrive(request.pathText("provider_key"), sent, new Coming(flow.cookie(),
            visits.client(request), visitor(request), () -> sessions.current(request)))) {
            case Arrival.Asked(var org, var proof, var admission, var then) ->
                answer(request, admission, org, proof, then);
            case Arrival.ToBeShown _ -> visits.goingOn(LinkPages.PATH);
            case Arrival.NotConfirmed(var _, var provider) -> refused("Address not confirmed",
                "%s does not confirm that your e-mail address is yours. Ask the administrators of your organisation."
                    .formatted(provider));
            case Arrival.NoAccess(var org) ->
                refused("No access", "You do not have access to %s. Ask its administrators.".formatted(named(org)));
            case Arrival.Confirmed(var org, var session, var then) ->
                visits.goingOn(then).with(List.of(visits.signedIn(request, org, session.token())));
            case Arrival.NotTheirs(var provider) -> back("Another account", AgainPages.PATH,
                "%s says that you are someone else than the user who is signed in here.".formatted(provider));
            case Arrival.NotAsked(var provider) -> back("Not confirmed", AgainPages.PATH,
                ("%s does not say that it asked you just now who you are. Confirm it in another way. If you have none, sign "
                    + "out and in again, and add an authenticator app within 5 minutes.").formatted(provider));
            case Arrival.Linked(var then) -> visits.goingOn(then);
            case Arrival.NotLinked(var org, var why) when why == Why.IDENTITY_TAKEN -> back("Not linked", Visits.HOME,
                "This account is linked with another user of %s, or you have another one at this provider already."
                    .formatted(named(org)));
            case Arrival.NotLinked(var org, var why) -> out(why, org);
            case Arrival.Faulty() -> faulty(request);
        };
    }

    private String named(Org.Id org) {
        return db.read(tx -> orgs.find(tx, org)).map(Org::name).orElse("this organisation");
    }

    private Response back(String title, String path, String text) {
        return visits.site().secured(new SignInNotice(403, title, text, visits.site().path(path), "Back").answer());
    }

    /// The answer of the door.
    Response answer(Request request, Admission admission, Org.Id org, Proof proof, String then) {
        return arrivals.answer(request, admission, new Half(org, proof, Arrivals.address(admission), then))
            .orElseGet(() -> admission instanceof Admission.Out(var why) ? out(why, org) : faulty(request));
    }

    private Response out(Why why, Org.Id id) {
        var org = named(id);
        return switch (why) {
            case METHOD_NOT_ALLOWED, PROVIDER_DISABLED -> refused("Not allowed",
                "You cannot sign in to %s in this way. Choose another one, or ask its administrators.".formatted(org));
            case IDENTITY_TAKEN -> refused("Another account",
                "Your account at %s is linked with another account of this provider. An administrator can unlink it."
                    .formatted(org));
            case NO_MAPPED_ROLE -> refused("No access", "You do not have access to %s. Ask its administrators."
                .formatted(org));
            default -> refused("Access ended", "Your access to %s has ended. Ask its administrators.".formatted(org));
        };
    }

    private Response refused(String title, String text) {
        return visits.site().secured(
            new SignInNotice(403, title, text, visits.site().path(SignInPages.PATH), "Back to the sign-in page")
                .answer());
    }

    /// Says nothing of what was wrong: that is in the log and the trail.
    private Response faulty(Request request) {
        return visits.site().secured(new SignInNotice(400, "Sign-in did not work",
            "Sign-in did not work. Start again. If it happens again, tell an administrator this number: "
                + request.id(),
            visits.site().path(SignInPages.PATH), "Start again").answer());
    }
}
