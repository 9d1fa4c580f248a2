package roster.door.web.console;

import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import roster.base.db.Database;
import roster.base.html.Browsers;
import roster.base.html.Form;
import roster.base.html.Site;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.Route;
import roster.base.http.Routes;
import roster.base.http.SessionMust;
import roster.core.Kernel;
import roster.core.audit.Verifications;
import roster.core.preference.Preferences;
import roster.core.role.Administrators;

/// What all pages of the console have in common, and how they are added.
public final class Console {
    /// The prefix of all addresses.
    public static final String PATH = "/console/";

    private final Database db;
    private final InstantSource clock;
    private final Browsers browsers;
    private final Preferences preferences;
    private final Verifications verifications;
    private final Assets assets;
    private final Notice.Carrier notices;
    private final Kept kept;
    private final ConsoleErrors errors;
    private final String version;
    private Routes routes;

    Console(Kernel kernel, Browsers browsers, Preferences preferences, Verifications verifications,
        Administrators administrators, String version) {
        this.db = kernel.db();
        this.clock = kernel.sources().clock();
        this.browsers = browsers;
        this.preferences = preferences;
        this.verifications = verifications;
        this.assets = new Assets(browsers.site());
        this.notices = new Notice.Carrier(kernel.secrets(), browsers.site());
        this.kept = new Kept(kernel.secrets());
        this.errors = new ConsoleErrors(this, administrators);
        this.version = version;
    }

    /// Adds pages. Only before the first request.
    Pages on(Routes table) {
        routes = table;
        assets.addTo(table);
        return new Pages();
    }

    /// Adds pages to the table of routes.
    public final class Pages {
        private Pages() {}

        /// A page to read.
        ///
        /// @param needs [Needs.Simple#SESSION], or [Needs#sessionOf]
        public Pages get(String template, Needs needs, Function<Visit, Response> page) {
            return add("GET", template, needs, SessionMust.BE_COMPLETE, Form.BYTES_MAX, page);
        }

        /// A page for which a factor must have been shown within 15 minutes.
        public Pages getFresh(String template, Needs needs, Function<Visit, Response> page) {
            return add("GET", template, needs, SessionMust.BE_FRESH, Form.BYTES_MAX, page);
        }

        /// What a form of a page does.
        public Pages post(String template, Needs needs, Function<Visit, Response> act) {
            return add("POST", template, needs, SessionMust.BE_COMPLETE, Form.BYTES_MAX, act);
        }

        public Pages postFresh(String template, Needs needs, Function<Visit, Response> act) {
            return add("POST", template, needs, SessionMust.BE_FRESH, Form.BYTES_MAX, act);
        }

        /// @param bodyBytes the largest form in bytes
        public Pages add(String method, String template, Needs needs, SessionMust session, int bodyBytes,
            Function<Visit, Response> page) {
            if (!template.startsWith(PATH) || !needs.isSession()) {
                throw new IllegalArgumentException("not a page of the console: " + template);
            }
            routes.add(new Route(method, template, needs,
                request -> site().secured(page.apply(new Visit(Console.this, request))),
                OptionalInt.of(bodyBytes), Optional.of(errors), session));
            return this;
        }
    }

    Routes routes() {
        return routes;
    }

    Database db() {
        return db;
    }

    InstantSource clock() {
        return clock;
    }

    Browsers browsers() {
        return browsers;
    }

    Site site() {
        return browsers.site();
    }

    Preferences preferences() {
        return preferences;
    }

    Verifications verifications() {
        return verifications;
    }

    Assets assets() {
        return assets;
    }

    Notice.Carrier notices() {
        return notices;
    }

    Kept kept() {
        return kept;
    }

    String version() {
        return version;
    }
}
