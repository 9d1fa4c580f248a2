package roster.door.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Route;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import roster.support.TestRoster;

/// What mail scanners and previews do with a link before anybody reads the letter.
final class Scanners {
    private static final int TIMES = 3;

    private Scanners() {}

    /// Fetches a link by HEAD and GET, has a browser prefetch it, and shows it in a browser with script: three times each.
    ///
    /// @return what each got, as `HEAD 200`, in the order they came
    static List<String> fetched(BrowserContext context, String link) {
        var uri = URI.create(link);
        var address = "%s://%s".formatted(uri.getScheme(), uri.getAuthority());
        context.route(address + "/scanner/*", route -> route.fulfill(new Route.FulfillOptions()
            .setContentType("text/html").setBody("<link rel=prefetch href='%s'>".formatted(link))));
        var got = new ArrayList<String>();
        for (var i = 0; i < TIMES; i++) {
            for (var method : List.of("HEAD", "GET")) {
                got.add(method + " " + TestRoster.send(address, method, uri.getPath(), null, Map.of()).status());
            }
            var scanner = address + "/scanner/" + i;
            try (var page = context.newPage()) {
                got.add("prefetch " + page.waitForResponse(link, () -> page.navigate(scanner)).status());
                got.add("browser " + page.navigate(link).status());
            }
        }
        return got;
    }
}
