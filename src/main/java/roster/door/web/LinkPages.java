package roster.door.web;

import java.util.Optional;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.Minute;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.identity.LinkSignIn;
import roster.core.identity.LinkSignIn.Result;
import roster.core.identity.LinkSignIn.Shown;
import roster.core.session.Devices;

/// `/sign-in/link`: a provider says that an account is the user's, who shows once that it is, by its password or an e-mail.
/// `/sign-in/confirm/{token}` is the page of that e-mail, in the same browser.
public final class LinkPages {
    static final String PATH = SignInPages.PATH + "/link";
    static final String LETTER = PATH + "/letter";
    private static final int MINUTE = 60;

    /// @param letter where an e-mail is asked for
    /// @param byPassword whether the password is enough
    public record LinkForm(String org, String provider, String email, String csrf, String action, String letter,
        boolean byPassword, Optional<String> fault) {}

    /// @param until as `2026-11-29 16:30 UTC`
    public record ConfirmForm(String org, String provider, String email, String until, String csrf) {}

    private final LinkSignIn links;
    private final OpenIdPages openId;
    private final Visits visits;

    LinkPages(LinkSignIn links, OpenIdPages openId, Visits visits) {
        this.links = links;
        this.openId = openId;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        ErrorPages errors = new SignInErrors(visits.site(), SignInPages.PATH);
        routes.page("GET", PATH, Form.BYTES_MAX, this::show, errors);
        routes.page("POST", PATH, Form.BYTES_MAX, this::byPassword, errors);
        routes.page("POST", LETTER, Form.BYTES_MAX, this::send, errors);
        routes.page("GET", LinkSignIn.path("{token}"), Form.BYTES_MAX, this::showConfirm, errors);
        routes.page("POST", LinkSignIn.path("{token}"), Form.BYTES_MAX, this::confirm, errors);
    }

    private Response show(Request request) {
        visits.site().mustBeMeant(request);
        var flow = visits.flow(request);
        return links.pending(flow.cookie()).map(shown -> form(200, shown, flow, Optional.empty()))
            .orElseGet(this::over);
    }

    private Response form(int status, Shown shown, Visits.Flow flow, Optional<String> fault) {
        return visits.shown(HtmlPage.open(status, "web/signin/link.jte", new LinkForm(shown.org().name(),
            shown.provider(), shown.user().email(), visits.csrf(flow), visits.site().path(PATH),
            visits.site().path(LETTER), !shown.byLetter(), fault)), flow);
    }

    private Response over() {
        return visits.goingOn(SignInPages.PATH);
    }

    private Response byPassword(Request request) {
        var form = visits.form(request);
        var flow = visits.flow(request);
        return switch (links.byPassword(flow.cookie(), form.text("password"),
            visits.site().cookie(request, Devices.COOKIE), visits.client(request), OpenIdPages.visitor(request))) {
            case Result.Asked asked -> answer(request, asked);
            case Result.Wrong() -> links.pending(flow.cookie()).map(shown -> form(422, shown, flow,
                Optional.of("That password is not right. Check it, or ask for an e-mail."))).orElseGet(this::over);
            case Result.TooMany(var seconds) -> visits.site().secured(new SignInNotice(429, "Too many attempts",
                "Too many attempts. Try again in %d min, or ask for an e-mail."
                    .formatted(Math.ceilDiv(seconds, MINUTE)),
                visits.site().path(PATH), "Back").answer().with("Retry-After", Long.toString(seconds)));
            case Result.Over() -> over();
        };
    }

    private Response answer(Request request, Result.Asked asked) {
        return openId.answer(request, asked.admission(), asked.org(), asked.proof(), asked.then());
    }

    private Response send(Request request) {
        visits.form(request);
        return links.send(visits.flow(request).cookie(), OpenIdPages.visitor(request))
            ? visits.site().secured(new SignInNotice(200, "Check your e-mail",
                "We sent you an e-mail. Open its link in this browser; it works for 15 minutes.",
                visits.site().path(PATH), "Ask again").answer())
            : over();
    }

    private Response showConfirm(Request request) {
        visits.site().mustBeMeant(request);
        var flow = visits.flow(request);
        return links.look(request.pathText("token"), flow.cookie()).map(good -> visits.shown(HtmlPage.answer(200,
            "web/signin/confirm.jte", new ConfirmForm(good.shown().org().name(), good.shown().provider(),
                good.shown().user().email(), Minute.of(good.until()), visits.csrf(flow))),
            flow)).orElseGet(this::closed);
    }

    private Response confirm(Request request) {
        visits.form(request);
        return links.byLetter(request.pathText("token"), visits.flow(request).cookie(), visits.client(request),
            OpenIdPages.visitor(request)) instanceof Result.Asked asked ? answer(request, asked)
                : closed();
    }

    /// Also in another browser than the one that is signing in.
    private Response closed() {
        return visits.site().secured(new SignInNotice(410, "This link no longer works",
            "This link was used or has expired. Ask for a new one. It works only in the browser that is signing in.",
            visits.site().path(SignInPages.PATH), "Start again").answer());
    }
}
