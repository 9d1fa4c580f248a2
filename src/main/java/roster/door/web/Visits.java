package roster.door.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import roster.base.db.Database;
import roster.base.html.Browsers;
import roster.base.html.Csrf;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.SessionCookie;
import roster.base.html.Site;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.source.Randomness;
import roster.core.session.Devices;
import roster.core.session.Session.Client;
import roster.core.session.Sessions;
import roster.core.signin.Flows;
import roster.model.Org;
import roster.model.Problem.ForeignForm;
import roster.model.Refused;

/// What all pages for signing in have in common: the cookies of a browser, and the tokens of its forms.
final class Visits {
    private static final String ORG = "roster_org";
    private static final Duration ORG_REMEMBERED = Duration.ofDays(365);

    /// Where to go on if nothing else was asked for.
    static final String CONSOLE = "/console/";

    /// Where users see how they sign in.
    static final String HOME = "/me/security";

    private static final int THEN_MAX = 4096;
    private static final Pattern THEN = Pattern.compile("/(?!/)[A-Za-z0-9/_.~%?&=+-]*");
    private static final int FLOW_BYTES = 32;

    private Predicate<String> isPage = _ -> false;

    private final Database db;
    private final Sessions sessions;
    private final Browsers browsers;
    private final Randomness randomness;

    Visits(Database db, Sessions sessions, Browsers browsers, Randomness randomness) {
        this.db = db;
        this.sessions = sessions;
        this.browsers = browsers;
        this.randomness = randomness;
    }

    Site site() {
        return browsers.site();
    }

    /// The cookie that a form is bound to: that of the browser, or a new one.
    record Flow(String cookie, boolean isNew) {}

    Flow flow(Request request) {
        return site().cookie(request, Flows.COOKIE).filter(Flows::isCookie).map(cookie -> new Flow(cookie, false))
            .orElseGet(() -> new Flow(randomness.base64(FLOW_BYTES), true));
    }

    /// What a form of this browser holds.
    String csrf(Flow flow) {
        return browsers.csrf().token("flow " + flow.cookie());
    }

    /// The page, with the cookie that its form is bound to.
    Response shown(Response page, Flow flow) {
        var secured = site().secured(page);
        return flow.isNew()
            ? secured.with(List.of(site().setting(Flows.COOKIE, flow.cookie(), Optional.empty()))) : secured;
    }

    /// The form of a page that this browser was shown.
    ///
    /// @throws Refused with [ForeignForm]
    Form form(Request request) {
        site().mustBeMeant(request);
        var form = Form.of(request);
        if (!site().sent(request) || site().cookie(request, Flows.COOKIE)
            .filter(cookie -> browsers.csrf().holds(form.text(Csrf.FIELD), "flow " + cookie)).isEmpty()) {
            throw new Refused(new ForeignForm());
        }
        return form;
    }

    /// What a form of a page for the session holds.
    String ownCsrf(Request request) {
        return browsers.csrf().token(bound(request));
    }

    /// The form of a page that this session was shown.
    ///
    /// @throws Refused with [ForeignForm]
    Form ownForm(Request request) {
        var form = Form.of(request);
        if (!site().sent(request) || !browsers.csrf().holds(form.text(Csrf.FIELD), bound(request))) {
            throw new Refused(new ForeignForm());
        }
        return form;
    }

    private String bound(Request request) {
        return SessionCookie.bound(request.caller().session().orElseThrow(), tokens(request).getFirst());
    }

    List<String> tokens(Request request) {
        return SessionCookie.tokens(site(), request);
    }

    /// After how long without use the current session of this browser has ended, as `2 hours`.
    Optional<String> idle(Request request) {
        return tokens(request).stream().findFirst().flatMap(token -> db.read(tx -> sessions.idle(tx, token)))
            .map(time -> time.toMinutes() % 60 == 0 ? counted(time.toHours(), "hour")
                : counted(time.toMinutes(), "minute"));
    }

    private static String counted(long number, String what) {
        return number == 1 ? "1 " + what : "%d %ss".formatted(number, what);
    }

    Client client(Request request) {
        return new Client(request.header("User-Agent"), tokens(request), site().cookie(request, Devices.COOKIE));
    }

    /// The cookie of a browser that has signed in, or has another token now. Its sessions of other organisations stay.
    Response.Header signedIn(Request request, Org.Id org, String token) {
        var all = new ArrayList<String>();
        all.add(token);
        var others = tokens(request);
        if (!others.isEmpty()) {
            all.addAll(db.read(tx -> sessions.elsewhere(tx, org, others)));
        }
        return site().setting(SessionCookie.NAME,
            String.join(".", all.subList(0, Math.min(all.size(), SessionCookie.MAX))), Optional.empty());
    }

    /// Remembers to which organisation the browser signed in last.
    Response.Header remembering(Org org) {
        return site().setting(ORG, org.publicId(), Optional.of(ORG_REMEMBERED));
    }

    Optional<String> remembered(Request request) {
        return site().cookie(request, ORG);
    }

    /// Sends the browser on to a page of ours.
    Response goingOn(String path) {
        return site().secured(HtmlPage.elsewhere(site().path(path)));
    }

    /// Tells which paths are pages. Only before the first request.
    void lead(Predicate<String> pages) {
        isPage = pages;
    }

    /// Where to go on: what was asked for, if it is a page of ours.
    String then(String asked) {
        return then(asked, CONSOLE);
    }

    /// @param usual where to go on if nothing of ours was asked for
    String then(String asked, String usual) {
        return asked.length() <= THEN_MAX && THEN.matcher(asked).matches()
            && isPage.test(asked.substring(0, (asked + "?").indexOf('?'))) ? asked : usual;
    }
}
