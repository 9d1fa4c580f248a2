package roster.door.web;

import java.util.Optional;
import java.util.Set;
import roster.base.html.Site;
import roster.base.http.ErrorPages;
import roster.base.http.Request;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.model.Problem;

/// What browsers are shown at addresses at which there is nothing. Programs, and all below `/api`, get the contract's JSON.
record NowherePage(Site site) implements ErrorPages {
    void addTo(Routes routes) {
        routes.elsewhere(request -> isForBrowsers(request) ? Optional.of(this) : Optional.empty());
    }

    /// Browsers ask for HTML by name when an address is opened; programs take anything, or ask for JSON.
    private static boolean isForBrowsers(Request request) {
        return Set.of("GET", "HEAD").contains(request.method()) && !request.rawPath().startsWith("/api/")
            && request.headers("Accept").stream().anyMatch(accept -> accept.contains("text/html"));
    }

    @Override
    public Response refused(Request request, Problem problem, int status) {
        return notice(status, "Page not found", "There is nothing at this address.");
    }

    @Override
    public Response failed(Request request) {
        return notice(500, "Something went wrong",
            "The log of the server says what, under request " + request.id() + ".");
    }

    private Response notice(int status, String title, String text) {
        return site.secured(new SignInNotice(status, title, text, site.path("/"), "Go to the first page").answer());
    }
}
