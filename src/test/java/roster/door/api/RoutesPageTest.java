package roster.door.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.http.Needs;
import roster.base.http.Route;
import roster.base.http.SessionMust;
import roster.model.Permission;
import roster.support.OpenApiCheck;
import roster.support.TestRoster;

/// `docs/routes.md`, the whole API on one page, is what the table of routes and the OpenAPI document say together.
class RoutesPageTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String HEAD = """
        # Routes

        Every address that a node answers, made from the table of routes and the OpenAPI document by `RoutesPageTest`. A
        caller needs the permissions named. *Keys* stands for an API key and an application key, or an access
        token; *open* routes need neither. A session that calls a *fresh* one must have shown a factor within 15 minutes.
        Routes of SCIM also take an application key alone, and no session.

        """;

    /// Its pages are for browsers: what they show is in `docs/console.md`, and no client is to rely on them.
    private static final String CONSOLE = "Console";

    @Test
    void the_page_of_routes_is_up_to_date() throws IOException {
        var page = page();
        var made = Path.of("target", "routes.md");
        Files.writeString(made, page);

        assertThat(Files.readString(Path.of("docs", "routes.md")))
            .as("docs/routes.md is out of date: copy %s there", made).isEqualTo(page);
    }

    private static String page() {
        var summaries = new LinkedHashMap<String, String>();
        var tags = new LinkedHashMap<String, String>();
        OpenApiCheck.parse().getOpenAPI().getPaths().forEach((template, path) -> path.readOperationsMap()
            .forEach((method, operation) -> {
                summaries.put(method + " " + template, operation.getSummary());
                tags.put(method + " " + template, operation.getTags().getFirst());
            }));
        Map<String, StringBuilder> tables = new LinkedHashMap<>();
        tags.values().forEach(tag -> tables.putIfAbsent(tag, new StringBuilder()));
        tables.put(CONSOLE, new StringBuilder());
        roster.node().routes.all().forEach(route -> tables.get(tags.getOrDefault(name(route), CONSOLE))
            .append("| `%s` | `%s` | %s | %s |\n".formatted(route.method(), route.template(), needs(route),
                summaries.getOrDefault(name(route), ""))));
        var page = new StringBuilder(HEAD).append("%d routes.\n".formatted(roster.node().routes.all().size()));
        tables.forEach((tag, table) -> page.append("\n## %s\n\n".formatted(tag))
            .append("| method | path | needs | what it does |\n|---|---|---|---|\n").append(table));
        return page.toString();
    }

    private static String name(Route route) {
        return route.method() + " " + route.template();
    }

    private static String needs(Route route) {
        return needs(route.needs()) + (route.session() == SessionMust.BE_FRESH ? "; fresh" : "");
    }

    private static String names(List<Permission> permissions, String joined) {
        return permissions.stream().map(Permission::name).map("`%s`"::formatted).collect(Collectors.joining(joined));
    }

    private static String needs(Needs needs) {
        return switch (needs) {
            case Needs.OneOf(var permissions) -> names(permissions, " or ");
            case Needs.AllOf(var permissions) -> names(permissions, " and ");
            case Needs.SessionOf(var permissions) -> "a session with " + names(permissions, " or ");
            case Needs.Simple.KEYS -> "keys";
            case Needs.Simple.API_KEY -> "an API key";
            case Needs.Simple.SESSION -> "a session";
            case Needs.Simple.KEYS_IF_SENT -> "open; keys that are sent must be good";
            case Needs.Simple.NOTHING -> "open";
            case Needs.Simple.HEALTH -> "open, never limited";
        };
    }
}
