package roster.door.web;

import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.factor.Ceremonies;
import roster.core.factor.Ceremonies.RelyingParty;
import roster.core.factor.Passkey.Signed;
import roster.core.session.Proof;
import roster.core.signin.Flows.Half;
import roster.core.signin.PasskeySignIn;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.model.User;

/// `/sign-in/passkey`: signing in by a passkey, without an address; and what all pages have in common that ask for one.
public final class PasskeyPages {
    private static final String PATH = "/sign-in/passkey";
    private static final String ANSWER = "answer";
    private static final String CHALLENGE = "challenge";

    private final Database db;
    private final Ceremonies ceremonies;
    private final PasskeySignIn signIn;
    private final Arrivals arrivals;
    private final Visits visits;

    PasskeyPages(Database db, Ceremonies ceremonies, PasskeySignIn signIn, Arrivals arrivals,
        Visits visits) {
        this.db = db;
        this.ceremonies = ceremonies;
        this.signIn = signIn;
        this.arrivals = arrivals;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        ErrorPages errors = new SignInErrors(visits.site(), SignInPages.PATH);
        routes.page("POST", PATH, Form.BYTES_MAX, this::enter, errors);
    }

    /// Where passkeys are good; none on a bare address, where browsers offer none.
    Optional<RelyingParty> site(Request request) {
        return visits.site().passkeyHost(request).map(host -> new RelyingParty(host, visits.site().origin(request)));
    }

    private static String bound(Visits.Flow flow) {
        return "sign-in " + flow.cookie();
    }

    /// For a page on which nothing was typed yet.
    Optional<PasskeyForm> form(Request request, Visits.Flow flow, String then) {
        return site(request).map(site -> PasskeyForm.of(visits.site().path(PATH), visits.csrf(flow), then, true,
            ceremonies.show(site, Optional.empty(), bound(flow))));
    }

    /// For a page on which a user shows a passkey of theirs; none if they have none.
    ///
    /// @param action the path that the form is sent to
    /// @param bound what the page is bound to
    Optional<PasskeyForm> form(Request request, User user, String action, String csrf, String then, String bound) {
        return site(request).filter(_ -> hasAny(user)).map(site -> PasskeyForm.of(visits.site().path(action), csrf,
            then, false, ceremonies.show(site, Optional.of(user), bound)));
    }

    private boolean hasAny(User user) {
        return db.read(tx -> ceremonies.hasAny(tx, user));
    }

    /// The passkey of a user that such a form brings.
    Optional<Signed> signed(Request request, Form form, String bound) {
        return site(request).flatMap(
            site -> ceremonies.signed(site, form.text(CHALLENGE), bound, form.text(ANSWER), true));
    }

    /// The passkey that the form of a new one brings.
    Optional<Ceremonies.Made> made(Request request, Form form, String bound) {
        return site(request)
            .flatMap(site -> ceremonies.made(site, form.text(CHALLENGE), bound, form.text(ANSWER)));
    }

    private Response enter(Request request) {
        var form = visits.form(request);
        var then = visits.then(form.text("then"));
        return site(request).flatMap(site -> ceremonies.signed(site, form.text(CHALLENGE), bound(visits.flow(request)),
            form.text(ANSWER), false)).flatMap(signed -> entered(request, signed, then)).orElseGet(this::wrong);
    }

    private Optional<Response> entered(Request request, Signed signed, String then) {
        var admission =
            signIn.enter(signed, visits.client(request), new Visitor(request.id(), request.address()));
        return arrivals.answer(request, admission,
            new Half(signed.org(), new Proof.ByPasskey(signed), Arrivals.address(admission), then));
    }

    private Response wrong() {
        return visits.site().secured(new SignInNotice(422, "That passkey does not work",
            "It was not accepted, or took too long. Try again, or sign in without it.",
            visits.site().path(SignInPages.PATH), "Back to the sign-in page").answer());
    }
}
