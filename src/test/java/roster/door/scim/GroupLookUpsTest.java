package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.support.Answer;
import roster.support.OrgDump;
import roster.support.TestRoster;

/// Groups are found by their names, without their members, in memory: on each node as the last change by any door has left
/// them.
class GroupLookUpsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Node other;
    private static List<String> nodes;

    private final GroupClient client = GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));

    @BeforeAll
    static void start() {
        other = roster.anotherNode(Map.of());
        nodes = List.of(roster.address(), other.address());
    }

    @AfterAll
    static void stop() {
        other.close();
    }

    private static Answer named(GroupClient client, String name, String more) {
        var answer = client.get("/Groups?excludedAttributes=members&filter="
            + URLEncoder.encode("displayName eq \"%s\"%s".formatted(name, more), StandardCharsets.UTF_8));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    /// @param id of the group that has the name, if one has
    private void mustBeFound(String name, Optional<String> id) {
        for (int i = 0; i < nodes.size() * 2; i++) {
            for (var base : List.of("/scim/v2", "/api/v2/scim")) {
                var there = client.below(base).at(nodes.get(i % nodes.size()));
                var answer = named(there, name, "");
                assertThat(answer.each("/Resources", "/id")).as(name).isEqualTo(id.stream().toList());
                assertThat(answer.at("/totalResults").asInt()).isEqualTo(id.isPresent() ? 1 : 0);
                id.ifPresent(some -> assertThat(answer.at("/Resources/0"))
                    .isEqualTo(there.get("/Groups/%s?excludedAttributes=members".formatted(some)).json()));
            }
        }
    }

    private void put(String group, String name, String more) {
        var answer = client.at(nodes.getLast()).put(group, "{\"displayName\":\"%s\"%s}".formatted(name, more));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    }

    @Test
    void a_group_is_found_by_the_name_that_it_has_now() {
        mustBeFound("Ops", Optional.empty());
        var ops = client.create("Ops", client.admin());
        mustBeFound("Ops", Optional.of(ops));
        mustBeFound("oPS", Optional.of(ops));
        put(ops, "Operations", "");
        mustBeFound("Ops", Optional.empty());
        mustBeFound("Operations", Optional.of(ops));
        put(ops, "Operations", ",\"externalId\":\"x\"");
        mustBeFound("Operations", Optional.of(ops));
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members\"}");
        mustBeFound("Operations", Optional.of(ops));
        var another = client.create("Ops");
        mustBeFound("Ops", Optional.of(another));
        assertThat(client.send("DELETE", "/Groups/" + ops, null).status()).isEqualTo(204);
        mustBeFound("Operations", Optional.empty());
        mustBeFound("x".repeat(300), Optional.empty());
    }

    @Test
    void what_else_the_filter_asks_counts() {
        var ops = client.create("Ops", client.admin());
        mustBeFound("Ops", Optional.of(ops));
        for (var node : nodes) {
            var there = client.at(node);
            assertThat(named(there, "Ops", " and id eq \"%s\"".formatted(ops)).each("/Resources", "/id"))
                .containsExactly(ops);
            assertThat(named(there, "Ops", " and externalId pr").at("/totalResults").asInt()).isZero();
            assertThat(named(there, "Ops", " and members eq \"%s\"".formatted(client.admin().id()))
                .each("/Resources", "/id")).containsExactly(ops);
            assertThat(named(there, "Ops", " and not (members pr)").at("/totalResults").asInt()).isZero();
            assertThat(named(there, "Ops", " or displayName eq \"Admin\"").at("/totalResults").asInt()).isPositive();
            assertThat(there.filtered("displayName eq \"Ops\"").at("/Resources/0/members")).hasSize(1);
        }
    }

    @Test
    void groups_of_other_organisations_are_not_found() {
        mustBeFound("Ops", Optional.of(client.create("Ops")));

        assertThat(named(GroupClient.of(roster.newOrg("other").founder()), "Ops", "").at("/totalResults").asInt())
            .isZero();
    }

    @Test
    void what_was_found_is_not_read_again_until_something_changes() {
        var ops = client.create("Ops");
        mustBeFound("Ops", Optional.of(ops));

        // By hand and without a version, which memory cannot see, and is not to look for.
        roster.sql("UPDATE roles SET external_id = 'unseen' WHERE org_id = ? AND id = ?::uuid RETURNING 1",
            client.org().id().value(), ops);
        for (var node : nodes) {
            for (var name : List.of("Ops", "OPS", "opS")) {
                assertThat(named(client.at(node), name, "").each("/Resources", "/id")).containsExactly(ops);
                assertThat(named(client.at(node), name, "").at("/Resources/0").has("externalId")).as(name).isFalse();
            }
        }
        client.create("Dev");
        mustBeFound("Ops", Optional.of(ops));
        assertThat(named(client, "Ops", "").text("/Resources/0/externalId")).isEqualTo("unseen");
    }

    @Test
    void nothing_is_left_of_what_a_restore_undid() throws SQLException {
        var ops = client.create("Ops");
        mustBeFound("Ops", Optional.of(ops));
        try (var dump = new OrgDump(client.org())) {
            put(ops, "Operations", "");
            mustBeFound("Operations", Optional.of(ops));
            mustBeFound("Ops", Optional.empty());
            var lost = client.org().version();
            dump.restore();
            mustBeFound("Ops", Optional.of(ops));
            put(ops, "Others", "");
            assertThat(client.org().version()).isEqualTo(lost);
            mustBeFound("Others", Optional.of(ops));
            mustBeFound("Operations", Optional.empty());
        }
    }
}
