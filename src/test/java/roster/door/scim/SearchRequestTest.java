package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.TestRoster;

/// Searches by POST: the contract's sections 1 and 9, and RFC 7644, 3.4.3.
class SearchRequestTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = Stream.of("/scim/v2", "/api/v2/scim")
        .flatMap(base -> Stream.of("", "/Users", "/Groups").map(what -> base + what + "/.search"))
        .map(path -> new Recipe("POST " + path, _ -> new Recipe.Call(path, "{\"count\":1}"))).toList();

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));
    private final GroupClient groups = GroupClient.of(directory.admin());

    private Answer search(String path, String body) {
        return directory.send("POST", path + "/.search", body);
    }

    /// Three managed groups, these two, the founder, and these three.
    private void filled() {
        groups.create("Dev");
        groups.create("Öps", directory.admin());
        for (var name : List.of("Carl", "anna", "Zoe")) {
            directory.created("{\"userName\":\"%s@acme.test\",\"displayName\":\"%s\",\"externalId\":\"x%s\"}"
                .formatted(name, name, name));
        }
    }

    private List<String> names(Answer answer) {
        return ok(answer, 200).each("/Resources", "/displayName");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{} | ''", "{\"count\":2,\"startIndex\":2} | count=2&startIndex=2",
        "{\"SortBy\":\"displayName\",\"SORTORDER\":\"descending\"} | sortBy=displayName&sortOrder=descending",
        "{\"filter\":\"displayName sw \\\"a\\\"\"} | filter=displayName%20sw%20%22a%22",
        "{\"attributes\":[\"displayName\",\"meta.created\"]} | attributes=displayName,meta.created",
        "{\"attributes\":\"displayName\"} | attributes=displayName",
        "{\"excludedAttributes\":[\"meta\",\"displayName\"]} | excludedAttributes=meta&excludedAttributes=displayName",
        "{\"count\":-1,\"startIndex\":-7} | count=0", "{\"count\":5000} | count=1000",
        "{\"count\":99999999999999999999999} | count=1000", "{\"cursor\":\"\",\"count\":1} | cursor=&count=1",
        "{\"filter\":null,\"count\":null,\"sortBy\":\"\",\"cursor\":null,\"attributes\":[],\"what\":[{}]} | ''",
        "{\"count\":1,\"Count\":3} | count=3"})
    void a_search_is_the_list_of_the_same_query(String body, String query) {
        filled();
        for (var base : List.of("/scim/v2", "/api/v2/scim")) {
            for (var path : List.of("/Users", "/Groups")) {
                var client = directory.below(base);
                var listed = ok(client.send("GET", path + "?" + query, null), 200);
                var searched = ok(client.send("POST", path + "/.search", body), 200);

                assertThat(searched.text()).isEqualTo(listed.text());
                assertThat(searched.header("Content-Type")).contains("application/scim+json");
            }
        }
    }

    @Test
    void a_cursor_of_a_list_leads_on_in_a_search() {
        filled();
        var cursor = ok(directory.send("GET", "/Users?cursor=&count=2&attributes=displayName,id", null), 200)
            .text("/nextCursor");

        assertThat(names(search("/Users", "{\"cursor\":\"%s\",\"attributes\":[\"displayName,id\"]}".formatted(cursor))))
            .containsExactly("anna", "Zoe");
        refused(search("/Users", "{\"cursor\":\"%s\"}".formatted(cursor)), 400, "invalidCursor");
        refused(search("/Groups", "{\"cursor\":\"%s\",\"attributes\":[\"displayName,id\"]}".formatted(cursor)), 400,
            "invalidCursor");
        refused(search("/Users", "{\"cursor\":\"\",\"startIndex\":1}"), 400, "invalidValue");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"[] | invalidSyntax", "\"x\" | invalidSyntax", "{ | invalidSyntax",
        "{\"filter\":1} | invalidSyntax", "{\"filter\":[\"a\"]} | invalidSyntax", "{\"count\":\"1\"} | invalidSyntax",
        "{\"startIndex\":true} | invalidSyntax", "{\"count\":1.5} | invalidValue", "{\"sortBy\":{}} | invalidSyntax",
        "{\"sortBy\":\"nickName\"} | invalidValue", "{\"sortOrder\":\"up\"} | invalidValue",
        "{\"attributes\":[1]} | invalidSyntax", "{\"attributes\":{}} | invalidSyntax",
        "{\"excludedAttributes\":7} | invalidSyntax", "{\"cursor\":1} | invalidSyntax",
        "{\"cursor\":\"x\"} | invalidCursor", "{\"filter\":\"displayName\"} | invalidFilter",
        "{\"filter\":\"actve eq true\"} | invalidFilter"})
    void what_makes_no_sense_is_refused(String body, String type) {
        for (var path : List.of("", "/Users", "/Groups")) {
            refused(search(path, body), 400, type);
        }
    }

    @Test
    void other_methods_and_media_types_are_refused() {
        for (var path : List.of("/.search", "/Users/.search", "/Groups/.search")) {
            for (var method : List.of("GET", "PUT", "PATCH", "DELETE")) {
                var answer = ok(directory.send(method, path, method.startsWith("P") ? "{}" : null), 405);
                assertThat(answer.header("Allow")).contains("POST");
            }
            ok(directory.send("POST", path, "{}", Map.of("Content-Type", "text/plain")), 415);
        }
    }

    @ParameterizedTest
    @CsvSource({"/Groups, 8388608", "/Users, 1048576", "'', 1048576"})
    void as_long_a_body_is_taken_as_other_requests_about_the_same_have_and_no_longer(String path, int most) {
        for (var base : List.of("/scim/v2", "/api/v2/scim")) {
            var client = directory.below(base);
            var frame = "{\"count\":0,\"x\":\"%s\"}";
            var room = most - frame.length() + 2;
            ok(client.send("POST", path + "/.search", frame.formatted("x".repeat(room))), 200);
            ok(client.send("POST", path + "/.search", frame.formatted("x".repeat(room + 1))), 413);
        }
    }

    @Test
    void all_resources_are_people_then_groups() {
        filled();
        var users = ok(directory.send("GET", "/Users", null), 200);
        var roles = ok(directory.send("GET", "/Groups", null), 200);
        var all = new ArrayList<String>();
        users.at("/Resources").forEach(one -> all.add(one.toString()));
        roles.at("/Resources").forEach(one -> all.add(one.toString()));

        var answer = ok(search("", "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:SearchRequest\"]}"), 200);
        var found = new ArrayList<String>();
        answer.at("/Resources").forEach(one -> found.add(one.toString()));
        assertThat(found).isEqualTo(all).hasSize(9);
        assertThat(answer.at("/totalResults").asInt()).isEqualTo(9);
        assertThat(answer.at("/startIndex").asInt()).isEqualTo(1);
        assertThat(answer.at("/itemsPerPage").asInt()).isEqualTo(9);
    }

    @Test
    void an_order_goes_through_people_and_groups_and_those_without_a_value_are_last() {
        filled();
        assertThat(names(search("", "{\"sortBy\":\"displayName\"}"))).containsExactly("anna", "Carl",
            "Datadog Admin Role", "Datadog Read Only Role", "Datadog Standard Role", "Dev", "founder", "Zoe", "Öps");
        assertThat(names(search("", "{\"sortBy\":\"displayName\",\"sortOrder\":\"descending\",\"count\":3}")))
            .containsExactly("Öps", "Zoe", "founder");
        assertThat(names(search("", "{\"sortBy\":\"userName\"}"))).startsWith("anna", "Carl", "founder", "Zoe")
            .endsWith("Dev", "Öps");
        assertThat(names(search("", "{\"sortBy\":\"userName\",\"sortOrder\":\"descending\"}")))
            .endsWith("Zoe", "founder", "Carl", "anna");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "\"sortBy\":\"displayName\",", "\"sortBy\":\"externalId\",\"sortOrder\":\"descending\",",
            "\"sortBy\":\"meta.created\",", "\"filter\":\"displayName co \\\"a\\\"\",",
            "\"filter\":\"displayName co \\\"a\\\"\",\"sortBy\":\"displayName\",\"sortOrder\":\"descending\","})
    void pages_and_cursors_lead_through_both(String more) {
        filled();
        var all = ok(search("", "{%s\"count\":1000}".formatted(more)), 200).each("/Resources", "/id");
        assertThat(all).hasSizeGreaterThan(3).doesNotHaveDuplicates();
        for (var count : List.of(1, 2, 4)) {
            var paged = new ArrayList<String>();
            IntStream.iterate(1, start -> start <= all.size(), start -> start + count).forEach(start -> paged.addAll(
                ok(search("", "{%s\"count\":%d,\"startIndex\":%d}".formatted(more, count, start)), 200)
                    .each("/Resources", "/id")));
            assertThat(paged).isEqualTo(all);
            var walked = new ArrayList<String>();
            for (var at = Optional.of(""); at.isPresent();) {
                var page = ok(search("", "{%s\"count\":%d,\"cursor\":\"%s\"}".formatted(more, count, at.get())), 200);
                walked.addAll(page.each("/Resources", "/id"));
                at = Optional.of(page.at("/nextCursor")).filter(next -> !next.isMissingNode())
                    .map(next -> next.asString());
            }
            assertThat(walked).isEqualTo(all);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"displayName eq \"dev\" | Dev", "userName pr | founder,Carl,anna,Zoe",
        "members eq \"$ada\" | Datadog Admin Role,Öps",
        "not (userName pr) and displayName sw \"D\" and members pr | Datadog Admin Role",
        "meta.resourceType eq \"Group\" and displayName sw \"Dev\" | Dev",
        "meta.resourceType eq \"User\" | founder,Carl,anna,Zoe",
        "userName eq \"CARL@acme.test\" or displayName eq \"ÖPS\" | Carl,Öps", "externalId eq \"xanna\" | anna",
        "active eq true and displayName co \"a\" | Carl,anna", "displayName eq \"none\" | ''",
        "externalId eq null and userName eq null and displayName sw \"Dev\" | Dev"})
    void filters_take_what_a_resource_does_not_have_as_no_value(String filter, String expected) {
        filled();
        var answer = search("", "{\"filter\":\"%s\"}".formatted(filter.replace("$ada", directory.admin().id())
            .replace("\"", "\\\"")));
        assertThat(names(answer)).containsExactly(expected.isEmpty() ? new String[0] : expected.split(","));
        assertThat(answer.at("/totalResults").asInt()).isEqualTo(answer.at("/Resources").size());
    }

    @Test
    void selections_hold_for_both_and_members_can_be_excluded() {
        filled();
        var named = ok(search("", "{\"attributes\":[\"userName\",\"members.value\"]}"), 200);
        assertThat(named.at("/Resources/1").propertyNames()).containsExactlyInAnyOrder("schemas", "id", "userName");
        assertThat(named.at("/Resources/8").propertyNames()).containsExactlyInAnyOrder("schemas", "id", "members");
        assertThat(named.at("/Resources/8/members/0").propertyNames()).containsExactly("value");
        assertThat(ok(search("", "{\"excludedAttributes\":[\"members\"]}"), 200).text()).doesNotContain("\"members\"");
    }

    @Test
    void resources_of_another_organisation_are_never_found() {
        filled();
        var other = UserClient.of(roster.newOrg("other"));
        var answer = ok(other.send("POST", "/.search", "{\"filter\":\"id eq \\\"%s\\\"\"}"
            .formatted(directory.admin().id())), 200);
        assertThat(answer.at("/totalResults").asInt()).isZero();
        assertThat(ok(other.send("POST", "/.search", "{\"count\":0}"), 200).at("/totalResults").asInt()).isEqualTo(4);
    }
}
