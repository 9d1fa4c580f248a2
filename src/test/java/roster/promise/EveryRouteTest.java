package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.http.Needs;
import roster.base.http.Route;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.TestRoster;

/// Checks every route of the table of routes: refusals, isolation from other organisations (P7), and audit entries (P2).
/// A new route is checked on the day it is added. A route that changes something or takes an id needs a [Recipe] in the
/// test class of its operation.
class EveryRouteTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// Answers 200 and lists the ids it could not anonymise; AnonymiseTest checks ids of another organisation.
    private static final String PARTIAL = "PUT /api/v2/anonymize_users";

    /// Shows a secret, which leaves an audit entry.
    private static final String SHOWING = "GET /api/v2/api_keys/{api_key_id}";

    private static boolean open(Route route) {
        return route.needs() == Needs.Simple.NOTHING || route.needs() == Needs.Simple.KEYS_IF_SENT
            || route.needs() == Needs.Simple.HEALTH
            || route.needs().isSession();
    }

    private static Stream<Named<Route>> routes(Predicate<Route> which) {
        return roster.node().routes.all().stream().filter(which).map(route -> Named.of(Recipes.name(route), route));
    }

    static Stream<Named<Route>> withKeys() {
        return routes(route -> !open(route));
    }

    static Stream<Named<Route>> withPermission() {
        return routes(route -> route.needs() instanceof Needs.OneOf || route.needs() instanceof Needs.AllOf);
    }

    static Stream<Named<Route>> leavingEntries() {
        return routes(route -> Recipes.changes(route) && !Recipes.forBrowsers(route)
            || Recipes.name(route).equals(SHOWING));
    }

    static Stream<Named<Route>> readingWithKeys() {
        return routes(route -> !Recipes.changes(route) && (!open(route) || route.protocol().isPresent())
            && !Recipes.name(route).equals(SHOWING) && !Recipes.isNotThere(route));
    }

    static Stream<Named<Route>> takingIds() {
        return routes(route -> !open(route) && !Recipes.name(route).equals(PARTIAL)
            && !Recipes.call(route, roster.newOrg("acme")).ids().isEmpty());
    }

    @Test
    void only_the_api_needs_keys_and_all_of_it_does() {
        assertThat(roster.node().routes.all()).isNotEmpty()
            .allSatisfy(route -> assertThat(open(route)).as(Recipes.name(route))
                .isNotEqualTo((route.template().startsWith("/api/") || route.protocol().isPresent())
                    && route.needs() != Needs.Simple.KEYS_IF_SENT)); // what SCIM tells of itself
    }

    @Test
    void no_recipe_is_left_from_a_route_that_is_gone() {
        assertThat(roster.node().routes.all().stream().map(Recipes::name))
            .containsAll(Recipes.all().stream().map(Recipe::route).toList());
    }

    @Test
    void every_route_that_changes_something_or_takes_ids_has_one_recipe() {
        var recipes = Recipes.all().stream().map(Recipe::route).toList();
        assertThat(roster.node().routes.all().stream().filter(route -> Recipes.changes(route) || !open(route))
            .filter(route -> !Recipes.needsNone(route) && !Recipes.forBrowsers(route)).map(Recipes::name))
            .isSubsetOf(recipes);
        assertThat(recipes).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("withKeys")
    void without_credentials_a_key_is_asked_for(Route route) {
        var path = route.template().replaceAll("\\{[a-z_]+}", UUID.randomUUID().toString());

        var answer = roster.send(route.method(), path, route.method().equals("GET") ? null : "{}");

        if (route.protocol().isPresent()) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).contains("Bearer realm=\"scim\"");
            return;
        }
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("API key required");
    }

    @ParameterizedTest
    @MethodSource("withPermission")
    void without_the_permission_it_is_refused(Route route) {
        var org = roster.newOrg("acme");
        var call = Recipes.call(route, org);
        var before = org.version() + 1; // the key that can do nothing is a change itself

        var answer = org.founder().scopedTo("dashboards_read").send(route.method(), call.path(), call.body());

        assertThat(answer.status()).isEqualTo(403);
        if (route.protocol().isPresent()) {
            assertThat(answer.text("/detail")).startsWith("Failed permission authorization checks: ");
        } else {
            assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        }
        assertThat(org.version()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("takingIds")
    void ids_of_another_organisation_are_unknown_ones(Route route) {
        var caller = roster.newOrg("acme").founder();
        var other = roster.newOrg("acme");
        var call = Recipes.call(route, other);
        var unknownIds = call.ids().stream().collect(Collectors.toMap(id -> id, id -> UUID.randomUUID().toString()));
        var unknown = call.with(unknownIds);
        var before = List.of(caller.org().version(), other.version());

        var foreign = caller.send(route.method(), call.path(), call.body());
        var expected = caller.send(route.method(), unknown.path(), unknown.body());

        assertThat(foreign.status()).isBetween(400, 499).isEqualTo(expected.status());
        assertThat(told(route, foreign).stream().map(error -> Recipe.Call.replaced(error, unknownIds)))
            .isEqualTo(told(route, expected));
        assertThat(List.of(caller.org().version(), other.version())).isEqualTo(before);
    }

    private static List<String> told(Route route, Answer answer) {
        return route.protocol().isPresent() ? List.of(answer.text("/detail")) : answer.errors();
    }

    @ParameterizedTest
    @MethodSource("leavingEntries")
    void a_change_has_its_audit_entries_under_the_requests_id(Route route) {
        var org = roster.newOrg("acme");
        var call = Recipes.call(route, org);
        var before = org.version();

        var answer = org.founder().send(route.method(), call.path(), call.body(), call.headers());

        assertThat(answer.status()).as(answer.toString()).isBetween(200, 299);
        assertThat(org.version()).isGreaterThan(before);
        assertThat(roster.sql("SELECT DISTINCT request_id FROM audit_entries WHERE org_id = ? AND version > ?",
            org.id().value(), before)).containsExactly(List.of(answer.header("X-Request-Id").orElseThrow()));
    }

    @ParameterizedTest
    @MethodSource("readingWithKeys")
    void reading_changes_nothing(Route route) {
        var org = roster.newOrg("acme");
        var call = Recipes.call(route, org);
        var before = org.version();

        var answer = org.founder().send(route.method(), call.path(), call.body());

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(org.version()).isEqualTo(before);
    }
}
