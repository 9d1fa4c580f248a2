package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.http.Match;
import roster.base.http.Route;
import roster.support.Axe;
import roster.support.Chromium;
import roster.support.Pictures;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// Every page of the console, as an administrator sees it: light and dark, wide and narrow. Nothing that makes it hard to use,
/// nothing that the browser complains of, no request elsewhere, no sideways scroll, no link into nothing. Leaves a picture of
/// each in `target/console`, with an `index.html`.
@Timeout(300)
class EveryConsolePageTest {
    private static final Path PICTURES = Path.of("target", "console");
    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String LINKS = """
        () => [...document.querySelectorAll('a[href]')].map(link => link.href).concat(
            [...document.querySelectorAll('form[action]:not([method=post])')].map(
                form => form.action + '?' + new URLSearchParams(new FormData(form))))""";
    private static final String ACTIONS = """
        () => [...document.querySelectorAll('form[method=post]')].map(each => each.getAttribute('action'))""";

    private static final Set<String> FOLLOWED = new HashSet<>();
    private static final Chromium CHROMIUM = new Chromium();

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static ConsoleOrg org;
    private static SignedIn admin;

    /// One for all, because to open one takes longer than to look at most pages.
    private static Page page;
    private static final List<String> complaints = new ArrayList<>();
    private static final Set<String> hosts = new TreeSet<>();

    @BeforeAll
    static void seed() {
        org = new ConsoleOrg(roster);
        admin = org.caller("admin");
    }

    @AfterAll
    static void index() throws IOException {
        CHROMIUM.close();
        if (Files.isDirectory(PICTURES)) {
            try (var all = Files.list(PICTURES)) {
                Files.writeString(PICTURES.resolve("index.html"), all.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(".png")).sorted()
                    .map("<h2>%1$s</h2><img src=\"%1$s\" alt=\"\">\n"::formatted)
                    .reduce("<!DOCTYPE html><title>Console</title>\n", String::concat));
            }
        }
    }

    static Stream<Route> routes() {
        return roster.node().routes.all().stream().filter(route -> route.template().startsWith(Console.PATH)
            && route.needs().isSession() && route.method().equals("GET") && !route.template().contains("."));
    }

    /// Of lists, what is found, and what is not.
    private static final List<String> MORE =
        List.of("/console/people?q=mart", "/console/people?q=marhta&status=disabled",
            "/console/people?mfa=no&added_from=2021-05-01&sort=-created_at", "/console/people?sel=all",
            "/console/people?status=unknown");

    static Stream<Named<String>> pages() {
        return Stream
            .of(org.keys.pages().stream(), routes().flatMap(route -> org.paths(route).stream()), MORE.stream(),
                org.selected().stream(),
                org.ofPeople().stream(), org.queries().stream())
            .flatMap(each -> each)
            .map(path -> Named.of(path, path));
    }

    /// Shows a page.
    ///
    /// @return the status of the answer
    private static int open(String path) {
        if (page == null) {
            page = CHROMIUM.signedIn(admin, new Browser.NewContextOptions()).newPage();
            page.onConsoleMessage(message -> complaints.add(message.text()));
            page.onPageError(complaints::add);
            page.onRequest(request -> hosts.add(URI.create(request.url()).getHost()));
        }
        page.navigate("about:blank");
        complaints.clear();
        hosts.clear();
        return page.navigate(roster.address() + path).status();
    }

    private static int height(int width) {
        return width < 1000 ? 1400 : 900;
    }

    @ParameterizedTest
    @MethodSource("pages")
    void a_page_can_be_used_by_everyone_loads_nothing_from_elsewhere_and_leads_somewhere(String path) {
        var status = open(path);
        var links = links();
        var actions = (List<?>) page.evaluate(ACTIONS);

        for (var scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(
                new Page.EmulateMediaOptions().setColorScheme(scheme).setReducedMotion(ReducedMotion.REDUCE));
            for (var width : List.of(1440, 360)) {
                page.setViewportSize(width, height(width));
                Pictures.take(page, new Page.ScreenshotOptions().setPath(picture(path, scheme, width)));
                assertThat(Axe.faults(page)).as("%s, %s, %d", path, scheme, width).isEmpty();
            }
        }
        assertThat(complaints.stream().filter(text -> status < 400 || !text.contains("status of " + status)))
            .isEmpty();
        assertThat(hosts).containsExactly("127.0.0.1");
        for (var width : List.of(320, 360, 1440, 2560)) {
            page.setViewportSize(width, height(width));
            assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
                .as("%s at %d", path, width).isLessThanOrEqualTo(width);
        }
        if (page.url().contains(Console.PATH)) {
            if (status >= 400) {
                links.remove(page.url()); // the skip link
            }
            assertFound(path, links, actions);
        }
    }

    private static Path picture(String path, ColorScheme scheme, int width) {
        return PICTURES.resolve(
            "%s-%s-%d.png".formatted(path.replaceAll(ID, "id").replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", ""),
                scheme.name().toLowerCase(Locale.ROOT), width));
    }

    private static Set<String> links() {
        var links = new TreeSet<String>();
        ((List<?>) page.evaluate(LINKS)).forEach(link -> links.add(link.toString().replaceAll("#.*", "")));
        return links;
    }

    private static void assertFound(String path, Set<String> links, List<?> actions) {
        for (var action : actions) {
            assertThat(roster.node().routes.match("POST", action.toString())).as("%s on %s", action, path)
                .isInstanceOf(Match.Found.class);
        }
        assertThat(links).isNotEmpty();
        links.removeIf(link -> !FOLLOWED.add(link)); // from another page
        for (var link : links) {
            assertThat(link).startsWith(roster.address() + "/");
            var answer = roster.send("GET", link.substring(roster.address().length()), null,
                Map.of("Cookie", admin.cookie().get("Cookie")));
            assertThat(answer.status()).as("%s on %s", link, path).isLessThan(400);
        }
    }
}
