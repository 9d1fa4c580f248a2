package roster.door.web;

import java.util.List;
import java.util.Optional;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.base.html.Form;
import roster.base.html.HtmlPage;
import roster.base.html.Minute;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.http.SessionMust;
import roster.core.factor.Ceremonies;
import roster.core.factor.FactorFeature;
import roster.core.factor.Passkey;
import roster.core.session.Browser;
import roster.core.session.SignIn;
import roster.core.user.Users;
import roster.model.User;

/// `/me/security/passkeys`: users make, rename and remove their passkeys.
public final class OwnPasskeyPages {
    static final String PATH = Visits.HOME + "/passkeys";
    private static final String NEW = PATH + "/new";

    /// @param options,challenge see [Ceremonies.Asked]; none: passkeys do not work on this address
    /// @param names the longest name
    public record NewForm(String action, String csrf, String options, String challenge, int names,
        Optional<String> fault, String back) {}

    public record ShownPasskey(String id, String name, String made, String used, boolean backedUp) {}

    private final Database db;
    private final Users users;
    private final FactorFeature factor;
    private final SignIn signIn;
    private final FactorPages factors;
    private final PasskeyPages passkeys;
    private final Visits visits;

    OwnPasskeyPages(Database db, Users users, FactorFeature factor, SignIn signIn, FactorPages factors,
        PasskeyPages passkeys, Visits visits) {
        this.db = db;
        this.users = users;
        this.factor = factor;
        this.signIn = signIn;
        this.factors = factors;
        this.passkeys = passkeys;
        this.visits = visits;
    }

    void addTo(Routes routes) {
        var errors = new SignInErrors(visits.site(), SignInPages.PATH + "?then=" + Visits.HOME);
        routes.ownPage("GET", NEW, SessionMust.ENROL, Form.BYTES_MAX,
            request -> offered(request, 200, Optional.empty()),
            errors);
        routes.ownPage("POST", NEW, SessionMust.ENROL, Form.BYTES_MAX, this::add, errors);
        routes.ownPage("POST", PATH + "/{passkey_id}/rename", SessionMust.BE_FRESH, Form.BYTES_MAX, this::rename,
            errors);
        routes.ownPage("POST", PATH + "/{passkey_id}/remove", SessionMust.BE_FRESH, Form.BYTES_MAX, this::remove,
            errors);
    }

    static List<ShownPasskey> shown(List<Passkey> all) {
        return all.stream().map(one -> new ShownPasskey(one.id().toString(), one.name(),
            Minute.of(one.createdAt()),
            SecurityPages.used(one.lastUsedAt()),
            one.backedUp())).toList();
    }

    private static String bound(Request request) {
        return "new passkey " + request.caller().session().orElseThrow();
    }

    private User user(Tx tx, Request request) {
        return users.find(tx, request.caller().org(), request.caller().user().orElseThrow()).orElseThrow();
    }

    private Response offered(Request request, int status, Optional<String> fault) {
        var site = passkeys.site(request);
        if (site.isEmpty()) {
            return visits.site().secured(withoutName(request).answer());
        }
        var asked = factor.ceremonies.make(site.get(), db.read(tx -> user(tx, request)), bound(request));
        return visits.site().secured(HtmlPage.scripted(status, "web/me/passkey.jte",
            new NewForm(visits.site().path(NEW), visits.ownCsrf(request), asked.options(), asked.sealed(),
                Passkey.NAME_MAX, fault, visits.site().path(Visits.HOME))));
    }

    private SignInNotice withoutName(Request request) {
        var why = "Browsers keep passkeys for names of hosts, not for bare addresses.";
        return visits.site().atLocalhost(request).map(origin -> new SignInNotice(422, "Passkeys need a name",
            why + " Open this page by the name of this machine, and sign in there.",
            origin + visits.site().path(NEW), "Open it at localhost"))
            .orElseGet(
                () -> new SignInNotice(422, "Passkeys need a name", why, visits.site().path(Visits.HOME), "Back"));
    }

    private Response add(Request request) {
        var form = visits.ownForm(request);
        var made = passkeys.made(request, form, bound(request));
        if (made.isEmpty()) {
            return offered(request, 422, Optional.of("That passkey was not accepted, or took too long. Try again."));
        }
        var device = Browser.named(request.header("User-Agent").orElse(""));
        var added = db.write(request.caller(), tx -> added(tx, request, made.get(), form.text("name"), device));
        return added.map(one -> factors.added(request, one))
            .orElseGet(() -> offered(request, 422, Optional.of("There can be %d passkeys, each once."
                .formatted(Passkey.MAX))));
    }

    private Optional<FactorPages.Added> added(WriteTx tx, Request request, Ceremonies.Made made, String name,
        String device) {
        var user = user(tx, request);
        if (!factor.factors.add(tx, user, made, name, device)) {
            return Optional.empty();
        }
        return Optional.of(new FactorPages.Added(
            signIn.renew(tx, Optional.of("passkey"), visits.client(request)), factor.codes.first(tx, user)));
    }

    private Response rename(Request request) {
        var form = visits.ownForm(request);
        db.write(request.caller(), tx -> {
            factor.factors.renamePasskey(tx, user(tx, request), request.pathText("passkey_id"), form.text("name"));
            return null;
        });
        return visits.goingOn(Visits.HOME);
    }

    private Response remove(Request request) {
        visits.ownForm(request);
        return factors.removing(() -> db.write(request.caller(), tx -> {
            factor.factors.removePasskey(tx, user(tx, request), request.pathText("passkey_id"));
            return null;
        }));
    }
}
