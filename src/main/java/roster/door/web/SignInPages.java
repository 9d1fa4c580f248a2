package roster.door.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.Site;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.access.AllowedMethods;
import roster.core.org.Orgs;
import roster.core.session.Proof;
import roster.core.session.Devices;
import roster.core.signin.Flows.Choice;
import roster.core.signin.Flows.Choosing;
import roster.core.signin.Flows.Half;
import roster.core.signin.PasswordSignIn.Attempt;
import roster.core.signin.PasswordSignIn.Outcome;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.signin.SignInAddresses;
import roster.core.signin.SignInFeature;
import roster.model.Id;
import roster.model.LoginMethod;
import roster.model.Org;
import roster.model.Problem.NotFound;
import roster.model.Refused;

/// `/sign-in`: by address and password, to all organisations or on the page of one.
public final class SignInPages {
    static final String PATH = "/sign-in";
    static final String CHOOSE = PATH + "/choose";

    private static final String WRONG =
        "That e-mail and password do not match. Check both, or reset your password.";

    /// Value of `told` after a password was reset.
    static final String TOLD_RESET = "reset";
    private static final int MINUTE = 60;

    /// The form, as it is first shown or shown again. The password is never shown again.
    ///
    /// @param org its name, on its own page
    /// @param told what has just happened
    /// @param others where to sign in to another one
    /// @param password whether anyone may sign in by one here
    /// @param forgot,find where to ask for an e-mail
    public record SignInForm(Optional<String> org, String action, String csrf, String then, String address,
        Optional<String> fault, Optional<String> told, Optional<String> others, boolean password, String forgot,
        String find,
        List<OpenIdPages.Button> providers, Optional<PasskeyForm> passkey) {}

    /// @param id of the organisation
    public record Choosable(String id, String name) {}

    public record ChooseForm(String action, String csrf, List<Choosable> choices) {}

    private final Database db;
    private final Orgs orgs;
    private final SignInFeature signIn;
    private final Arrivals arrivals;
    private final OpenIdPages openId;
    private final PasskeyPages passkeys;
    private final Visits visits;
    private final ErrorPages errors;

    SignInPages(Database db, Orgs orgs, SignInFeature signIn, OpenIdPages openId, Arrivals arrivals,
        PasskeyPages passkeys,
        Visits visits) {
        this.db = db;
        this.orgs = orgs;
        this.signIn = signIn;
        this.openId = openId;
        this.arrivals = arrivals;
        this.passkeys = passkeys;
        this.visits = visits;
        this.errors = new SignInErrors(visits.site(), PATH);
    }

    void addTo(Routes routes) {
        routes.page("GET", PATH, Form.BYTES_MAX, this::show, errors);
        routes.page("POST", PATH, Form.BYTES_MAX, request -> attempt(request, db.read(orgs::onlyEnabled)), errors);
        routes.page("GET", PATH + "/o/{public_id}", Form.BYTES_MAX,
            request -> form(request, 200, Optional.of(named(request)), first(request)), errors);
        routes.page("POST", PATH + "/o/{public_id}", Form.BYTES_MAX,
            request -> attempt(request, Optional.of(named(request))), errors);
        routes.page("GET", CHOOSE, Form.BYTES_MAX, this::showChoices, errors);
        routes.page("POST", CHOOSE, Form.BYTES_MAX, this::choose, errors);
    }

    /// What was typed, and where to go on.
    private record Asked(String address, String then, Optional<String> fault) {}

    private Asked first(Request request) {
        return new Asked("", visits.then(request.query().first("then").orElse("")), Optional.empty());
    }

    private Org named(Request request) {
        visits.site().mustBeMeant(request);
        return db.read(tx -> orgs.withPublicId(tx, request.pathText("public_id"))).filter(org -> !org.disabled())
            .orElseThrow(() -> new Refused(new NotFound("organization not found")));
    }

    private Response show(Request request) {
        visits.site().mustBeMeant(request);
        var only = db.read(orgs::onlyEnabled);
        if (only.isEmpty() && request.query().first("all").isEmpty()) {
            var last = visits.remembered(request).flatMap(id -> db.read(tx -> orgs.withPublicId(tx, id)))
                .filter(org -> !org.disabled());
            if (last.isPresent()) {
                return visits.goingOn(SignInAddresses.path(last.get()) + "?then="
                    + URLEncoder.encode(first(request).then(), StandardCharsets.UTF_8));
            }
        }
        return form(request, 200, only, first(request));
    }

    private Response form(Request request, int status, Optional<Org> org, Asked asked) {
        if (!visits.site().canSignIn()) {
            return new SignInNotice(403, "Sign-in needs https",
                "Anyone on the network could read a password that is sent over http. Ask the operator to serve Roster "
                    + "over https, and to set ROSTER_PUBLIC_URL to its address.",
                visits.site().path(PATH), "Try again").answer();
        }
        var flow = visits.flow(request);
        var only = db.read(orgs::onlyEnabled).isPresent();
        var buttons = org.map(openId::buttons).orElse(OpenIdPages.Buttons.NONE);
        var password = org.filter(one -> !passwordsWork(one)).isEmpty();
        if (!password && buttons.all().isEmpty()) {
            return noWay(org.orElseThrow());
        }
        return visits.shown(HtmlPage.scripted(buttons.origins(), status, "web/signin/form.jte",
            new SignInForm(org.map(Org::name),
                visits.site().path(only ? PATH : org.map(SignInAddresses::path).orElse(PATH)), visits.csrf(flow),
                asked.then(),
                asked.address(), asked.fault(),
                told(request), org.filter(_ -> !only).map(_ -> visits.site().path(PATH + "?all=true")), password,
                visits.site().path(ForgotPages.FORGOT + org.map(one -> "?org=" + one.publicId()).orElse("")),
                visits.site().path(ForgotPages.FIND), buttons.all(),
                password ? passkeys.form(request, flow, asked.then()) : Optional.empty())),
            flow);
    }

    private boolean passwordsWork(Org org) {
        return db.read(tx -> AllowedMethods.allowsAnyone(tx, org.id(), LoginMethod.STANDARD));
    }

    /// Only ways are left that do not work: SAML, or Google without a client.
    private Response noWay(Org org) {
        return visits.site().secured(new SignInNotice(403, "No working way to sign in",
            "There is no working way to sign in to %s. The operator of this server can let you in: "
                .formatted(org.name())
                + "roster user sign-in-link.",
            visits.site().path(PATH + "?all=true"), "Sign in to another organisation").answer());
    }

    private Optional<String> told(Request request) {
        return request.query().first("told").filter(TOLD_RESET::equals)
            .map(_ -> "Your password was changed. Sign in with it.")
            .or(() -> visits.idle(request).map("You were signed out after %s without activity."::formatted));
    }

    private Response attempt(Request request, Optional<Org> org) {
        var form = visits.form(request);
        if (!visits.site().canSignIn()) {
            return form(request, 403, org, first(request));
        }
        var then = visits.then(form.text("then"));
        var attempt = new Attempt(form.text("address"), form.text("password"), org.map(Org::id), request.address(),
            visits.site().cookie(request, Devices.COOKIE));
        return switch (signIn.passwords.look(attempt, request.id())) {
            case Outcome.TooMany(var seconds) -> tooMany(seconds);
            case Outcome.Wrong() -> wrong(request, org, attempt.address(), then);
            case Outcome.Right(var matched) when matched.size() > 1 -> {
                var flow = visits.flow(request);
                signIn.flows.keep(flow.cookie(), new Choosing(matched.stream().map(one -> new Choice(one.org(),
                    new Proof.Password(one.user(), one.version()))).toList(), attempt.folded(), then));
                yield visits.goingOn(CHOOSE);
            }
            case Outcome.Right(var matched) -> {
                var one = matched.getFirst();
                var admission = signIn.passwords.enter(one.org(), new Proof.Password(one.user(), one.version()),
                    visits.client(request), new Visitor(request.id(), request.address()),
                    signIn.passwords.remade(attempt, one));
                yield arrivals.answer(request, admission, new Half(one.org(),
                    new Proof.Password(one.user(), one.version()), attempt.folded(), then))
                    .orElseGet(() -> wrong(request, org, attempt.address(), then));
            }
        };
    }

    private Response wrong(Request request, Optional<Org> org, String address, String then) {
        return form(request, 422, org, new Asked(address, then, Optional.of(WRONG)));
    }

    private Response tooMany(long seconds) {
        var minutes = Math.ceilDiv(seconds, MINUTE);
        return visits.site().secured(new SignInNotice(429, "Too many attempts",
            "Too many attempts. Try again in %d %s, or reset your password.".formatted(minutes,
                minutes == 1 ? "minute" : "minutes"),
            visits.site().path(ForgotPages.FORGOT), "Reset your password").answer()
            .with("Retry-After", Long.toString(seconds)));
    }

    static Response networkNotAllowed(Site site) {
        return site.secured(new SignInNotice(403, "Network not allowed",
            "This organisation can only be used from certain networks, and this is none of them. Ask its administrators.",
            site.path(PATH + "?all=true"), "Sign in to another organisation").answer());
    }

    private Response showChoices(Request request) {
        visits.site().mustBeMeant(request);
        var flow = visits.flow(request);
        var choosing = signIn.flows.find(flow.cookie());
        if (choosing.isEmpty()) {
            return visits.goingOn(PATH);
        }
        var choices = db.read(tx -> choosing.get().choices().stream().flatMap(one -> orgs.find(tx, one.org()).stream())
            .map(org -> new Choosable(org.id().toString(), org.name())).toList());
        return visits.shown(HtmlPage.open(200, "web/signin/choose.jte",
            new ChooseForm(visits.site().path(CHOOSE), visits.csrf(flow), choices)), flow);
    }

    private Response choose(Request request) {
        var form = visits.form(request);
        var flow = visits.flow(request);
        var choosing = signIn.flows.take(flow.cookie());
        var chosen = choosing.flatMap(all -> Id.parse(form.text("org")).flatMap(id -> all.choices().stream()
            .filter(one -> one.org().value().equals(id)).findFirst()));
        if (chosen.isEmpty()) {
            return visits.goingOn(PATH);
        }
        var admission = signIn.passwords.enter(chosen.get().org(), chosen.get().proof(), visits.client(request),
            new Visitor(request.id(), request.address()), Optional.empty());
        return arrivals.answer(request, admission, new Half(chosen.get().org(), chosen.get().proof(),
            choosing.get().address(), choosing.get().then()))
            .orElseGet(() -> wrong(request, Optional.empty(), "", choosing.get().then()));
    }
}
