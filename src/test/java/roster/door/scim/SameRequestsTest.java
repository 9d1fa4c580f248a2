package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.model.Role;
import roster.support.Answer;
import roster.support.OrgDump;
import roster.support.TestRoster;

/// A request that changed nothing, sent again letter for letter, changes nothing for as long as nothing else has changed: the
/// contract's sections 8 and 15. Once something has, it means what it says.
class SameRequestsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String SAME = "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"A\"}";

    private static Node other;
    private static List<String> nodes;

    /// Has room for hardly any organisation, and answers all the same.
    private static Node small;
    private static List<String> all;

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));

    @BeforeAll
    static void start() {
        other = roster.anotherNode(Map.of());
        nodes = List.of(roster.address(), other.address());
        small = roster.anotherNode(Map.of("ROSTER_DIRECTORY_MEMORY", "24KB"));
        all = List.of(roster.address(), other.address(), small.address());
    }

    @AfterAll
    static void stop() {
        other.close();
        small.close();
    }

    private interface Sending {
        Answer by(UserClient client);
    }

    /// Sends a request on each node several times, below both bases. It must change nothing.
    private void mustChangeNothing(String id, Sending sending) {
        var version = directory.org().version();
        for (var node : all) {
            for (int i = 0; i < 3; i++) {
                for (var base : List.of("/scim/v2", "/api/v2/scim")) {
                    var client = directory.at(node).below(base);
                    var answer = ok(sending.by(client), 200);
                    var read = client.get(id);
                    assertThat(answer.json()).isEqualTo(read.json());
                    assertThat(answer.header("ETag")).isEqualTo(read.header("ETag"));
                }
            }
        }
        assertThat(directory.org().version()).isEqualTo(version);
    }

    private void api(String method, String path, String body) {
        var answer = directory.admin().sendTo(nodes.getLast(), method, path, body, Map.of());
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 204);
    }

    private void edited(String id, String attributes) {
        api("PATCH", "/api/v2/users/" + id,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{%s}}}".formatted(id, attributes));
    }

    @Test
    void what_another_door_changed_meanwhile_is_changed_back() {
        var body = person("ann@acme.test", "\"title\":\"A\",\"active\":true");
        var id = directory.created(body);
        List<Sending> both = List.of(client -> client.put(id, body), client -> client.patch(id, SAME));
        both.forEach(sending -> mustChangeNothing(id, sending));

        for (int i = 0; i < 6; i++) {
            var sending = both.get(i % 2);
            edited(id, "\"title\":\"B\"");
            assertThat(ok(sending.by(directory.at(nodes.get(i / 2 % 2))), 200).text("/title")).isEqualTo("A");
            assertThat(directory.user(id).text("/data/attributes/title")).isEqualTo("A");
            mustChangeNothing(id, sending);
        }
        edited(id, "\"disabled\":true");
        assertThat(ok(both.getFirst().by(directory), 200).at("/active").asBoolean()).isTrue();
        assertThat(directory.user(id).at("/data/attributes/disabled").asBoolean()).isFalse();
        mustChangeNothing(id, both.getFirst());
    }

    @Test
    void what_was_changed_back_and_forth_is_not_mistaken() {
        var id = directory.created(person("ann@acme.test", "\"title\":\"A\""));
        var toB = SAME.replace("\"A\"", "\"B\"");
        for (int i = 0; i < 10; i++) {
            var version = directory.org().version();
            var operations = i % 2 == 0 ? toB : SAME;
            assertThat(ok(directory.at(nodes.get(i % 2)).patch(id, operations), 200).text("/title"))
                .isEqualTo(i % 2 == 0 ? "B" : "A");
            assertThat(directory.org().version()).isEqualTo(version + 1);
            mustChangeNothing(id, client -> client.patch(id, operations));
        }
    }

    @Test
    void a_text_that_no_longer_names_a_role_of_the_person_does_not_count_as_one() {
        var org = directory.org();
        var role = org.newRole("Ops", List.of()).toString();
        var id = directory.created(person("ann@acme.test", "\"roles\":[\"%s\"]".formatted(role)));
        var named = "{\"op\":\"add\",\"path\":\"roles\",\"value\":[{\"value\":\"Ops\"}]}";
        mustChangeNothing(id, client -> client.patch(id, named));

        api("PATCH", "/api/v2/roles/" + role,
            "{\"data\":{\"type\":\"roles\",\"id\":\"%s\",\"attributes\":{\"name\":\"Operations\"}}}".formatted(role));
        var version = org.version();
        ok(directory.patch(id, named), 200);

        assertThat(directory.entriesSince(version)).containsExactly("scim.roles_skipped");
        var another = org.newRole("Ops", List.of()).toString();
        assertThat(ok(directory.at(nodes.getLast()).patch(id, named), 200).each("/roles", "/value"))
            .containsExactlyInAnyOrder(role, another);
    }

    @Test
    void an_echo_of_what_was_read_is_stale_once_a_group_was_pushed() {
        var org = directory.org();
        var role = org.newRole("Ops", List.of()).toString();
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"a\""));
        var read = directory.get(id).json();
        var version = read.at("/meta/version").asString().replace("\"", "\\\"");
        var echo = person("ann@acme.test",
            "\"externalId\":\"a\",\"active\":true,\"roles\":[],\"meta\":{\"version\":\"%s\"}".formatted(version));
        mustChangeNothing(id, client -> client.put(id, echo));

        api("POST", "/api/v2/roles/%s/users".formatted(role),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(id));
        var before = org.version();
        assertThat(ok(directory.put(id, echo), 200).each("/roles", "/value")).containsExactly(role);
        assertThat(directory.entriesSince(before)).containsExactly("scim.roles_stale");
    }

    @Test
    void what_is_checked_of_each_request_is_checked_of_the_same_one_too() {
        var body = person("ann@acme.test", "\"title\":\"A\"");
        var id = directory.created(body);
        var path = "/Users/" + id;
        mustChangeNothing(id, client -> client.put(id, body));
        mustChangeNothing(id, client -> client.patch(id, SAME));

        var old = Map.of("If-Match", "W/\"0\"");
        ok(directory.send("PUT", path, body, old), 412);
        ok(directory.send("PATCH", path, DirectoryClient.operations(SAME), old), 412);
        ok(directory.send("PUT", path, body, Map.of("If-Match", directory.get(id).header("ETag").orElseThrow())), 200);
        ok(directory.send("PUT", path, body, Map.of("Content-Type", "text/plain")), 415);
        ok(directory.send("PATCH", path, body), 400);
        ok(directory.send("PUT", path, DirectoryClient.operations(SAME)), 400);
        assertThat(ok(directory.send("PUT", path + "?attributes=title", body), 200).json().propertyNames())
            .containsExactlyInAnyOrder("schemas", "id", "title");
        ok(UserClient.of(roster.newOrg("other")).put(id, body), 404);
        ok(directory.delete(id), 204);
        nodes.forEach(node -> ok(directory.at(node).put(id, body), 404));
    }

    @Test
    void who_may_no_longer_change_people_is_refused_the_same_request_too() {
        var org = directory.org();
        var body = person("ann@acme.test", "\"title\":\"A\"");
        var id = directory.created(body);
        var ada = new UserClient(org.newAdmin("ada@acme.test"), nodes.getFirst(), "/scim/v2");
        for (var node : nodes) {
            for (int i = 0; i < 3; i++) {
                ok(ada.at(node).put(id, body), 200);
                ok(ada.at(node).patch(id, SAME), 200);
            }
        }

        api("DELETE", "/api/v2/roles/%s/users".formatted(org.managed(Role.Managed.ADMIN)),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(ada.admin().id()));
        for (var node : nodes) {
            ok(ada.at(node).put(id, body), 403);
            ok(ada.at(node).patch(id, SAME), 403);
            ok(ada.at(node).get(id), 403);
        }
        edited(ada.admin().id(), "\"disabled\":true");
        for (var node : nodes) {
            ok(ada.at(node).put(id, body), 401);
            ok(directory.at(node).put(id, body), 200);
        }
    }

    @Test
    void what_changed_nothing_in_a_history_that_was_lost_means_what_it_says_in_the_restored_one() throws SQLException {
        var id = directory.created(person("ann@acme.test", "\"title\":\"A\""));
        mustChangeNothing(id, client -> client.patch(id, SAME));
        var toB = SAME.replace("\"A\"", "\"B\"");
        try (var dump = new OrgDump(directory.org())) {
            ok(directory.patch(id, toB), 200);
            mustChangeNothing(id, client -> client.patch(id, toB));
            var lost = directory.org().version();
            dump.restore();
            mustChangeNothing(id, client -> client.patch(id, SAME));
            directory.created(person("bob@acme.test", ""));
            assertThat(directory.org().version()).isEqualTo(lost);

            assertThat(ok(directory.at(nodes.getLast()).patch(id, toB), 200).text("/title")).isEqualTo("B");
            assertThat(directory.entriesSince(lost)).containsExactly("user.updated");
            mustChangeNothing(id, client -> client.patch(id, toB));
        }
    }

    @Test
    void of_people_who_are_gone_nothing_is_remembered() {
        var body = person("ann@acme.test", "\"title\":\"A\"");
        var id = directory.created(body);
        mustChangeNothing(id, client -> client.put(id, body));
        ok(directory.delete(id), 204);
        nodes.forEach(node -> ok(directory.at(node).put(id, body), 404));
        edited(id, "\"disabled\":false");
        assertThat(ok(directory.put(id, body), 200).text("/title")).isEqualTo("A");
        mustChangeNothing(id, client -> client.put(id, body));

        api("PUT", "/api/v2/anonymize_users",
            "{\"data\":{\"type\":\"anonymize_users_request\",\"attributes\":{\"user_ids\":[\"%s\"]}}}".formatted(id));
        for (var node : nodes) {
            ok(directory.at(node).put(id, body), 404);
            ok(directory.at(node).patch(id, SAME), 404);
        }
    }

    @Test
    void names_that_were_made_of_that_of_the_user_and_come_back_change_nothing() {
        var id = directory.org().newUser("ann@acme.test").id();
        edited(id, "\"name\":\"Ann Lee\"");
        for (var names : List.of("\"displayName\":\"Ann Lee\"", "\"name\":{\"formatted\":\"Ann Lee\"}",
            "\"displayName\":\"Ann Lee\",\"name\":{\"givenName\":\"Ann\",\"familyName\":\"Lee\"}")) {
            var body = "{\"userName\":\"ann@acme.test\",%s}".formatted(names);
            assertThat(ok(directory.put(id, body), 200).text("/displayName")).isEqualTo("Ann Lee");
            mustChangeNothing(id, client -> client.put(id, body));
            assertThat(directory.user(id).text("/data/attributes/name")).isEqualTo("Ann Lee");
        }
    }

    @Test
    void any_number_of_requests_may_change_nothing() {
        var id = directory.created(person("ann@acme.test", "\"title\":\"A\",\"nickName\":\"N\""));
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 10; i++) {
                var blanks = " ".repeat(i);
                mustChangeNothing(id, client -> client.patch(id, SAME + blanks));
            }
        }
        ok(directory.patch(id, SAME.replace("\"A\"", "\"B\"") + "  "), 200);
        assertThat(directory.get(id).text("/title")).isEqualTo("B");
    }

    @Test
    void an_operation_of_a_bulk_request_counts_by_what_those_before_it_did() {
        var body = person("ann@acme.test", "\"title\":\"A\"");
        var id = directory.created(body);
        mustChangeNothing(id, client -> client.put(id, body));
        var path = "/Users/" + id;

        BulkClient.of(directory.org()).done(
            BulkClient.change("PATCH", path, DirectoryClient.operations(SAME.replace("\"A\"", "\"B\""))),
            BulkClient.change("PUT", path, body));

        assertThat(directory.get(id).text("/title")).isEqualTo("A");
    }
}
