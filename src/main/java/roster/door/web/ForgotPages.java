package roster.door.web;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.secret.Purpose;
import roster.core.org.Orgs;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.signin.SignInFeature;
import roster.model.Email;
import roster.model.Org;

/// `/sign-in/forgot` and `/sign-in/find`: ask for an e-mail with a link that sets a password, or with the addresses at which
/// a person can sign in. The answer is the same for every address.
public final class ForgotPages {
    static final String FORGOT = SignInPages.PATH + "/forgot";
    static final String FIND = SignInPages.PATH + "/find";

    private static final String FAULT = "Enter your e-mail address, like ada@example.com.";
    private static final String SENT = "?sent=";
    private static final String ORG = "org";

    /// @param text what the form is for
    /// @param org public id of the one organisation it is about; empty: all
    public record AskForm(String title, String text, String action, String csrf, String org, String address,
        Optional<String> fault, String back) {}

    private final Database db;
    private final Orgs orgs;
    private final SignInFeature signIn;
    private final Visits visits;

    /// An address is shown again by an address of ours that only we can read.
    private final Purpose sealing;

    private final Asking forgot;
    private final Asking find;

    /// One of the two pages.
    private record Asking(String path, String title, String text) {
        private boolean sendsReset() {
            return path.equals(FORGOT);
        }
    }

    ForgotPages(Database db, Orgs orgs, SignInFeature signIn, Visits visits, Purpose sealing) {
        this.db = db;
        this.orgs = orgs;
        this.signIn = signIn;
        this.visits = visits;
        this.sealing = sealing;
        forgot = new Asking(FORGOT, "Forgot your password?",
            "We send you an e-mail with a link. It lets you choose a new password.");
        find = new Asking(FIND, "Find your organisation",
            "We send you an e-mail with the pages on which you can sign in.");
    }

    void addTo(Routes routes) {
        ErrorPages errors = new SignInErrors(visits.site(), SignInPages.PATH);
        routes.page("GET", FORGOT, Form.BYTES_MAX, request -> show(request, forgot), errors);
        routes.page("POST", FORGOT, Form.BYTES_MAX, request -> ask(request, forgot), errors);
        routes.page("GET", FIND, Form.BYTES_MAX, request -> show(request, find), errors);
        routes.page("POST", FIND, Form.BYTES_MAX, request -> ask(request, find), errors);
    }

    private Response show(Request request, Asking page) {
        visits.site().mustBeMeant(request);
        return request.query().first("sent").flatMap(sealing::open)
            .map(address -> sent(page, new String(address, StandardCharsets.UTF_8)))
            .orElseGet(() -> form(request, 200, page, request.query().first(ORG).orElse(""), "", Optional.empty()));
    }

    private Response sent(Asking page, String address) {
        return visits.site().secured(new SignInNotice(200, "Check your e-mail",
            "If an account here uses %s, we sent it an e-mail.".formatted(address), visits.site().path(page.path()),
            "Ask again").answer());
    }

    private Response form(Request request, int status, Asking page, String org, String address,
        Optional<String> fault) {
        var flow = visits.flow(request);
        return visits.shown(HtmlPage.open(status, "web/signin/ask.jte", new AskForm(page.title(), page.text(),
            visits.site().path(page.path()), visits.csrf(flow), org(org).map(Org::publicId).orElse(""), address, fault,
            visits.site().path(SignInPages.PATH))), flow);
    }

    private Optional<Org> org(String publicId) {
        return publicId.isEmpty() ? Optional.empty() : db.read(tx -> orgs.withPublicId(tx, publicId));
    }

    private Response ask(Request request, Asking page) {
        var form = visits.form(request);
        var typed = form.text("address").strip();
        if (Email.folded(typed).isEmpty()) {
            return form(request, 422, page, form.text(ORG), typed, Optional.of(FAULT));
        }
        var visitor = new Visitor(request.id(), request.address());
        if (page.sendsReset()) {
            signIn.resets.ask(typed, org(form.text(ORG)).map(Org::id), visitor);
        } else {
            signIn.addresses.ask(typed, visitor);
        }
        return visits.goingOn(page.path() + SENT + sealing.seal(typed.getBytes(StandardCharsets.UTF_8)));
    }
}
