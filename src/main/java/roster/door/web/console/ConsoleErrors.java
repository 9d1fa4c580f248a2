package roster.door.web.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.html.HtmlPage;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.core.role.Administrators;
import roster.door.web.SignInErrors;
import roster.model.Problem;

/// Refusals of the console, in its shell where it is known who asks.
public final class ConsoleErrors implements ErrorPages {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleErrors.class);
    private static final String SIGN_IN = "/sign-in";
    private static final String AGAIN = "/sign-in/again";

    /// How many of those who can help are named.
    private static final int NAMED = 3;

    /// What the pages below a path are about.
    private static final Map<String, String> NAMES = Map.of("people", "people", "invite", "invitations",
        "invitations", "invitations", "bulk", "bulk changes", "roles", "roles", "permissions", "permissions",
        "service-accounts", "service accounts", "keys", "keys", "audit", "the audit trail", "mailbox", "the mailbox");

    private final Console console;
    private final Administrators administrators;

    /// @param shell none: it is not known who asks, or the database does not answer
    /// @param back the bare list, where an address is damaged
    public record Told(Optional<Shell> shell, String title, String text, Optional<String> permission,
        Optional<String> helpers,
        Optional<String> back, String home, String icon, String style, String requestId) {
        public boolean isPlain() {
            return shell.isEmpty();
        }
    }

    /// @param signIn where to sign in, in a window of its own
    /// @param goOn where the form is sent then
    public record KeptPage(String title, String signIn, String goOn, String kept, String icon, String style) {}

    /// What is said of a problem.
    private record Saying(String title, String text) {}

    ConsoleErrors(Console console, Administrators administrators) {
        this.console = console;
        this.administrators = administrators;
    }

    @Override
    public Response refused(Request request, Problem problem, int status) {
        return switch (problem) {
            case Problem.NotSignedIn _,Problem.BadKeys _ -> kept(request, status, SIGN_IN, "You were signed out")
                .orElseGet(() -> leading(SIGN_IN, request));
            case Problem.NotFresh _ -> kept(request, status, AGAIN, "Sign in again to do this")
                .orElseGet(() -> leading(AGAIN, request));
            case Problem.StepMissing _,Problem.WrongHost _ ->
                new SignInErrors(console.site(), SIGN_IN).refused(request, problem, status);
            default -> told(request, problem, status);
        };
    }

    /// A form that cannot be taken now is kept, so that nothing has to be typed again.
    private Optional<Response> kept(Request request, int status, String path, String title) {
        if (!request.method().equals("POST") || !console.site().sent(request)) {
            return Optional.empty();
        }
        return console.kept().keep(request, console.clock().instant()).map(sealed -> console.site().secured(
            HtmlPage.withAssets(status, "web/console/kept.jte", new KeptPage(title,
                console.site().path(path) + "?then=" + URLEncoder.encode(KeptPages.DONE, StandardCharsets.UTF_8),
                console.site().path(KeptPages.PATH), sealed, console.assets().path("icon.svg"),
                console.assets().path("console.css")))));
    }

    /// To a page for signing in, which leads back here. What only takes forms leads to the page of the same address, if there
    /// is one, else to the beginning.
    private Response leading(String path, Request request) {
        var get =
            request.method().equals("GET") || console.routes().find("GET", request.route().template()).isPresent();
        var query = request.method().equals("GET")
            ? ListAddress.of(request.rawPath(), request.query().names().stream().toList(), request.query()).text()
            : request.rawPath();
        return console.site().secured(HtmlPage.elsewhere(console.site().path(path) + "?then="
            + URLEncoder.encode(get ? query : Console.PATH, StandardCharsets.UTF_8)));
    }

    private Response told(Request request, Problem problem, int status) {
        try {
            return answer(request, problem, status, shelled(problem) ? shell(request, saying(request, problem))
                : Optional.empty());
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("request_id", request.id()).setCause(e).log("page of a refusal without its shell");
            return answer(request, problem, status, Optional.empty());
        }
    }

    /// Those that come from having too much to do must not ask for more.
    private static boolean shelled(Problem problem) {
        return !(problem instanceof Problem.Unavailable) && !(problem instanceof Problem.TooManyRequests);
    }

    private Optional<Shell> shell(Request request, Saying saying) {
        return request.admitted().map(_ -> new Visit(console, request).shell(Optional.empty(), saying.title()));
    }

    private Response answer(Request request, Problem problem, int status, Optional<Shell> shell) {
        var saying = saying(request, problem);
        var needed = problem instanceof Problem.Forbidden(var permission) ? Optional.of(permission.name())
            : Optional.<String>empty();
        var helpers = needed.filter(_ -> shell.isPresent()).flatMap(_ -> helpers(request));
        var back = problem instanceof Problem.BadParameter ? Optional.of(console.site().path(request.rawPath()))
            : Optional.<String>empty();
        return page(status, new Told(shell, saying.title(), saying.text(), needed, helpers, back,
            console.site().path(Console.PATH), console.assets().path("icon.svg"),
            console.assets().path("console.css"), request.id()));
    }

    private Response page(int status, Told told) {
        return console.site().secured(HtmlPage.withAssets(status, "web/console/error.jte", told));
    }

    private static Saying saying(Request request, Problem problem) {
        return switch (problem) {
            case Problem.Forbidden _ -> new Saying(request.method().equals("GET")
                ? "You may not see " + name(request) : "You may not do this", Words.of(problem));
            case Problem.NotFound _,Problem.NoSuchPath _,Problem.Gone _ -> new Saying("There is nothing here",
                "The address may be mistyped, or what was here is gone.");
            case Problem.BadParameter _ -> new Saying("This address is damaged", Words.of(problem));
            case Problem.TooLarge _ -> new Saying("This file is larger than 1 MiB", "Nothing was saved.");
            case Problem.TooManyRequests(var seconds) ->
                new Saying("Too many requests", Words.tryAgain(seconds));
            case Problem.Unavailable _ -> new Saying("The database does not answer", "Try again in a moment.");
            case Problem.ForeignForm _ -> new Saying("This form is out of date",
                "You are signed in differently now, or the form came from another website. Nothing was changed.");
            default -> new Saying("That did not work", Words.of(problem));
        };
    }

    private static String name(Request request) {
        var parts = request.route().template().split("/", -1);
        return parts.length > 2 ? NAMES.getOrDefault(parts[2], "this page") : "this page";
    }

    /// `Ann, Bob and 10 more`
    private Optional<String> helpers(Request request) {
        var found = console.db().read(tx -> administrators.named(tx, request.caller().org(), NAMED));
        var more = found.total() - found.names().size();
        return found.names().isEmpty() ? Optional.empty() : Optional.of(more == 0 ? Words.list(found.names())
            : String.join(", ", found.names()) + ", and " + Words.number(more) + " more");
    }

    @Override
    public Response failed(Request request) {
        var unknown = !request.method().equals("GET");
        return page(500, new Told(Optional.empty(), "Something broke on our side", unknown
            ? "We can't tell whether this was saved. Look at the history before you try again." : "Nothing was saved.",
            Optional.empty(), Optional.empty(), Optional.empty(), console.site().path(Console.PATH),
            console.assets().path("icon.svg"), console.assets().path("console.css"), request.id()));
    }
}
