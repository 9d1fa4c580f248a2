package roster.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import roster.base.json.Json;
import roster.support.Answer;
import roster.support.TestRoster;
import roster.support.TestUser;
import tools.jackson.databind.JsonNode;

/// Random filters and patches against two other implementations of SCIM: scimmy and scim-patch, both of npm. `./check`
/// fetches them.
///
/// Left out is what they and the contract have differently, as `docs/scim-conformance.md` tells: case, conditions on several
/// elements without brackets, unknown attributes, and the forms of a patch that are not in RFC 7644.
class ScimOraclesTest {
    private static final Path FOLDER = Path.of("src/test/typescript").toAbsolutePath();
    private static final String DEPARTMENT = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    private static final List<String> WORDS = List.of("a", "b", "ab", "ba", "bab", "cab");
    private static final List<String> TYPES = List.of("work", "home", "mobile");
    private static final List<String> TEXTS = List.of("title", "nickName", "userType", "name.middleName");

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("roster.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private TestUser ada;

    @BeforeEach
    void needed() throws InterruptedException {
        Program.needed(getClass(), Files.exists(FOLDER.resolve("node_modules/scimmy"))
            && Program.works("node", "--version"), "no Node.js, or scimmy and scim-patch are not fetched");
        ada = roster.newOrg("oracles").founder();
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private Answer send(String method, String path, Object body) {
        return TestRoster.send(roster.address(), method, "/scim/v2" + path,
            body == null ? null : new String(Json.bytes(body), StandardCharsets.UTF_8),
            Map.of("Authorization", "Bearer " + ada.applicationKey(), "Content-Type", "application/scim+json"));
    }

    /// What the other implementation says, one for each case.
    private List<JsonNode> said(String kind, List<?> resources, List<?> cases) throws Exception {
        var file = folder.resolve(kind + ".json");
        Files.write(file, Json.bytes(Map.of("resources", resources, "cases", cases)));
        var ran = Program.run(Map.of("NODE_PATH", FOLDER.resolve("node_modules").toString()), "node",
            FOLDER.resolve("oracles.js").toString(), kind, file.toString());
        assertThat(ran.exit()).as(ran.out()).isZero();
        var lines = ran.out().lines().map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8))).toList();
        assertThat(lines).hasSameSizeAs(cases);
        return lines;
    }

    private Map<String, Object> person(int number) {
        var address = "p%d@acme.test".formatted(number);
        var person = new LinkedHashMap<String, Object>(Map.of("userName", address, "displayName", "P", "emails",
            List.of(Map.of("value", address)), "active", random.nextInt(4) > 0));
        Stream.of("title", "nickName", "userType").filter(name -> random.nextInt(3) > 0)
            .forEach(name -> person.put(name, one(WORDS)));
        person.put("name", random.nextBoolean() ? Map.of("familyName", "F")
            : Map.of("familyName", "F", "middleName", one(WORDS)));
        person.put("phoneNumbers", phones());
        return person;
    }

    private List<Map<String, String>> phones() {
        return Stream.generate(() -> Map.of("value", one(WORDS), "type", one(TYPES))).limit(random.nextInt(3))
            .distinct()
            .toList();
    }

    private String comparison(String name) {
        return random.nextInt(5) == 0 ? name + " pr"
            : "%s %s \"%s\"".formatted(name, one(List.of("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")),
                one(WORDS));
    }

    private String term() {
        return switch (random.nextInt(6)) {
            case 0 -> "active %s %b".formatted(one(List.of("eq", "ne")), random.nextBoolean());
            case 1 -> "phoneNumbers[value %s \"%s\" and type eq \"%s\"]".formatted(one(List.of("eq", "co", "sw", "ew")),
                one(WORDS), one(TYPES));
            case 2 -> "phoneNumbers.%s \"%s\"".formatted(one(List.of("value eq", "value co", "value sw")), one(WORDS));
            default -> comparison(one(TEXTS));
        };
    }

    /// Terms that may be joined: of several on one list of elements, scimmy thinks as if they were on one element.
    private String filter() {
        var terms = IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> term()).toList();
        var phones = terms.stream().filter(term -> term.startsWith("phone")).count();
        var joined = terms.getFirst();
        for (var term : terms.subList(1, terms.size())) {
            joined += one(phones > 1 ? List.of(" or ") : List.of(" and ", " or ")) + term;
        }
        return joined;
    }

    @Test
    void filters_find_whom_scimmy_finds() throws Exception {
        for (int i = 0; i < 40; i++) {
            assertThat(send("POST", "/Users", person(i)).status()).isEqualTo(201);
        }
        var people = new ArrayList<JsonNode>();
        send("GET", "/Users?filter=displayName+eq+P", null).at("/Resources").forEach(people::add);
        assertThat(people).hasSize(40);
        var filters = Stream.generate(this::filter).limit(300).toList();

        var expected = said("filters", people, filters);

        var found = 0;
        for (int i = 0; i < filters.size(); i++) {
            var answer = send("GET", "/Users?count=1000&filter=" + URLEncoder.encode("displayName eq \"P\" and (%s)"
                .formatted(filters.get(i)), StandardCharsets.UTF_8), null);
            assertThat(answer.status()).as("%s: %s", filters.get(i), answer).isEqualTo(200);
            assertThat(ids(answer.at("/Resources"), "/id")).as("%s, seed %d", filters.get(i), seed)
                .isEqualTo(ids(expected.get(i), ""));
            found += answer.at("/totalResults").asInt();
        }
        assertThat(found).isBetween(1_000, 11_000);
    }

    private static TreeSet<String> ids(JsonNode list, String at) {
        var ids = new TreeSet<String>();
        list.forEach(node -> ids.add(node.at(at).asString()));
        return ids;
    }

    private static Map<String, Object> operation(String op, String path, Object value) {
        var operation = new LinkedHashMap<String, Object>(Map.of("op", op));
        if (path != null) {
            operation.put("path", path);
        }
        if (value != null) {
            operation.put("value", value);
        }
        return operation;
    }

    private Map<String, Object> operation() {
        var op = one(List.of("add", "replace"));
        var chosen = "phoneNumbers[type eq \"%s\"]".formatted(one(TYPES));
        return switch (random.nextInt(10)) {
            case 0 -> operation(op, one(TEXTS), one(WORDS));
            case 1 -> operation("remove", one(TEXTS), null);
            case 2 -> operation(op, null, Map.of(one(TEXTS), one(WORDS), DEPARTMENT, one(WORDS)));
            case 3 -> operation(op, DEPARTMENT, one(WORDS));
            case 4 -> operation("remove", DEPARTMENT, null);
            case 5 -> operation("add", "phoneNumbers", List.of(Map.of("value", one(WORDS), "type", one(TYPES))));
            case 6 -> operation("replace", "phoneNumbers", List.of(Map.of("value", one(WORDS), "type", one(TYPES))));
            case 7 -> operation("remove", one(List.of(chosen, "phoneNumbers", "phoneNumbers[value sw \"b\"]")), null);
            case 8 -> operation("replace", "phoneNumbers[value eq \"%s\"]".formatted(one(WORDS)),
                Map.of("value", one(WORDS), "type", one(TYPES)));
            default -> operation(op, chosen + ".value", one(WORDS));
        };
    }

    /// What is compared: what the operations are on, without what has no value.
    private static Map<String, Object> shown(JsonNode resource) {
        var shown = new HashMap<String, Object>();
        Stream.of("/title", "/nickName", "/userType", "/name/middleName",
            "/" + DEPARTMENT.substring(0, DEPARTMENT.lastIndexOf(':')) + "/department")
            .forEach(path -> shown.put(path, resource.at(path).asString("")));
        var phones = new ArrayList<String>();
        resource.at("/phoneNumbers").forEach(
            phone -> phones.add(phone.path("type").asString("") + " " + phone.path("value").asString("")));
        shown.put("phones", phones);
        return shown;
    }

    @Test
    void patches_leave_what_scim_patch_leaves() throws Exception {
        var refused = 0;
        var changed = 0;
        for (int history = 0; history < 12; history++) {
            var before = send("POST", "/Users", person(history));
            var requests = Stream.generate(() -> Stream.generate(this::operation).limit(1 + random.nextInt(3)).toList())
                .limit(40).toList();

            var expected = said("patches", List.of(before.json()), requests);

            var last = shown(before.json());
            for (int i = 0; i < requests.size(); i++) {
                var answer = send("PATCH", "/Users/" + before.text("/id"), Map.of("Operations", requests.get(i)));
                var as = "%s on %s: %s, seed %d".formatted(requests.get(i), last, answer, seed);
                if (expected.get(i).isNull()) {
                    assertThat(answer.status()).as(as).isEqualTo(400);
                    refused++;
                } else {
                    assertThat(answer.status()).as(as).isEqualTo(200);
                    assertThat(shown(answer.json())).as(as).isEqualTo(shown(expected.get(i)));
                    changed += shown(answer.json()).equals(last) ? 0 : 1;
                    last = shown(answer.json());
                }
            }
        }
        assertThat(refused).isPositive();
        assertThat(changed).isGreaterThan(100);
    }
}
