package roster.door.web;

import java.util.List;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.identity.Logouts;
import roster.core.identity.ProviderSignOut;
import roster.core.signin.Flows;

/// Signing out at providers: `/sign-in/logout/{provider_id}`, which providers call, and `/sign-in/signed-out`, which leads users
/// to theirs.
public final class LogoutPages {
    static final String SIGNED_OUT = "/sign-in/signed-out";
    private static final int LOGOUT_BYTES_MAX = 96 << 10;

    /// @param provider its name; empty if the user need not sign out there
    /// @param leads whether they can be led there
    public record SignedOutForm(String provider, boolean leads, String csrf, String action, String again) {}

    private final Logouts logouts;
    private final ProviderSignOut signOut;
    private final Visits visits;

    LogoutPages(Logouts logouts, ProviderSignOut signOut, Visits visits) {
        this.logouts = logouts;
        this.signOut = signOut;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        ErrorPages errors = new SignInErrors(visits.site(), SIGNED_OUT);
        routes.page("POST", "/sign-in/logout/{provider_id}", LOGOUT_BYTES_MAX, this::receive, errors);
        routes.page("GET", SIGNED_OUT, Form.BYTES_MAX, this::signedOut, errors);
        routes.page("POST", SIGNED_OUT, Form.BYTES_MAX, this::signOutThere, errors);
    }

    /// Called by providers, whose token is all that counts.
    private Response receive(Request request) {
        var answer = switch (logouts.receive(request.pathText("provider_id"), Form.of(request).text("logout_token"),
            OpenIdPages.visitor(request))) {
            case DONE -> Response.empty(200);
            case REFUSED -> Response.empty(400);
            case TOO_MANY -> Response.empty(429).with("Retry-After", "900");
        };
        return visits.site().secured(answer.with("Cache-Control", "no-store"));
    }

    private Response signedOut(Request request) {
        visits.site().mustBeMeant(request);
        var flow = visits.flow(request);
        var there = flow.isNew() ? java.util.Optional.<ProviderSignOut.Offer>empty() : signOut.offered(flow.cookie());
        var form = new SignedOutForm(there.map(ProviderSignOut.Offer::provider).orElse(""),
            there.flatMap(ProviderSignOut.Offer::origin).isPresent(), visits.csrf(flow),
            visits.site().path(SIGNED_OUT), visits.site().path(SignInPages.PATH));
        var page = HtmlPage.leadingTo(there.flatMap(ProviderSignOut.Offer::origin).stream().toList(), 200,
            "web/signin/signed-out.jte", form);
        return there.isEmpty() ? visits.site().secured(page) : visits.shown(page, flow);
    }

    private Response signOutThere(Request request) {
        visits.form(request);
        var cookie = visits.flow(request).cookie();
        return signOut.take(cookie, visits.site().address(request, SIGNED_OUT))
            .map(url -> visits.site().secured(HtmlPage.elsewhere(url.toString()))
                .with(List.of(visits.site().clearing(Flows.COOKIE))))
            .orElseGet(() -> visits.goingOn(SIGNED_OUT));
    }
}
