package roster.door.web.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import roster.base.html.Site;
import roster.base.http.Routes;
import roster.model.Caller;

/// Addresses that a page offers to one caller: only those of routes that there are, and whose needs the caller meets. So the
/// table of routes alone says what is offered; a page that is not there yet is not offered either.
public final class Link {
    private final Routes routes;
    private final Site site;
    private final Caller caller;

    Link(Routes routes, Site site, Caller caller) {
        this.routes = routes;
        this.site = site;
        this.caller = caller;
    }

    /// A page.
    ///
    /// @param template as its route has it, such as `/console/people/{id}`
    /// @param arguments for the parameters of the template, in order
    public Optional<String> to(String template, Object... arguments) {
        return to("GET", template, arguments);
    }

    /// Where a form is sent.
    public Optional<String> post(String template, Object... arguments) {
        return to("POST", template, arguments);
    }

    private Optional<String> to(String method, String template, Object... arguments) {
        return routes.find(method, template).filter(route -> route.needs().areMetBy(caller))
            .map(_ -> site.path(filled(template, arguments)));
    }

    /// The address of a page that has its parameters in its query.
    public Optional<String> to(ListAddress address) {
        return to(address.path()).map(_ -> site.path(address.text()));
    }

    private static String filled(String template, Object... arguments) {
        var filled = template;
        for (var argument : arguments) {
            var start = filled.indexOf('{');
            filled = filled.substring(0, start) + encoded(argument.toString())
                + filled.substring(filled.indexOf('}', start) + 1);
        }
        if (filled.indexOf('{') >= 0) {
            throw new IllegalArgumentException("too few arguments for " + template);
        }
        return filled;
    }

    /// A text as a part of an address.
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
