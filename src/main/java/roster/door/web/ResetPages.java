package roster.door.web;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.db.Database;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.Minute;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.core.session.Devices;
import roster.core.session.Passwords;
import roster.core.session.Passwords.Chosen;
import roster.core.signin.PasswordResets;
import roster.core.signin.PasswordResets.Resettable;
import roster.core.signin.PasswordSignIn.Visitor;
import roster.core.signin.SignInAddresses;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.User;

/// `/sign-in/reset/{token}`: the page of a link that sets a password. Fetching it changes nothing; its button uses the link up,
/// and signs no user in.
public final class ResetPages {
    /// @param until as `2026-11-29 16:30 UTC`
    public record ResetForm(String org, String email, String until, String csrf, Optional<String> fault) {}

    private final Database db;
    private final PasswordResets resets;
    private final Passwords passwords;
    private final Devices devices;
    private final Visits visits;

    /// Users whose new password is being judged on this node. One at a time, as it takes long.
    private final Set<User.Id> choosing = ConcurrentHashMap.newKeySet();

    ResetPages(Database db, PasswordResets resets, Passwords passwords, Devices devices, Visits visits) {
        this.db = db;
        this.resets = resets;
        this.passwords = passwords;
        this.devices = devices;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        ErrorPages errors = new SignInErrors(visits.site(), ForgotPages.FORGOT);
        routes.page("GET", PasswordResets.path("{token}"), Form.BYTES_MAX, this::show, errors);
        routes.page("POST", PasswordResets.path("{token}"), Form.BYTES_MAX, this::reset, errors);
    }

    private Optional<Resettable> look(String token) {
        return db.read(tx -> resets.look(tx, token));
    }

    private Response show(Request request) {
        visits.site().mustBeMeant(request);
        return look(request.pathText("token")).map(good -> form(request, 200, good, Optional.empty()))
            .orElseGet(this::closed);
    }

    private Response form(Request request, int status, Resettable good, Optional<String> fault) {
        var flow = visits.flow(request);
        return visits.shown(HtmlPage.answer(status, "web/signin/reset.jte", new ResetForm(good.org().name(),
            good.user().email(), Minute.of(good.expiresAt()), visits.csrf(flow), fault)), flow);
    }

    private Response closed() {
        return OncePages.closed(visits.site(), ForgotPages.FORGOT, "Ask for a new link");
    }

    private Response reset(Request request) {
        var form = visits.form(request);
        var good = look(request.pathText("token"));
        if (good.isEmpty()) {
            return closed();
        }
        var fault = Passwords.faultAtSight(form.text("password"));
        if (fault.isPresent()) {
            return form(request, 422, good.get(), fault);
        }
        if (!choosing.add(good.get().user().id())) {
            throw new Refused(new Unavailable(1));
        }
        try {
            return chosen(request, good.get(), form.text("password"));
        } finally {
            choosing.remove(good.get().user().id());
        }
    }

    private Response chosen(Request request, Resettable good, String password) {
        var token = request.pathText("token");
        var user = good.user();
        var known = List.of(user.email(), user.handle(), user.name().orElse(""), good.org().name(), "roster");
        return switch (passwords.choose(user.org(), user.email(), password, known, () -> look(token).isPresent())) {
            case Chosen.Unfit(var why) -> form(request, 422, good, Optional.of(why));
            case Chosen.Pointless() -> closed();
            case Chosen.Fit fit -> resets.reset(user.org(), token, fit, new Visitor(request.id(), request.address()))
                .map(changed -> visits.goingOn(SignInAddresses.path(good.org()) + "?told=" + SignInPages.TOLD_RESET)
                    .with(List.of(visits.site().setting(Devices.COOKIE, devices.with(
                        visits.site().cookie(request, Devices.COOKIE), changed.org(), changed.email()),
                        Optional.of(Devices.AGE)))))
                .orElseGet(this::closed);
        };
    }
}
