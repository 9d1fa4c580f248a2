package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.support.Answer;
import roster.support.TestRoster;

/// People are answered from memory, on each node as the last change by any door has left them: the contract's section 15.
class PeopleInMemoryTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Node other;
    private static List<String> nodes;

    /// Has room for hardly any organisation, and answers all the same.
    private static Node small;
    private static List<String> all;

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));
    private int checks;

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

    /// Looks at people on all nodes, twice: what is not in memory the first time is there afterwards. Lists read the database.
    private void mustBeExact(List<String> ids) {
        for (var id : ids) {
            for (int i = 0; i < all.size() * 2; i++) {
                for (var base : List.of("/scim/v2", "/api/v2/scim")) {
                    var client = directory.at(all.get(i % all.size())).below(base);
                    var listed = ok(client.filtered("id eq \"%s\"".formatted(id)), 200);
                    var read = client.get(id);
                    if (listed.at("/totalResults").asInt() == 0) {
                        ok(read, 404);
                    } else {
                        assertThat(ok(read, 200).json()).isEqualTo(listed.at("/Resources/0"));
                        assertThat(read.header("ETag")).hasValue(read.text("/meta/version"));
                        assertThat(ok(client.patch(id, same(read)), 200).json()).isEqualTo(read.json());
                        if (!read.at("/externalId").isMissingNode()) { // else a PUT tells of the name for the first time
                            assertThat(ok(client.put(id, read.text()), 200).json()).isEqualTo(read.json());
                        }
                    }
                    checks++;
                }
            }
        }
    }

    /// A patch that says what is so.
    private static String same(Answer read) {
        return "{\"op\":\"replace\",\"path\":\"active\",\"value\":%s},{\"op\":\"replace\",\"path\":\"displayName\",\"value\":\"%s\"}"
            .formatted(read.at("/active").asBoolean(), read.text("/displayName"));
    }

    private String changed(String title) {
        return "{\"op\":\"replace\",\"path\":\"title\",\"value\":\"%s\"}".formatted(title);
    }

    /// Does it on one node after the other, in turns.
    private UserClient here(int step) {
        return directory.at(nodes.get(step % nodes.size()));
    }

    private interface Step {
        void on(UserClient client);
    }

    private static Answer api(UserClient client, String method, String path, String body) {
        var answer = client.admin().sendTo(client.node(), method, path, body, Map.of());
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 204);
        return answer;
    }

    private static Step edited(String id, String attributes) {
        return client -> api(client, "PATCH", "/api/v2/users/" + id,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{%s}}}".formatted(id, attributes));
    }

    private static Step patched(String id, String operations) {
        return client -> ok(client.patch(id, operations), 200);
    }

    private static Step group(String method, String id, String body) {
        return client -> {
            var answer = client.send(method, "/Groups/" + id, body);
            assertThat(answer.status()).as(answer.toString()).isBetween(200, 204);
        };
    }

    @Test
    void what_any_door_changes_is_in_the_next_answer_of_each_node() {
        var org = directory.org();
        var boss = directory.created(person("boss@acme.test", "\"externalId\":\"b\""));
        var ann = directory.created(person("ann@acme.test", "\"externalId\":\"a\"," + BulkClient.managedBy(boss)));
        var bob = org.newUser("bob@acme.test").id();
        var ops = org.newRole("Ops", List.of()).toString();
        var dev = org.newRole("Dev", List.of("user_access_read")).toString();
        var people = List.of(boss, ann, bob, org.founder().id());
        var member = "{\"Operations\":[{\"op\":\"%s\",\"path\":\"members[value eq \\\"%s\\\"]\"}]}";
        var roleBody = "{\"data\":{\"type\":\"roles\",\"id\":\"%s\",\"attributes\":{\"name\":\"%s\"}}}";
        mustBeExact(people);

        var steps = new ArrayList<Step>(List.of(
            patched(ann, "{\"op\":\"replace\",\"path\":\"nickName\",\"value\":\"Annie\"}"),
            patched(ann, "{\"op\":\"replace\",\"path\":\"department\",\"value\":\"R&D\"}"),
            patched(bob, "{\"op\":\"replace\",\"value\":{\"externalId\":\"x\",\"userName\":\"bob@acme.test\"}}"),
            edited(bob, "\"name\":\"Bob B\""), edited(ann, "\"title\":\"Lead\""), edited(boss, "\"name\":\"The Boss\""),
            edited(boss, "\"email\":\"chief@acme.test\""),
            group("PATCH", ops,
                "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"},{\"value\":\"%s\"}]}]}"
                    .formatted(ann, bob)),
            patched(ann,
                "{\"op\":\"replace\",\"path\":\"roles\",\"value\":[{\"value\":\"%s\",\"type\":\"x\",\"primary\":true}]}"
                    .formatted(ops)),
            client -> api(client, "POST", "/api/v2/roles/%s/users".formatted(dev),
                "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(bob)),
            client -> api(client, "PATCH", "/api/v2/roles/" + ops, roleBody.formatted(ops, "Operations")),
            group("PUT", dev, "{\"displayName\":\"Developers\"}"),
            group("PATCH", ops, member.formatted("remove", ann)),
            edited(ann, "\"disabled\":true"), patched(ann, "{\"op\":\"replace\",\"path\":\"active\",\"value\":true}"),
            client -> api(client, "DELETE", "/api/v2/roles/" + dev, null),
            group("DELETE", ops, null),
            patched(ann, "{\"op\":\"replace\",\"path\":\"manager\",\"value\":\"%s\"}".formatted(bob)),
            client -> ok(client.delete(bob), 204), edited(bob, "\"disabled\":false"),
            client -> ok(client.delete(bob), 204),
            client -> ok(client.post(person("bob@acme.test", "\"externalId\":\"c\",\"active\":false")), 201),
            patched(ann, "{\"op\":\"replace\",\"path\":\"manager\",\"value\":\"%s\"}".formatted(boss)),
            client -> api(client, "PUT", "/api/v2/anonymize_users",
                "{\"data\":{\"type\":\"anonymize_users_request\",\"attributes\":{\"user_ids\":[\"%s\"]}}}"
                    .formatted(boss))));
        for (int i = 0; i < steps.size(); i++) {
            var version = org.version();
            steps.get(i).on(here(i));
            assertThat(org.version()).as("step %d", i).isGreaterThan(version);
            var after = org.version();
            mustBeExact(people);
            assertThat(org.version()).as("nothing changes what is the same, after step %d", i).isEqualTo(after);
        }
        assertThat(checks).isEqualTo((steps.size() + 1) * people.size() * all.size() * 4);
    }

    @Test
    void what_one_node_changed_another_changes_back() {
        var id = directory.created(person("ann@acme.test", "\"title\":\"A\""));
        mustBeExact(List.of(id));

        for (int i = 0; i < 40; i++) {
            var title = i % 2 == 0 ? "B" : "A";
            ok(here(i).patch(id, changed(title)), 200);
            assertThat(ok(here(i + 1).get(id), 200).text("/title")).isEqualTo(title);
            assertThat(directory.user(id).text("/data/attributes/title")).isEqualTo(title);
        }
    }

    @Test
    void an_operation_sees_what_those_before_it_in_its_request_have_changed() {
        var id = directory.created(person("ann@acme.test", "\"title\":\"A\""));
        mustBeExact(List.of(id));
        var path = "/Users/" + id;

        BulkClient.of(directory.org()).at(other.address()).done(
            BulkClient.change("PATCH", path, DirectoryClient.operations(changed("B"))),
            BulkClient.change("PATCH", path, DirectoryClient.operations(changed("A"))),
            BulkClient.change("PUT", path, person("ann@acme.test", "\"title\":\"C\"")),
            BulkClient.change("PUT", path, person("ann@acme.test", "\"title\":\"A\"")));

        assertThat(directory.get(id).text("/title")).isEqualTo("A");
    }

    @Test
    void conditions_are_of_the_newest_person() {
        var id = directory.created(person("ann@acme.test", ""));
        mustBeExact(List.of(id));
        var before = directory.get(id).text("/meta/version");
        ok(here(1).patch(id, changed("B")), 200);

        ok(directory.send("GET", "/Users/" + id, null, Map.of("If-None-Match", before)), 200);
        ok(here(0).send("PATCH", "/Users/" + id, DirectoryClient.operations(changed("B")), Map.of("If-Match", before)),
            412);
        ok(here(1).send("PUT", "/Users/" + id, person("ann@acme.test", ""), Map.of("If-Match", before)), 412);
        ok(here(1).send("DELETE", "/Users/" + id, null, Map.of("If-Match", before)), 412);
        var now = here(0).get(id).text("/meta/version");
        ok(here(0).send("GET", "/Users/" + id, null, Map.of("If-None-Match", now)), 304);
        ok(here(1).send("PATCH", "/Users/" + id, DirectoryClient.operations(changed("B")), Map.of("If-Match", now)),
            200);
    }

    @Test
    void what_a_creation_answers_is_what_is_read_afterwards() {
        var role = directory.org().newRole("Ops", List.of());
        var boss = directory.created(person("boss@acme.test", ""));
        for (var more : List.of("", "\"active\":false", BulkClient.managedBy(boss),
            "\"roles\":[\"%s\"]".formatted(role),
            "\"title\":\"  T \",\"nickName\":\"\",\"locale\":null,\"addresses\":[{\"type\":\"work\",\"locality\":\"B\u00e9\"}]")) {
            var made = ok(directory.post(person("p%d@acme.test".formatted(directory.org().version()), more)), 201);

            assertThat(ok(directory.get(made.text("/id")), 200).text()).isEqualTo(made.text());
        }
    }

    @Test
    void a_person_is_read_once() {
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"e\""));
        mustBeExact(List.of(id));

        // By hand and without a version, which memory cannot see, and is not to look for.
        roster.sql("UPDATE scim_users SET external_id = 'unseen' WHERE org_id = ? RETURNING 1",
            directory.org().id().value());
        nodes.forEach(node -> assertThat(ok(directory.at(node).get(id), 200).text("/externalId")).isEqualTo("e"));
    }

    @Test
    void parts_and_both_bases_are_made_of_what_is_in_memory() {
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"e\",\"nickName\":\"A\""));
        mustBeExact(List.of(id));

        assertThat(ok(directory.send("GET", "/Users/%s?attributes=nickName".formatted(id), null), 200).json()
            .propertyNames()).containsExactlyInAnyOrder("schemas", "id", "nickName");
        assertThat(
            ok(directory.send("GET", "/Users/%s?excludedAttributes=emails".formatted(id), null), 200).at("/emails")
                .isMissingNode())
            .isTrue();
        assertThat(directory.get(id).text("/meta/location")).endsWith("/scim/v2/Users/" + id);
        assertThat(directory.below("/api/v2/scim").get(id).text("/meta/location")).endsWith("/api/v2/scim/Users/" + id);
        assertThat(directory.get(id).at("/emails")).hasSize(1);
    }

    @Test
    void people_of_other_organisations_are_unknown_in_memory_too() {
        var id = directory.created(person("ann@acme.test", ""));
        mustBeExact(List.of(id));
        var stranger = UserClient.of(roster.newOrg("other"));

        ok(stranger.get(id), 404);
        ok(stranger.patch(id, changed("B")), 404);
        ok(stranger.get(id), 404);
        ok(directory.get(id), 200);
    }
}
