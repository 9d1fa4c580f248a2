package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Schema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.base.http.Route;
import roster.base.json.Json;
import roster.support.OpenApiCheck;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// No text and no list costs more than reading it, at any place of any document: normalising 260 KB of combining marks took
/// 9 s, and 1 MB of `{}` was answered with 57 MB of faults. The places are those of `openapi.yaml`.
@Timeout(300)
class BoundedInputTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final OpenAPI DOCUMENT = OpenApiCheck.parse().getOpenAPI();

    /// In descending order of their class, so that each has to move: 260 KB.
    private static final String MARKS = "\u0301\u0316".repeat(65_000);

    /// What a refusal may take: a hundred faults.
    private static final int REFUSAL_BYTES_MAX = 32 << 10;

    private static final int BODY_BYTES = 300_000;

    static Stream<Named<Route>> withDocument() {
        return roster.node().routes.all().stream().filter(route -> !places(route).isEmpty())
            .map(route -> Named.of(Recipes.name(route), route));
    }

    static TreeSet<String> places(Route route) {
        var places = new TreeSet<String>();
        var path = DOCUMENT.getPaths().get(route.template());
        var operation = path == null ? null : path.readOperationsMap().get(HttpMethod.valueOf(route.method()));
        var sent = operation == null ? null : operation.getRequestBody();
        if (sent != null && sent.get$ref() != null) {
            sent = DOCUMENT.getComponents().getRequestBodies().get(name(sent.get$ref()));
        }
        if (sent != null && sent.getContent().containsKey("application/json")) {
            collect(sent.getContent().get("application/json").getSchema(), "", places);
        }
        return places;
    }

    private static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /// JSON pointers of all values that have no members; a list is one, and each of its entries.
    private static void collect(Schema<?> schema, String at, TreeSet<String> places) {
        if (schema.get$ref() != null) {
            collect(DOCUMENT.getComponents().getSchemas().get(name(schema.get$ref())), at, places);
            return;
        }
        for (var parts : new List<?>[] {schema.getAllOf(), schema.getOneOf(), schema.getAnyOf()}) {
            if (parts != null) {
                parts.forEach(part -> collect((Schema<?>) part, at, places));
            }
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, member) -> collect(member, at + "/" + name, places));
        } else if (schema.getItems() != null) {
            places.add(at);
            collect(schema.getItems(), at + "/0", places);
        } else if (!at.isEmpty()) {
            places.add(at);
        }
    }

    /// Puts a value at a place, and makes what is above it.
    static JsonNode with(JsonNode document, String pointer, JsonNode value) {
        var above = pointer.substring(0, pointer.lastIndexOf('/'));
        var name = pointer.substring(pointer.lastIndexOf('/') + 1);
        var list = name.equals("0");
        var tree = document;
        var holder = tree.at(above);
        if (list ? !holder.isArray() : !holder.isObject()) {
            holder = list ? JsonNodeFactory.instance.arrayNode() : JsonNodeFactory.instance.objectNode();
            tree = above.isEmpty() ? holder : with(tree, above, holder);
        }
        if (holder instanceof ArrayNode array) {
            array.removeAll().add(value);
        } else {
            ((ObjectNode) holder).set(name, value);
        }
        return tree;
    }

    /// Sends each value at each place of a valid request.
    private static void assertSmall(Route route, List<JsonNode> values) {
        var org = roster.newOrg("acme");
        var call = Recipes.call(route, org);
        for (var place : places(route)) {
            for (var value : values) {
                var body = call.body() == null ? JsonNodeFactory.instance.objectNode()
                    : Json.parse(call.body().getBytes(StandardCharsets.UTF_8));
                var before = org.version();

                var answer = org.founder().send(route.method(), call.path(), with(body, place, value).toString(),
                    call.headers());

                assertThat(answer.status()).as(place).isLessThan(500);
                if (answer.status() < 400) { // a member that is ignored
                    assertThat(answer.text()).as(place).doesNotContain("\u0301");
                    org = roster.newOrg("acme");
                    call = Recipes.call(route, org);
                } else {
                    assertThat(answer.bytes()).as(place).hasSizeLessThan(REFUSAL_BYTES_MAX);
                    assertThat(answer.errors()).as(place).hasSizeLessThanOrEqualTo(100);
                    assertThat(org.version()).as(place).isEqualTo(before);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withDocument")
    void a_long_text(Route route) {
        assertSmall(route, List.of(StringNode.valueOf(MARKS), StringNode.valueOf("\u0001".repeat(100_000))));
    }

    @ParameterizedTest
    @MethodSource("withDocument")
    void a_long_list(Route route) {
        assertSmall(route, Stream.of(list("{}", BODY_BYTES), list("{\"id\":{}}", 8000), list("\"\"", 8000))
            .map(text -> Json.parse(text.getBytes(StandardCharsets.UTF_8))).toList());
    }

    private static String list(String entry, int bytes) {
        var entries = entry + ("," + entry).repeat(bytes / (entry.length() + 1) - 1);
        return "[" + entries + "]";
    }

    /// As long as a target may be.
    @Test
    void long_texts_in_queries() {
        var marks = URLEncoder.encode("\u0301\u0316".repeat(600), StandardCharsets.UTF_8);
        for (var route : roster.node().routes.all()) {
            var path = DOCUMENT.getPaths().get(route.template());
            if (!route.method().equals("GET") || !route.template().startsWith("/api/") || path == null
                || path.getGet() == null
                || path.getGet().getParameters() == null) {
                continue;
            }
            var ada = roster.newOrg("acme").founder();
            var to = Recipes.call(route, ada.org()).path().split("\\?", 2)[0];
            for (var parameter : path.getGet().getParameters()) {
                var name = parameter.getName() == null ? "filter" : parameter.getName();
                var answer =
                    ada.get(to + "?" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "=" + marks);
                assertThat(answer.status()).as("%s ?%s", route.template(), name).isLessThan(500);
                assertThat(answer.status() < 400 || answer.bytes().length < REFUSAL_BYTES_MAX).as(name).isTrue();
            }
        }
    }

    /// More of them at once than there are processors.
    @Test
    void others_are_answered_meanwhile() throws Exception {
        var bob = roster.newOrg("acme").newUser("bob@acme.test");
        var body = """
            {"data":{"type":"users","id":"%s","attributes":{"name":"%s","title":"%s","email":"%s@acme.test"}}}
            """.formatted(bob.id(), MARKS, MARKS, MARKS);
        try (var threads = Executors.newFixedThreadPool(8)) {
            var attacks = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < 32; i++) {
                attacks.add(() -> bob.patch("/api/v2/current_user", body).status());
                attacks.add(() -> roster.send("GET", "/health/live", null, Map.of()).status());
            }
            var answers = new TreeSet<Integer>();
            for (var answer : threads.invokeAll(attacks)) {
                answers.add(answer.get());
            }
            assertThat(answers).containsExactly(200, 400);
        }
    }
}
