package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.support.TestRoster;

/// Filters on names, titles, times and whether people are active are answered from memory, on each node as the last change has
/// left it, and come to what a look at everyone comes to: the contract's section 9.1.
class FiltersInMemoryTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final List<String> TEXTS = List.of("userName", "displayName", "name.formatted", "name.familyName",
        "title", "externalId", "id", "meta.created", "meta.lastModified", "meta.resourceType");
    private static final List<String> OPERATORS = List.of("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le");
    private static final List<String> NAMES =
        List.of("Ann", "ann", "Änne", "Anna", "Bob", "bobby", "Zoë", "𝒵oe", "C-3");

    private static Node other;
    private static List<String> nodes;

    private static final long SEED = Long.getLong("roster.seed", System.nanoTime());

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));
    private final Random random = new Random(SEED);
    private final List<String> people = new ArrayList<>();
    private int made;

    @BeforeAll
    static void start() {
        other = roster.anotherNode(Map.of());
        nodes = List.of(roster.address(), other.address());
    }

    @AfterAll
    static void stop() {
        other.close();
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static List<String> ids(UserClient client, String filter, String more) {
        var answer = ok(client.send("GET", "/Users?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8) + more,
            null), 200);
        return answer.each("/Resources", "/id");
    }

    /// Looks at everyone: what is said of nobody keeps orders from telling.
    private List<String> scanned(String filter) {
        return ids(directory, "(%s) or (nickName pr and not (nickName pr))".formatted(filter), "");
    }

    private void change() {
        var client = directory.at(one(nodes));
        var name = one(NAMES);
        if (people.size() < 6 || random.nextInt(3) == 0) {
            var number = made++;
            people.add(client.created("""
                {"userName":"%s%d","displayName":"%s","externalId":"%s","active":%s,%s
                 "emails":[%s{"value":"p%d@acme.test","type":"work"}]}""".formatted(name, number, one(NAMES),
                one(NAMES),
                random.nextBoolean(), random.nextBoolean() ? "\"title\":\"%s\",".formatted(one(NAMES)) : "",
                random.nextBoolean() ? "{\"value\":\"H%d@home.test\",\"type\":\"home\"},".formatted(number) : "",
                number)));
            return;
        }
        var id = one(people);
        switch (random.nextInt(7)) {
            case 0 -> ok(client.patch(id, replaced("title", name)), 200);
            case 1 -> ok(client.patch(id, replaced("displayName", name)), 200);
            case 2 -> ok(client.patch(id, replaced("name.familyName", name)), 200);
            case 3 -> ok(client.patch(id, replaced("userName", name + " " + random.nextInt(1_000_000))), 200);
            case 4 -> ok(client.patch(id, replaced("active", random.nextBoolean() ? "True" : "False")), 200);
            case 5 -> {
                ok(client.delete(id), 204);
                people.remove(id);
            }
            default -> api(client, id, "\"name\":\"%s\"".formatted(name));
        }
    }

    private static String replaced(String path, String value) {
        return "{\"op\":\"replace\",\"path\":\"%s\",\"value\":\"%s\"}".formatted(path, value);
    }

    private static void api(UserClient client, String id, String attributes) {
        var answer = client.admin().sendTo(client.node(), "PATCH", "/api/v2/users/" + id,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{%s}}}".formatted(id, attributes), Map.of());
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 204);
    }

    private String term() {
        if (random.nextInt(6) == 0) {
            return "active %s %s".formatted(one(List.of("eq", "ne")), random.nextBoolean());
        }
        if (random.nextInt(6) == 0) {
            return one(
                List.of("emails %s \"%s\"", "emails.value %s \"%s\"", "emails[type eq \"home\"].value %s \"%s\""))
                .formatted(one(OPERATORS),
                    one(List.of("p1@acme.test", "@HOME", "h2", "p", "acme.test", "h3@home.test")));
        }
        var attribute = one(TEXTS);
        if (random.nextInt(8) == 0) {
            return attribute + one(List.of(" pr", " eq null"));
        }
        var operator = one(OPERATORS);
        var value = value(attribute, operator);
        return "%s %s \"%s\"".formatted(attribute, operator, value);
    }

    private String value(String attribute, String operator) {
        var isPart = List.of("co", "sw", "ew").contains(operator);
        if (attribute.equals("id")) {
            var id = people.isEmpty() ? directory.admin().id() : one(people);
            return isPart ? one(List.of(id, id.substring(0, 8), id.substring(30))) : id;
        }
        if (!attribute.startsWith("meta.") || attribute.endsWith("Type")) {
            return one(List.of("a", "an", "ann", "Änn", "b", "bo", "é", "zoë", "𝒵", "User", "3", "1", "c-3"));
        }
        var shown = directory.get(people.isEmpty() ? directory.admin().id() : one(people))
            .text("/" + attribute.replace('.', '/'));
        return isPart ? one(List.of("20", "T", "Z", shown.substring(0, 13)))
            : one(List.of(shown, shown.replace("Z", "4Z"), shown.replace("Z", "0+00:00"), "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.9999Z"));
    }

    private String filter() {
        var term = term();
        return switch (random.nextInt(6)) {
            case 0 -> "not (%s)".formatted(term);
            case 1 -> "%s and %s".formatted(term, term());
            case 2 -> "%s and not (%s)".formatted(term, term());
            case 3 -> "%s and locale eq null".formatted(term);
            default -> term;
        };
    }

    @Test
    void what_memory_tells_is_what_a_look_at_everyone_tells() {
        var found = 0;
        for (int round = 0; round < 25; round++) {
            change();
            for (int i = 0; i < 12; i++) {
                var filter = filter();
                var wanted = scanned(filter);
                for (var node : nodes) {
                    assertThat(ids(directory.at(node), filter, "")).as("%s, seed %d", filter, SEED).isEqualTo(wanted);
                }
                found += wanted.size();
            }
        }
        assertThat(found).isGreaterThan(100);
    }

    @Test
    void parts_of_what_memory_tells_are_the_whole_in_every_order() {
        for (int i = 0; i < 20; i++) {
            directory.created("{\"userName\":\"%s%d@acme.test\",\"title\":\"%s\",\"active\":%s}".formatted(
                i % 2 == 0 ? "p" : "q", i * 7 % 20, "T" + i % 3, i % 4 > 0));
        }
        for (var filter : List.of("active eq true", "active eq false", "title sw \"t1\"", "userName sw \"p\"",
            "userName co \"5\"", "title eq \"T1\"", "meta.created pr", "title gt \"t0\" and title lt \"t2\"")) {
            for (var order : List.of("", "&sortBy=title", "&sortBy=userName", "&sortBy=title&sortOrder=descending")) {
                var whole = ids(directory, filter, order);
                assertThat(whole).as(filter + order).containsExactlyInAnyOrderElementsOf(scanned(filter)).isNotEmpty();
                var paged = new ArrayList<String>();
                for (int start = 1; start <= whole.size(); start += 3) {
                    paged.addAll(ids(directory, filter, order + "&count=3&startIndex=" + start));
                }
                assertThat(paged).as(filter + order).isEqualTo(whole);
                assertThat(walked(filter, order)).as(filter + order).isEqualTo(whole);
            }
            assertThat(ids(directory, filter, "")).isEqualTo(scanned(filter));
        }
    }

    private List<String> walked(String filter, String order) {
        var walked = new ArrayList<String>();
        for (var cursor = ""; cursor != null;) {
            var answer = ok(directory.send("GET", "/Users?count=3&cursor=%s&filter=%s%s".formatted(cursor,
                URLEncoder.encode(filter, StandardCharsets.UTF_8), order), null), 200);
            walked.addAll(answer.each("/Resources", "/id"));
            cursor = answer.at("/nextCursor").asString(null);
        }
        return walked;
    }

    @Test
    void memory_is_not_filled_again_until_something_changes() {
        var id = directory.created(person("ann@acme.test", "\"title\":\"CEO\""));
        for (var node : nodes) {
            assertThat(ids(directory.at(node), "title sw \"ce\"", "")).containsExactly(id);
        }

        // By hand and without a version, which memory cannot see, and is not to look for.
        roster.sql("UPDATE users SET title = 'Unseen' WHERE org_id = ? AND id = ?::uuid RETURNING 1",
            directory.org().id().value(), id);
        for (var node : nodes) {
            for (var filter : List.of("title sw \"ce\"", "title eq \"ceo\"", "title co \"e\"", "not (title eq null)")) {
                assertThat(ids(directory.at(node), filter, "")).as(filter).containsExactly(id);
            }
            assertThat(ids(directory.at(node), "title co \"unseen\"", "")).isEmpty();
        }
        roster.sql("SELECT roster_touch(?, 'title')", directory.org().id().value());
        for (var node : nodes) {
            assertThat(ids(directory.at(node), "title co \"unseen\"", "")).containsExactly(id);
        }
    }

    @Test
    void people_of_other_organisations_are_not_found() {
        var id = directory.created(person("ann@acme.test", "\"title\":\"CEO\""));
        assertThat(ids(directory, "title sw \"c\"", "")).containsExactly(id);
        assertThat(ids(directory, "title eq \"ceo\\u0000\" or title sw \"ceo\\u0000\"", "")).isEmpty();
        assertThat(ids(directory, "title eq \"ceo\\u0000\"", "")).isEmpty();
        assertThat(ids(UserClient.of(roster.newOrg("other")), "title sw \"c\"", "")).isEmpty();
    }
}
