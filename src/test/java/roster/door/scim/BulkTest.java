package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.BulkClient.change;
import static roster.door.scim.BulkClient.delete;
import static roster.door.scim.BulkClient.group;
import static roster.door.scim.BulkClient.id;
import static roster.door.scim.BulkClient.numbered;
import static roster.door.scim.BulkClient.person;
import static roster.door.scim.BulkClient.post;
import static roster.door.scim.BulkClient.statuses;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.DirectoryClient.operations;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.TestRoster;

/// Many changes in one request: the contract's section 11.
class BulkTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_PUBLIC_URL", "https://id.acme.test"));

    static final List<Recipe> RECIPES = Probe.BASES.stream().map(base -> new Recipe("POST " + base + "/Bulk",
        _ -> new Recipe.Call(base + "/Bulk", BulkClient.body(person("ann"), "")))).toList();

    static List<String> bases() {
        return Probe.BASES;
    }

    private static BulkClient client() {
        return BulkClient.of(roster.newOrg("acme"));
    }

    @ParameterizedTest
    @MethodSource("bases")
    void each_operation_is_answered_in_the_order_sent_as_a_request_of_its_own_would_be(String base) {
        var client = client().below(base);
        var bob = client.users().created(UserClient.person("bob@acme.test", ""));
        var cat = client.users().created(UserClient.person("cat@acme.test", ""));
        var ops = client.groups().create("Ops", bob);
        var dev = client.groups().create("Dev", bob);

        var answer = client.send(
            person("ann"),
            change("PUT", "/Users/" + bob, UserClient.person("bob@acme.test", "\"title\":\"CEO\"")),
            change("PATCH", "/Users/" + bob, operations("{\"op\":\"add\",\"path\":\"nickName\",\"value\":\"Bobby\"}")),
            delete("/Users/" + cat),
            group("Sales", bob),
            change("PUT", "/Groups/" + ops, "{\"displayName\":\"Operations\",\"members\":[]}"),
            change("PATCH", "/Groups/" + ops,
                operations("{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"}]}".formatted(bob))),
            delete("/Groups/" + dev),
            delete("/Groups/" + dev));

        assertThat(answer.header("Content-Type")).contains("application/scim+json");
        assertThat(answer.texts("/schemas"))
            .containsExactly("urn:ietf:params:scim:api:messages:2.0:BulkResponse");
        assertThat(answer.each("/Operations", "/method")).containsExactly("POST", "PUT", "PATCH", "DELETE", "POST",
            "PUT", "PATCH", "DELETE", "DELETE");
        assertThat(statuses(answer)).containsExactly("201", "200", "200", "204", "201", "200",
            base.equals("/scim/v2") ? "204" : "200", "204", "404");
        var url = "https://id.acme.test" + base;
        var ann = id(answer, 0);
        var sales = id(answer, 4);
        assertThat(answer.each("/Operations", "/location")).containsExactly(url + "/Users/" + ann,
            url + "/Users/" + bob, url + "/Users/" + bob, url + "/Users/" + cat, url + "/Groups/" + sales,
            url + "/Groups/" + ops, url + "/Groups/" + ops, url + "/Groups/" + dev, url + "/Groups/" + dev);
        assertThat(answer.at("/Operations/0/bulkId").asString()).isEqualTo("ann");
        assertThat(answer.at("/Operations/1").has("bulkId")).isFalse();
        assertThat(answer.at("/Operations/1").has("response")).isFalse();
        for (var one : List.of("0 /Users/" + ann, "4 /Groups/" + sales, "6 /Groups/" + ops)) {
            var words = one.split(" ");
            assertThat(answer.text("/Operations/" + words[0] + "/version")).as(one)
                .isEqualTo(client.users().send("GET", words[1], null).text("/meta/version"));
        }
        BulkClient.refused(answer, 8, 404, "");
        assertThat(answer.at("/Operations/8/response").has("errors")).isEqualTo(base.equals("/api/v2/scim"));

        assertThat(client.users().get(bob).text("/title")).isEqualTo("CEO");
        assertThat(client.users().get(bob).text("/nickName")).isEqualTo("Bobby");
        ok(client.users().get(cat), 404);
        assertThat(client.groups().membersOf(sales)).containsExactly(bob);
        assertThat(client.groups().membersOf(ops)).containsExactly(bob);
    }

    @Test
    void each_has_a_write_and_entries_of_its_own_under_the_id_of_the_request() {
        var client = client();
        var version = client.org().version();

        var answer = client.done(person("ann"), person("bob"), group("Ops", "bulkId:ann", "bulkId:bob"));

        assertThat(client.org().version()).isEqualTo(version + 3);
        assertThat(roster.sql("SELECT version, action, request_id FROM audit_entries WHERE org_id = ? AND version > ? "
            + "ORDER BY version, entry", client.org().id().value(), version).stream()
            .map(row -> "%d %s %s".formatted((long) row.get(0) - version, row.get(1), row.get(2))))
            .containsExactlyElementsOf(Stream.of("1 user.created", "2 user.created", "3 role.created",
                "3 role.member_added", "3 role.member_added")
                .map(entry -> entry + " " + answer.header("X-Request-Id").orElseThrow()).toList());
    }

    @Test
    void what_fails_leaves_the_rest_as_it_is() {
        var client = client();
        var version = client.org().version();

        var answer = client.send(person("ann"), person("ann2", "\"userName\":\"ann@acme.test\""),
            change("PATCH", "/Users/nobody", operations("{\"op\":\"add\",\"path\":\"title\",\"value\":\"x\"}")),
            change("PATCH", "/Users/" + client.users().admin().id(),
                operations("{\"op\":\"replace\",\"path\":\"active\",\"value\":false}")),
            change("PUT", "/Groups/" + client.org().managed(Role.Managed.ADMIN), "{\"displayName\":\"Other\"}"),
            delete("/Groups/" + client.org().managed(Role.Managed.STANDARD)),
            change("PATCH", "/Users/nobody", "{}"), person("cat"));

        assertThat(statuses(answer)).containsExactly("201", "409", "404", "403", "400", "403", "400", "201");
        BulkClient.refused(answer, 1, 409, "uniqueness");
        BulkClient.refused(answer, 3, 403, "");
        assertThat(answer.text("/Operations/3/response/detail"))
            .isEqualTo("An organization must keep at least one active administrator");
        BulkClient.refused(answer, 4, 400, "mutability");
        BulkClient.refused(answer, 5, 403, "");
        BulkClient.refused(answer, 6, 400, "invalidSyntax");
        assertThat(answer.at("/Operations/1").has("location")).isFalse();
        assertThat(client.org().version()).isEqualTo(version + 2);
    }

    @Test
    void a_version_is_a_condition() {
        var client = client();
        var ann = client.users().created(UserClient.person("ann@acme.test", ""));
        var ops = client.groups().create("Ops");
        var patch = ",\"method\":\"PATCH\",\"path\":\"%s\",\"data\":%s}";
        var title = operations("{\"op\":\"replace\",\"path\":\"title\",\"value\":\"CEO\"}");
        var name = operations("{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"Operations\"}");
        var user = client.users().get(ann).text("/meta/version");
        var group = client.groups().etag(ops);

        var answer = client.send(
            "{\"version\":%s".formatted(quoted(user)) + patch.formatted("/Users/" + ann, title),
            "{\"version\":%s".formatted(quoted(user)) + patch.formatted("/Users/" + ann, title),
            "{\"version\":%s".formatted(quoted(group.substring(2))) + patch.formatted("/Groups/" + ops, name),
            "{\"version\":%s".formatted(quoted(group)) + patch.formatted("/Groups/" + ops, name),
            "{\"version\":\"*\"" + patch.formatted("/Users/" + ann, title),
            "{\"version\":%s,\"method\":\"DELETE\",\"path\":\"/Users/%s\"}".formatted(quoted(user), ann),
            "{\"version\":null,\"method\":\"DELETE\",\"path\":\"/Groups/%s\"}".formatted(ops));

        assertThat(statuses(answer)).containsExactly("200", "412", "204", "412", "200", "412", "204");
        BulkClient.refused(answer, 1, 412, "");
        ok(client.users().get(ann), 200);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\"", "\\\"") + "\"";
    }

    @Test
    void after_so_many_errors_the_rest_is_neither_done_nor_listed() {
        var client = client();
        client.users().created(UserClient.person("ann@acme.test", ""));
        var operations =
            String.join(",", person("ann"), person("bob"), person("bob2", "\"userName\":\"bob@acme.test\""),
                person("cat"));

        var two = ok(client.sendAll(operations, "\"failOnErrors\":2"), 200);
        assertThat(statuses(two)).containsExactly("409", "201", "409");
        assertThat(client.users().filtered("userName eq \"cat@acme.test\"").at("/totalResults").asInt()).isZero();

        for (var one : List.of("1", "\"1\"", "0", "-5")) {
            assertThat(statuses(ok(client.sendAll(operations, "\"failOnErrors\":" + one), 200))).as(one)
                .containsExactly("409");
        }
        for (var many : List.of("99999999999999999999", "null", "4")) {
            assertThat(statuses(ok(client.sendAll(operations, "\"FAILONERRORS\":" + many), 200))).as(many).hasSize(4);
        }
        for (var bad : List.of("\"two\"", "1.5", "{}", "true")) {
            UserClient.refused(client.sendAll(operations, "\"failOnErrors\":" + bad), 400, "invalidSyntax");
        }
    }

    @Test
    void what_is_left_after_an_error_and_comes_before_it_is_not_listed_either() {
        var client = client();
        client.users().created(UserClient.person("ann@acme.test", ""));

        var answer = client.sendAll(String.join(",", group("Ops", "bulkId:bob"), person("ann"), person("bob")),
            "\"failOnErrors\":1");

        assertThat(answer.each("/Operations", "/bulkId")).containsExactly("ann");
        assertThat(client.groups().filtered("displayName eq \"Ops\"").at("/totalResults").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"Operations\":{}}", "{\"Operations\":null}", "{\"Operations\":[]}",
        "{\"Operations\":[1]}", "{\"Operations\":[{\"path\":\"/Users\",\"bulkId\":\"a\",\"data\":{}}]}",
        "{\"Operations\":[{\"method\":1,\"path\":\"/Users\",\"bulkId\":\"a\",\"data\":{}}]}",
        "{\"Operations\":[{\"method\":\"DELETE\"}]}", "{\"Operations\":[{\"method\":\"DELETE\",\"path\":[]}]}",
        "{\"Operations\":[{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":1,\"data\":{}}]}",
        "{\"Operations\":[{\"method\":\"DELETE\",\"path\":\"/Users/a\",\"version\":1}]}"})
    void what_is_no_list_of_operations_is_refused_as_a_whole(String body) {
        var client = client();
        UserClient.refused(client.users().send("POST", "/Bulk", body), 400, "invalidSyntax");
    }

    @Test
    void what_creates_is_named_and_names_are_there_once() {
        var client = client();
        var version = client.org().version();
        for (var bad : List.of(
            person("ann") + ",{\"method\":\"POST\",\"path\":\"/Users\",\"data\":{\"userName\":\"bob@acme.test\"}}",
            person("ann") + "," + post("/Groups", "", "{\"displayName\":\"Ops\"}"),
            person("ann") + "," + post("/Groups", "ann", "{\"displayName\":\"Ops\"}"),
            person("ann") + ",{\"method\":\"delete\",\"path\":\"/Users/x\",\"bulkId\":\"ann\"}",
            person("ann") + "," + post("/Groups", "x".repeat(1001), "{\"displayName\":\"Ops\"}"))) {
            UserClient.refused(client.sendAll(bad, ""), 400, "invalidValue");
        }
        assertThat(client.org().version()).isEqualTo(version);
    }

    @Test
    void only_people_and_groups_are_changed_by_it() {
        var client = client();
        var answer = client.send(post("/Bulk", "a", BulkClient.body(person("ann"), "")), post("/Me", "b", "{}"),
            post("/Users/.search", "c", "{}"), post("/users", "d", "{}"), change("GET", "/Users", "{}"),
            change("PUT", "/Users", "{}"), post("/Groups/x", "e", "{}"), delete("/Users/a/b"), delete("/Users/%zz"),
            delete(""), delete("/Users?filter=x"), change("HEAD", "/Groups/x", "{}"), post("/Users", "f", "[]"),
            "{\"method\":\"POST\",\"path\":\"/Users\",\"bulkId\":\"g\"}",
            "{\"method\":\"PUT\",\"path\":\"/Users/x\",\"data\":null}", delete("/Users/" + "x".repeat(2000)));

        assertThat(statuses(answer)).containsExactly("404", "404", "405", "404", "405", "405", "405", "404", "404",
            "404", "404", "405", "400", "400", "400", "404");
        assertThat(answer.text("/Operations/5/response/detail")).isEqualTo("The methods of this endpoint are POST");
        assertThat(answer.text("/Operations/6/response/detail"))
            .isEqualTo("The methods of this endpoint are DELETE, PATCH, PUT");
        assertThat(answer.at("/Operations/15").has("location")).isFalse();
        assertThat(client.users().send("GET", "/Users", null).at("/totalResults").asInt()).isEqualTo(1);
    }

    @Test
    void names_of_members_and_methods_are_taken_in_any_case() {
        var client = client();
        var answer = ok(client.users().send("POST", "/Bulk", """
            {"OPERATIONS":[{"METHOD":"post","Path":"/Users/","BULKID":"a","Data":{"username":"ann@acme.test"}},
             {"method":"Delete","path":"/Users/bulkId:a"}]}"""), 200);

        assertThat(statuses(answer)).containsExactly("201", "204");
        assertThat(answer.each("/Operations", "/method")).containsExactly("POST", "DELETE");
    }

    @Test
    void a_thousand_operations_are_taken_and_no_more() {
        var client = client();
        var began = System.nanoTime();
        var answer = ok(client.sendAll(numbered(1000, i -> person("p" + i)), ""), 200);
        System.out.printf("1000 creations in one request: %d ms, %d bytes of answer%n",
            (System.nanoTime() - began) / 1_000_000, answer.bytes().length);

        assertThat(statuses(answer)).hasSize(1000).containsOnly("201");
        assertThat(client.users().send("GET", "/Users?count=0", null).at("/totalResults").asInt()).isEqualTo(1001);
        var version = client.org().version();
        ok(client.sendAll(numbered(1001, i -> person("q" + i)), ""), 413);
        assertThat(client.org().version()).isEqualTo(version);
    }

    @Test
    void as_much_as_is_told_is_taken_and_no_more() {
        var client = client();
        var frame = BulkClient.body(person("ann", "\"x\":\"%s\""), "");
        var most = Bounds.LARGE_BODY - frame.length() + 2;

        ok(client.users().send("POST", "/Bulk", frame.formatted("x".repeat(most))), 200);
        ok(client.users().send("POST", "/Bulk", frame.formatted("x".repeat(most + 1))), 413);
    }

    @Test
    void what_is_answered_is_there_on_every_node() {
        var client = client();
        try (var other = roster.anotherNode(Map.of())) {
            for (int i = 0; i < 20; i++) {
                var here = i % 2 == 0 ? client : client.at(other.address());
                var there = i % 2 == 0 ? client.at(other.address()) : client;
                var answer = here.done(person("ann" + i), group("ops" + i, "bulkId:ann" + i));

                assertThat(there.users().get(id(answer, 0)).text("/meta/version"))
                    .isNotEqualTo(answer.text("/Operations/0/version")); // she has a role since
                assertThat(there.groups().membersOf(id(answer, 1))).containsExactly(id(answer, 0));
                assertThat(there.groups().etag(id(answer, 1))).isEqualTo(answer.text("/Operations/1/version"));
            }
        }
    }

    @Test
    void names_that_are_there_in_another_organisation_are_unknown() {
        var other = client();
        var theirs = other.users().created(UserClient.person("ann@acme.test", ""));
        var group = other.groups().create("Ops", theirs);
        var version = other.org().version();
        var client = client();

        Answer answer = client.send(delete("/Users/" + theirs), delete("/Groups/" + group),
            change("PATCH", "/Users/" + theirs, operations("{\"op\":\"add\",\"path\":\"title\",\"value\":\"x\"}")),
            group("Dev", theirs), person("bob", "\"roles\":[\"%s\"]".formatted(group)));

        assertThat(statuses(answer)).containsExactly("404", "404", "404", "400", "201");
        assertThat(client.users().get(id(answer, 4)).at("/roles").isMissingNode()).isTrue();
        assertThat(other.org().version()).isEqualTo(version);
    }
}
