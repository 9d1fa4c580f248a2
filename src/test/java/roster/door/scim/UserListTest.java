package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.refused;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

/// Lists of people, sorted and paged: the contract's section 9.2.
class UserListTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final Map<String, String> POINTERS = Map.of("userName", "/userName", "displayName", "/displayName",
        "name.formatted", "/name/formatted", "name.familyName", "/name/familyName", "title", "/title", "active",
        "/active", "externalId", "/externalId", "id", "/id", "meta.created", "/meta/created", "meta.lastModified",
        "/meta/lastModified");

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));

    private List<JsonNode> listed(String query) {
        var answer = ok(directory.send("GET", "/Users?count=1000&" + query, null), 200);
        assertThat(answer.at("/totalResults").asInt()).isEqualTo(answer.at("/Resources").size());
        return StreamSupport.stream(answer.at("/Resources").spliterator(), false).toList();
    }

    private List<String> ids(String query) {
        return listed(query).stream().map(user -> user.path("id").asString()).toList();
    }

    private List<String> names(String query) {
        return listed(query).stream().map(user -> user.path("userName").asString()).toList();
    }

    private static Optional<String> value(JsonNode user, String sortBy) {
        var emails = user.path("emails");
        var email =
            StreamSupport.stream(emails.spliterator(), false).filter(one -> one.path("primary").asBoolean(false))
                .findFirst().orElse(emails.path(0)).path("value");
        var value = sortBy.equals("emails") ? email : user.at(POINTERS.get(sortBy));
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asString())
            .map(text -> sortBy.equals("externalId") ? text : text.toLowerCase(Locale.ROOT));
    }

    /// The ids of a list, sorted as the contract says.
    private static List<String> sorted(List<JsonNode> oldestFirst, String sortBy, boolean descending) {
        var order = Comparator.comparing((JsonNode user) -> value(user, sortBy).orElse(null),
            Comparator.nullsLast(Comparator.<String>naturalOrder()));
        return oldestFirst.stream().sorted(descending ? order.reversed() : order)
            .map(user -> user.path("id").asString()).toList();
    }

    /// People come, change, leave and come back, and each list is that of the contract.
    @Test
    void every_order_is_kept_while_people_come_and_change() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        var random = new Random(seed);
        var ids = new ArrayList<String>();
        for (var round = 0; round < 4; round++) {
            for (var i = 0; i < 12; i++) {
                change(random, ids);
            }
            for (var filter : List.of("", "&filter=title%20pr%20or%20active%20eq%20true",
                "&filter=externalId%20eq%20%22x1%22")) {
                var oldestFirst = listed(filter);
                for (var sortBy : POINTERS.keySet()) {
                    isSorted(seed, oldestFirst, sortBy, filter);
                }
                isSorted(seed, oldestFirst, "emails", filter);
            }
        }
    }

    private void isSorted(long seed, List<JsonNode> oldestFirst, String sortBy, String filter) {
        assertThat(ids("sortBy=" + sortBy + filter)).as("%s, seed %d", sortBy + filter, seed)
            .isEqualTo(sorted(oldestFirst, sortBy, false));
        assertThat(ids("sortBy=" + sortBy + "&sortOrder=descending" + filter)).as("%s, seed %d", sortBy + filter, seed)
            .isEqualTo(sorted(oldestFirst, sortBy, true));
    }

    private void change(Random random, List<String> ids) {
        var number = random.nextInt(1_000_000);
        var name = List.of("Ann", "ann", "Änne", "Bob", "bobby", "Zoë", "zoe b").get(random.nextInt(7));
        if (ids.size() < 5 || random.nextInt(3) == 0) {
            ids.add(directory.created("""
                {"userName":"%s%d","displayName":"%s","emails":[{"value":"a%d@acme.test","type":"home"},
                 {"value":"w%d@acme.test","type":"work"%s}]%s}""".formatted(name, number, name, number, number,
                random.nextBoolean() ? ",\"primary\":true" : "",
                random.nextBoolean() ? ",\"externalId\":\"%s\"".formatted(random.nextBoolean() ? "x1" : "X" + number)
                    : "")));
            return;
        }
        var id = ids.get(random.nextInt(ids.size()));
        switch (random.nextInt(7)) {
            case 0 -> ok(directory.patch(id, replaced("title", name)), 200);
            case 1 -> ok(directory.patch(id, replaced("displayName", name)), 200);
            case 2 -> ok(directory.patch(id, replaced("name.familyName", name)), 200);
            case 3 -> ok(directory.patch(id, replaced("userName", name + number)), 200);
            case 4 -> ok(directory.patch(id, replaced("active", random.nextBoolean() ? "True" : "False")), 200);
            case 5 -> {
                ok(directory.delete(id), 204);
                ids.remove(id);
            }
            default -> { // another door
                directory.org().newPending(name.strip().codePointAt(0) + "p%d@acme.test".formatted(number));
                directory.org().newServiceAccount("bot%d@acme.test".formatted(number), List.of());
            }
        }
    }

    private static String replaced(String path, String value) {
        return "{\"op\":\"replace\",\"path\":\"%s\",\"value\":\"%s\"}".formatted(path, value);
    }

    @Test
    void people_without_a_value_come_last_or_first_and_those_alike_the_oldest_first() {
        var untitled = directory.created("{\"userName\":\"u1@acme.test\"}");
        var cto = directory.created("{\"userName\":\"u2@acme.test\",\"title\":\"cto\"}");
        var ceo = directory.created("{\"userName\":\"u3@acme.test\",\"title\":\"CEO\"}");
        var other = directory.created("{\"userName\":\"u4@acme.test\",\"title\":\"ceo\"}");
        var founder = directory.admin().id();

        assertThat(ids("sortBy=title")).containsExactly(ceo, other, cto, founder, untitled);
        assertThat(ids("sortBy=title&sortOrder=descending")).containsExactly(founder, untitled, cto, ceo, other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sortBy=USERNAME", "sortby=x&sortBy=userName&sortOrder=Ascending",
        "sortBy=urn:ietf:params:scim:schemas:core:2.0:User:userName", "sortBy=userName&sortOrder=ASCENDING"})
    void names_of_attributes_and_orders_are_taken_in_any_case(String query) {
        directory.created("{\"userName\":\"Bea@acme.test\"}");
        directory.created("{\"userName\":\"ann@acme.test\"}");

        assertThat(names(query)).containsExactly("ann@acme.test", "Bea@acme.test", "founder@acme.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sortBy=nickName", "sortBy=members", "sortBy=name", "sortBy=roles", "sortBy=actve",
        "sortBy=emails.type", "sortBy=userName&sortOrder=up", "sortOrder=up", "startIndex=x", "count=1.5"})
    void bad_parameters_are_refused(String query) {
        refused(directory.send("GET", "/Users?" + query, null), 400, "invalidValue");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | 1,4", "count=0 | 1,0", "count=-3 | 1,0", "count=2 | 1,2",
        "startIndex=0&count=2 | 1,2", "startIndex=-5 | 1,4", "startIndex=4 | 4,1", "startIndex=5 | 5,0",
        "startIndex=3&count=9 | 3,2", "count=5000 | 1,4", "startIndex=2147483647 | 2147483647,0"})
    void pages_are_counted_from_one_and_say_what_is_in_them(String query, String expected) {
        for (var name : List.of("c", "a", "b")) {
            directory.created("{\"userName\":\"%s@acme.test\"}".formatted(name));
        }
        for (var sort : List.of("", "&sortBy=userName", "&filter=active%20eq%20true")) {
            var answer = ok(directory.send("GET", "/Users?" + query + sort, null), 200);

            assertThat(answer.at("/startIndex").asInt() + "," + answer.at("/itemsPerPage").asInt()).isEqualTo(expected);
            assertThat(answer.at("/Resources")).hasSize(answer.at("/itemsPerPage").asInt());
            assertThat(answer.at("/totalResults").asInt()).isEqualTo(4);
            assertThat(answer.at("/nextCursor").isMissingNode()).isTrue();
        }
    }

    @Test
    void pages_together_are_the_list_in_every_order() {
        for (var i = 0; i < 25; i++) {
            directory.created("{\"userName\":\"p%d@acme.test\",\"title\":\"%s\"}".formatted(i * 7 % 25, i % 3));
        }
        for (var query : List.of("", "sortBy=title", "sortBy=userName&sortOrder=descending",
            "filter=title%20pr&sortBy=title&sortOrder=descending")) {
            var paged = new ArrayList<String>();
            for (var start = 1; start <= 26; start += 4) {
                paged.addAll(ok(directory.send("GET", "/Users?count=4&startIndex=%d&%s".formatted(start, query), null),
                    200).each("/Resources", "/id"));
            }
            assertThat(paged).as(query).isEqualTo(ids(query)).hasSizeBetween(25, 26).doesNotHaveDuplicates();
        }
    }

    @Test
    void people_are_found_by_their_groups() {
        var ops = directory.org().newRole("Ops", List.of()).toString();
        var dev = directory.org().newRole("Dev", List.of()).toString();
        directory.org().newServiceAccount("bot@acme.test", List.of(ops));
        for (var name : List.of("c", "a", "b")) {
            directory.created("{\"userName\":\"%s@acme.test\",\"roles\":[\"%s\"%s]}".formatted(name, ops,
                name.equals("a") ? ",\"" + dev + "\"" : ""));
        }
        directory.created("{\"userName\":\"d@acme.test\",\"roles\":[\"%s\"]}".formatted(dev));

        for (var filter : List.of("groups.value eq \"%s\"", "roles eq \"%s\"", "groups[value eq \"%s\"]",
            "active eq true and roles.value eq \"%s\"", "groups.value eq \"%S\"")) {
            assertThat(names("sortBy=userName&filter=" + encoded(filter.formatted(ops)))).as(filter)
                .containsExactly("a@acme.test", "b@acme.test", "c@acme.test");
        }
        var both = "groups.value eq \"%s\" and roles.value eq \"%s\"".formatted(ops, dev);
        assertThat(names("filter=" + encoded(both))).containsExactly("a@acme.test");
        assertThat(names("filter=" + encoded(both.replace("and", "or")))).hasSize(4);
        assertThat(names("filter=" + encoded("groups.value eq \"Ops\""))).isEmpty();
    }

    private static String encoded(String filter) {
        return URLEncoder.encode(filter, StandardCharsets.UTF_8);
    }

    @Test
    void a_list_without_an_order_is_the_oldest_first_on_every_node_as_soon_as_people_come_and_go() {
        var ann = directory.created("{\"userName\":\"zann@acme.test\"}");
        try (var other = roster.anotherNode(Map.of())) {
            var there = directory.at(other.address());
            assertThat(ok(there.send("GET", "/Users", null), 200).each("/Resources", "/id"))
                .containsExactly(directory.admin().id(), ann);
            var bob = directory.created("{\"userName\":\"abob@acme.test\"}");
            assertThat(ok(there.send("GET", "/Users", null), 200).each("/Resources", "/id"))
                .containsExactly(directory.admin().id(), ann, bob);
            ok(there.delete(ann), 204);
            assertThat(ids("")).containsExactly(directory.admin().id(), bob);
            ok(directory.admin().send("PUT", "/api/v2/anonymize_users", """
                {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(bob)), 200);
            assertThat(ok(there.send("GET", "/Users", null), 200).each("/Resources", "/id"))
                .containsExactly(directory.admin().id());
        }
    }
}
