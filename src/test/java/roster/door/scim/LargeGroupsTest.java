package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.support.TestRoster;

/// Groups with many members, whose names come from memory: on each node as the last change by any door has left them.
class LargeGroupsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int MEMBERS = 700;

    private static Node other;
    private static List<String> nodes;

    private final GroupClient client = GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));
    private List<String> people;
    private String ops;

    @BeforeAll
    static void start() {
        other = roster.anotherNode(Map.of());
        nodes = List.of(roster.address(), other.address());
    }

    @AfterAll
    static void stop() {
        other.close();
    }

    @BeforeEach
    void fill() {
        var org = client.org().id().value();
        people = roster.sql("""
            INSERT INTO users (org_id, id, email, handle, name, verified, created_at, modified_at, version)
            SELECT ?, gen_random_uuid(), 'n' || i || '@acme.test', 'n' || i || '@acme.test',
                   CASE WHEN i % 3 > 0 THEN 'Person ' || i END, false, now(), now(),
                   (SELECT version + 1 FROM orgs WHERE id = ?)
              FROM generate_series(1, 700) AS i
            RETURNING id::text
            """, org, org).stream().map(row -> (String) row.getFirst()).sorted().toList();
        roster.sql("SELECT roster_touch(?, 'many')", org);
        ops = client.create("Ops");
        client.patched(ops,
            "{\"op\":\"add\",\"path\":\"members\",\"value\":%s}".formatted(GroupClient.members(people)));
        assertThat(client.membersOf(ops)).isEqualTo(people);
    }

    /// Compares with lists, which read the database.
    private void mustBeExact() {
        var filter = "?filter=id%20eq%20%22" + ops + "%22";
        for (var query : List.of("", "&attributes=members.value,displayName", "&excludedAttributes=members.$ref")) {
            for (var base : List.of("/scim/v2", "/api/v2/scim")) {
                for (var node : nodes) {
                    var there = client.below(base).at(node);
                    var listed = there.get("/Groups" + filter + query);
                    var answer = there.get("/Groups/" + ops + query.replace('&', '?'));
                    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
                    assertThat(answer.json()).isEqualTo(listed.at("/Resources/0"));
                    assertThat(answer.header("ETag")).contains(client.etag(ops));
                }
            }
        }
    }

    private void api(String method, String path, String body) {
        var answer = client.admin().sendTo(nodes.get(1), method, path, body, Map.of());
        assertThat(answer.status()).as(answer.toString()).isBetween(200, 204);
    }

    private void edited(String id, String attributes) {
        api("PATCH", "/api/v2/users/" + id,
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":{%s}}}".formatted(id, attributes));
    }

    /// By another door.
    private void given(String id) {
        client.org().write(tx -> {
            var program = roster.program();
            program.user.members.add(tx, program.role.roles.named(tx, client.org().id(), ops),
                program.user.users.named(tx, client.org().id(), id));
            return null;
        });
    }

    @Test
    void who_is_in_a_group_and_what_they_are_called_is_as_the_database_has_it() {
        mustBeExact();
        edited(people.get(0), "\"name\":\"Zoë \\\"Z\\\" Ray\"");
        edited(people.get(1), "\"email\":\"other@acme.test\"");
        edited(people.get(5), "\"name\":\"\"");
        mustBeExact();
        assertThat(client.get("/Groups/" + ops).text("/members/0/display")).isEqualTo("Zoë \"Z\" Ray");

        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members[value eq \\\"%s\\\"]\"}".formatted(people.get(2)));
        mustBeExact();
        client.org().newServiceAccount("bot@acme.test", List.of(ops));
        api("PUT", "/api/v2/anonymize_users",
            "{\"data\":{\"type\":\"anonymize_users_request\",\"attributes\":{\"user_ids\":[\"%s\"]}}}"
                .formatted(people.get(3)));
        mustBeExact();
        assertThat(client.send("DELETE", "/Users/" + people.get(4), null).status()).isEqualTo(204);
        mustBeExact();
        given(people.get(4)); // a directory still does not see them
        mustBeExact();
        assertThat(client.rowsOf(ops)).contains(people.get(4));
        assertThat(client.membersOf(ops)).hasSize(MEMBERS - 3).doesNotContain(people.get(2), people.get(3),
            people.get(4));
        edited(people.get(4), "\"disabled\":false");
        mustBeExact();
        assertThat(client.membersOf(ops)).hasSize(MEMBERS - 2).contains(people.get(4));
    }

    @Test
    void a_large_group_keeps_those_who_are_sent_again_and_loses_the_others() {
        var kept = people.subList(0, MEMBERS - 10);
        var before = client.org().version();
        var answer = client.put(ops, "{\"displayName\":\"Ops\",\"members\":%s}".formatted(GroupClient.members(kept)));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.each("/members", "/value")).isEqualTo(kept);
        assertThat(client.entriesSince(before)).isEqualTo(Map.of("role.member_removed", 10L));
        assertThat(client.rowsOf(ops)).isEqualTo(kept);
        mustBeExact();
        client.put(ops, "{\"displayName\":\"Ops\",\"members\":[]}");
        mustBeExact();
        assertThat(client.rowsOf(ops)).isEmpty();
    }

    @Test
    void names_are_not_read_again() {
        mustBeExact();

        // By hand and without a version, which memory cannot see, and is not to look for.
        roster.sql("UPDATE users SET name = 'Unseen' WHERE org_id = ? AND id = ? RETURNING 1",
            client.org().id().value(), UUID.fromString(people.get(0)));
        for (var node : nodes) {
            assertThat(client.at(node).get("/Groups/" + ops).text("/members/0/display")).isNotEqualTo("Unseen");
            assertThat(client.at(node).get("/Groups?filter=id%20eq%20%22" + ops + "%22")
                .text("/Resources/0/members/0/display")).isEqualTo("Unseen");
        }
    }

    @Test
    void conditions_and_unknown_groups_are_answered_alike() {
        mustBeExact();
        var tag = client.etag(ops);
        for (var node : nodes) {
            var there = client.at(node);
            assertThat(there.send("GET", "/Groups/" + ops, null, Map.of("If-None-Match", tag)).status()).isEqualTo(304);
            assertThat(there.send("GET", "/Groups/" + ops, null, Map.of("If-None-Match", "W/\"0\"")).status())
                .isEqualTo(200);
            assertThat(there.get("/Groups/" + UUID.randomUUID()).status()).isEqualTo(404);
            assertThat(GroupClient.of(roster.newOrg("other").founder()).at(node).get("/Groups/" + ops).status())
                .isEqualTo(404);
        }
    }
}
