package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.UserClient.person;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.support.Answer;
import roster.support.Await;
import roster.support.OrgDump;
import roster.support.TestRoster;

/// People are found by their names, external ids and addresses in memory, on each node as the last change by any door has left
/// them: the contract's sections 9.1 and 15.
class LookUpsInMemoryTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final List<String> FILTERS = List.of("userName eq \"%s\"", "externalId eq \"%s\"",
        "emails[type eq \"work\"].value eq \"%s\"", "emails.value eq \"%s\" and active eq true");

    /// So many of one state are left to the database.
    private static final int LEFT_TO_DATABASE = 32;

    private static Node other;
    private static List<String> nodes;

    /// Has room for hardly any organisation, and answers all the same.
    private static Node small;
    private static List<String> allNodes;

    private static final long SEED = Long.getLong("roster.seed", System.nanoTime());

    private final UserClient directory = UserClient.of(roster.newOrg("acme"));
    private final Random random = new Random(SEED);
    private int found;

    @BeforeAll
    static void start() {
        other = roster.anotherNode(Map.of());
        nodes = List.of(roster.address(), other.address());
        small = roster.anotherNode(Map.of("ROSTER_DIRECTORY_MEMORY", "24KB"));
        allNodes = List.of(roster.address(), other.address(), small.address());
    }

    @AfterAll
    static void stop() {
        other.close();
        small.close();
    }

    private static List<String> ids(Answer list) {
        var ids = ok(list, 200).each("/Resources", "/id");
        assertThat(list.at("/totalResults").asInt()).isEqualTo(ids.size());
        assertThat(list.at("/itemsPerPage").asInt()).isEqualTo(ids.size());
        return ids;
    }

    /// Looks for all texts on all nodes, in a random order, and compares with what a scan of the database finds. More are asked
    /// than are left to the database.
    private void mustBeExact(List<String> texts) {
        var all = new ArrayList<String>();
        FILTERS.forEach(filter -> texts.forEach(text -> all.add(filter.formatted(text))));
        Collections.shuffle(all, random);
        assertThat(all).hasSizeGreaterThan(LEFT_TO_DATABASE + 10);
        for (var typed : all) {
            var wanted = ok(directory.filtered("(%s) or (%1$s)".formatted(typed)), 200);
            for (var node : allNodes) {
                var answer = directory.at(node).filtered(typed);
                assertThat(ids(answer)).as("%s, seed %d", typed, SEED).isEqualTo(ids(wanted));
                assertThat(answer.json()).as("%s, seed %d", typed, SEED).isEqualTo(wanted.json());
            }
            found += ids(wanted).size();
        }
    }

    private interface Step {
        void on(UserClient client);
    }

    private static void api(UserClient client, String method, String path, String body) {
        var answer = client.admin().sendTo(client.node(), method, path, body, Map.of());
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 204);
    }

    private static Step edited(String id, String attributes) {
        return client -> api(client, "PATCH", "/api/v2/users/" + id,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{%s}}}".formatted(id, attributes));
    }

    private static Step said(String id, String attribute, String value) {
        return client -> ok(client.patch(id,
            "{\"op\":\"replace\",\"path\":\"%s\",\"value\":\"%s\"}".formatted(attribute, value)), 200);
    }

    @Test
    void what_any_door_changes_is_found_at_once_by_each_node() {
        var org = directory.org();
        var ann = directory.created(person("Ann@acme.test", "\"externalId\":\"A\""));
        var bob = org.newPending("bob@acme.test").id().toString();
        org.newServiceAccount("bot@acme.test", List.of());
        var texts = List.of("ANN@ACME.TEST", "anna@acme.test", "bob@acme.test", "robert", "robert@acme.test", "bobby",
            "Home@acme.test", "cid@acme.test", "bot@acme.test", "A", "a", "B", "founder@acme.test");
        mustBeExact(texts);

        var steps = new ArrayList<Step>(List.of(
            said(ann, "userName", "anna@acme.test"),
            said(bob, "userName", "Robert"), said(bob, "externalId", "B"),
            client -> client.created(person("cid@acme.test", "\"externalId\":\"A\",\"active\":false")),
            said(ann, "externalId", "a"),
            edited(bob, "\"email\":\"robert@acme.test\""),
            client -> ok(client.patch(ann, "{\"op\":\"add\",\"path\":\"emails\",\"value\":["
                + "{\"value\":\"HOME@acme.test\",\"type\":\"home\"},{\"value\":\"robert@acme.test\"}]}"), 200),
            client -> ok(
                client.patch(ann, "{\"op\":\"remove\",\"path\":\"emails[value eq \\\"robert@acme.test\\\"]\"}"),
                200),
            client -> ok(client.patch(bob, "{\"op\":\"add\",\"path\":\"emails\",\"value\":["
                + "{\"value\":\"home@acme.test\",\"type\":\"other\"}]}"), 200),
            edited(ann, "\"disabled\":true"),
            client -> ok(client.delete(ann), 204),
            edited(ann, "\"disabled\":false"),
            client -> ok(client.delete(bob), 204),
            client -> ok(client.post(person("robert@acme.test", "\"externalId\":\"B\"")), 201),
            said(bob, "emails[type eq \\\"work\\\"].value", "bob@acme.test"),
            said(bob, "userName", "bobby"),
            client -> api(client, "PUT", "/api/v2/anonymize_users",
                "{\"data\":{\"type\":\"anonymize_users_request\",\"attributes\":{\"user_ids\":[\"%s\"]}}}"
                    .formatted(bob))));
        for (int i = 0; i < steps.size(); i++) {
            var version = org.version();
            steps.get(i).on(directory.at(nodes.get(i % nodes.size())));
            assertThat(org.version()).as("step %d", i).isGreaterThan(version);
            mustBeExact(texts);
        }
        assertThat(found).isGreaterThan(100);
        for (var node : nodes) {
            assertThat(ids(directory.at(node).filtered("externalId eq \"B\""))).isEmpty();
            assertThat(ids(directory.at(node).filtered("userName eq \"bobby\""))).isEmpty();
        }
    }

    /// Changes an external id by hand and without a version, which memory cannot see, and is not to look for.
    private void unseen(String from, String to) {
        roster.sql("UPDATE scim_users SET external_id = ? WHERE org_id = ? AND external_id = ? RETURNING 1", to,
            directory.org().id().value(), from);
    }

    /// Waits until all nodes have someone in memory: until what was changed by hand is not seen. What is read in between has
    /// seen it, and counts no more once they have changed.
    ///
    /// @param id of the only one with the external id `e`
    private void awaitInMemory(String id) {
        var tries = new AtomicInteger();
        Await.until("look-ups are answered from memory", () -> {
            remember("externalId eq \"e\"");
            unseen("e", "unseen");
            var found =
                nodes.stream().map(node -> ids(directory.at(node).filtered("externalId eq \"e\""))).toList();
            unseen("unseen", "e");
            if (found.contains(List.<String>of())) {
                said(id, "nickName", "try " + tries.incrementAndGet()).on(directory);
            }
            return !found.contains(List.<String>of());
        });
    }

    /// Looks for someone so often that all nodes may have them in memory.
    private void remember(String filter) {
        for (var node : nodes) {
            for (int i = 0; i < LEFT_TO_DATABASE + 2; i++) {
                ok(directory.at(node).filtered(filter), 200);
            }
        }
    }

    @Test
    void look_ups_are_answered_from_memory() {
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"e\""));
        awaitInMemory(id);

        unseen("e", "unseen");
        for (var node : nodes) {
            assertThat(ids(directory.at(node).filtered("externalId eq \"e\""))).containsExactly(id);
            assertThat(ids(directory.at(node).filtered("externalId eq \"unseen\""))).isEmpty();
            assertThat(ids(directory.at(node).filtered("userName eq \"Ann@ACME.test\""))).containsExactly(id);
        }
        directory.created(person("bob@acme.test", ""));
        for (var node : nodes) {
            for (int i = 0; i < 2 * LEFT_TO_DATABASE; i++) {
                assertThat(ids(directory.at(node).filtered("userName eq \"bob@acme.test\""))).hasSize(1);
            }
        }
    }

    @Test
    void what_is_found_is_what_is_read_in_parts_and_below_both_bases() {
        var id = directory.created(person("ann@acme.test", "\"externalId\":\"e\",\"nickName\":\"A\""));
        var other = directory.created(person("bob@acme.test", "\"externalId\":\"e\""));
        remember("externalId eq \"e\"");

        for (var base : List.of("/scim/v2", "/api/v2/scim")) {
            var client = directory.below(base);
            var both = client.filtered("externalId eq \"e\"");
            assertThat(ids(both)).containsExactly(id, other);
            assertThat(both.at("/Resources/0")).isEqualTo(client.get(id).json());
            assertThat(both.at("/Resources/1")).isEqualTo(client.get(other).json());
            var query = "/Users?filter=" + URLEncoder.encode("externalId eq \"e\"", StandardCharsets.UTF_8);
            var second = ok(client.send("GET", query + "&startIndex=2&count=1&attributes=userName", null), 200);
            assertThat(second.at("/totalResults").asInt()).isEqualTo(2);
            assertThat(second.at("/startIndex").asInt()).isEqualTo(2);
            assertThat(second.at("/Resources")).hasSize(1);
            assertThat(second.at("/Resources/0").propertyNames()).containsExactlyInAnyOrder("schemas", "id",
                "userName");
            assertThat(second.at("/Resources/0/id").asString()).isEqualTo(other);
            var sorted = client.send("GET", query + "&sortBy=userName&sortOrder=descending", null);
            assertThat(ids(sorted)).containsExactly(other, id);
            var none = ok(client.send("GET", query + "&count=0", null), 200);
            assertThat(none.at("/totalResults").asInt()).isEqualTo(2);
            assertThat(none.at("/Resources")).isEmpty();
        }
    }

    @Test
    void people_of_other_organisations_are_not_found() {
        directory.created(person("ann@acme.test", "\"externalId\":\"e\""));
        remember("userName eq \"ann@acme.test\"");
        var stranger = UserClient.of(roster.newOrg("other"));

        for (int i = 0; i < 2 * LEFT_TO_DATABASE; i++) {
            assertThat(ids(stranger.filtered("userName eq \"ann@acme.test\""))).isEmpty();
            assertThat(ids(stranger.filtered("externalId eq \"e\""))).isEmpty();
        }
    }

    @Test
    void nothing_is_left_of_what_a_restore_undid() throws SQLException {
        var ann = directory.created(person("ann@acme.test", "\"externalId\":\"a\""));
        var texts = List.of("ann@acme.test", "Ann@acme.test", "anna@acme.test", "ANNA@acme.test", "bob@acme.test",
            "Bob@acme.test", "cid@acme.test", "a", "b", "c", "founder@acme.test");
        mustBeExact(texts);
        try (var dump = new OrgDump(directory.org())) {
            var reached = directory.org().version();
            said(ann, "userName", "anna@acme.test").on(directory);
            directory.created(person("bob@acme.test", "\"externalId\":\"b\""));
            mustBeExact(texts);
            var lost = directory.org().version();
            dump.restore();
            assertThat(directory.org().version()).isEqualTo(reached);
            mustBeExact(texts);
            said(ann, "externalId", "c").on(directory);
            directory.created(person("cid@acme.test", "\"externalId\":\"a\""));
            assertThat(directory.org().version()).isEqualTo(lost);
            mustBeExact(texts);
        }
        assertThat(ids(directory.filtered("userName eq \"ann@acme.test\""))).containsExactly(ann);
        assertThat(ids(directory.filtered("userName eq \"bob@acme.test\""))).isEmpty();
    }
}
