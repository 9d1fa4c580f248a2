package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.base.http.Match;
import roster.base.http.Route;
import roster.base.source.Ids;
import roster.core.access.Origin;
import roster.core.access.Presented;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// What one may not do is not offered, and refused when it is tried.
@Timeout(180)
class OfferTest {
    private static final Pattern LINK = Pattern.compile("<a [^>]*href=\"([^\"#]+)");
    private static final Pattern ACTION = Pattern.compile("<form (?=[^>]*method=\"post\")[^>]*action=\"([^\"]+)");

    /// Only lead on to others, or are led to by forms and by what was kept, or are framed.
    private static final Set<String> UNOFFERED = Set.of("GET " + MePages.PROFILE, "GET " + MePages.PREFERENCES,
        "POST " + KeptPages.PATH, "GET " + KeptPages.DONE, "GET " + MappingPages.CONFIRM, "GET " + ProviderPages.CHECK,
        "GET " + RolePages.MEMBERS, "GET " + RoleReviewPages.NEW,
        "POST " + RoleReviewPages.NEW, "GET " + RoleReviewPages.REVIEW, "POST " + RoleReviewPages.REVIEW,
        "GET " + EditPages.ROLES_REVIEW,
        "GET " + MailboxPages.HTML);

    /// Offered only once a form was sent, or there is something to go on with.
    private static final Set<String> LATER =
        Set.of(BulkPages.NEW, InvitePages.CHECK, InvitePages.CHECK + ".csv", BulkPages.JOB,
            BulkPages.JOB + "/results.csv", BulkPages.JOB + "/stop", BulkPages.JOB + "/undo", PastePages.PATH + "/act");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static ConsoleOrg org;

    @BeforeAll
    static void seed() {
        org = new ConsoleOrg(roster);
    }

    private static Stream<Route> routes() {
        return roster.node().routes.all().stream()
            .filter(route -> route.template().startsWith(Console.PATH) && route.needs().isSession()
                && !route.template().startsWith(Console.PATH + "{")
                && !UNOFFERED.contains(route.method() + " " + route.template()));
    }

    private static boolean may(SignedIn caller, Route route) {
        return route.needs().areMetBy(roster.program().access.callers.admit(new Presented.Session(caller.token()),
            new Origin(new Ids().next().toString(), InetAddress.getLoopbackAddress())));
    }

    /// Pages of one route that are looked at, besides those about people whose pages have all there is.
    private static final int OF_EACH = 3;

    private static boolean isEnough(String link, Map<String, Integer> looked) {
        return looked.merge(template("GET", link), 1, Integer::sum) > OF_EACH
            && Stream.of(org.person, org.hard, org.disabled, org.admin.user().id())
                .noneMatch(id -> link.contains(id.toString()));
    }

    /// The routes to which the pages that a caller may open lead, `GET` and `POST`.
    private static Set<String> offered(SignedIn caller) {
        var offered = new TreeSet<String>();
        var visited = new TreeSet<String>();
        var looked = new HashMap<String, Integer>();
        var waiting = new java.util.ArrayDeque<>(List.of(Console.PATH));
        while (!waiting.isEmpty()) {
            var path = waiting.poll();
            if (!visited.add(path.replaceAll("\\?.*", "")) || path.contains(".csv")
                || isEnough(path, looked)) {
                continue;
            }
            var answer = caller.page(path);
            assertThat(answer.status()).as(path).isLessThan(400);
            LINK.matcher(answer.text()).results().map(found -> found.group(1).replace("&amp;", "&"))
                .filter(link -> link.startsWith(Console.PATH)).forEach(link -> {
                    offered.add("GET " + template("GET", link));
                    waiting.add(link);
                });
            ACTION.matcher(answer.text()).results().map(found -> found.group(1))
                .filter(link -> link.startsWith(Console.PATH))
                .forEach(link -> offered.add("POST " + template("POST", link)));
        }
        return offered;
    }

    private static String template(String method, String link) {
        return roster.node().routes.match(method, link.replaceAll("\\?.*", "")) instanceof Match.Found(var route, var _)
            ? route.template() : "nothing at " + link;
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "standard", "support", "none"})
    void exactly_what_a_caller_may_is_offered(String which) {
        var caller = org.caller(which);
        var offered = offered(caller);
        var allowed = new TreeSet<String>();
        routes().filter(route -> may(caller, route)).forEach(route -> allowed.add(route.method() + " "
            + route.template()));

        assertThat(allowed).containsAll(offered);
        allowed.removeIf(
            one -> LATER.contains(one.substring(one.indexOf(' ') + 1)) || one.equals("POST " + InvitePages.FORM));
        assertThat(offered).containsAll(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "standard", "support", "none"})
    void what_a_caller_may_not_is_refused_when_it_is_typed(String which) {
        var caller = org.caller(which);
        routes().forEach(route -> org.paths(route).forEach(path -> {
            var answer = route.method().equals("GET") ? caller.page(path)
                : caller.form(path, java.util.Map.of());
            if (!may(caller, route)) {
                assertThat(answer.status()).as(path).isEqualTo(403);
                assertThat(answer.text()).contains("It needs the permission", "Northwind");
            } else {
                assertThat(answer.status()).as(path).isNotEqualTo(403).isLessThan(500);
            }
        }));
    }
}
