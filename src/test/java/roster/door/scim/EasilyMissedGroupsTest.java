package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Defects that other servers shipped, about groups: the contract's section 16, by row.
class EasilyMissedGroupsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final GroupClient client = GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));
    private final TestUser bob = client.org().newUser("bob@acme.test");
    private final TestUser eve = client.org().newUser("eve@acme.test");
    private final TestUser kim = client.org().newUser("kim@acme.test");
    private final String ops = client.create("Ops", bob, eve, kim);

    private void assertMembers(TestUser... users) {
        var ids = List.of(users).stream().map(TestUser::id).sorted().toList();
        assertThat(client.membersOf(ops)).isEqualTo(ids);
        assertThat(client.rowsOf(ops)).isEqualTo(ids);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Add", "ADD", "aDd", "Replace", "REPLACE"})
    void row_2_operations_are_known_in_any_case(String op) {
        client.patched(ops, "{\"op\":\"%s\",\"path\":\"displayName\",\"value\":\"New\"}".formatted(op));
        client.patched(ops, "{\"op\":\"Remove\",\"path\":\"members[value eq \\\"%s\\\"]\"}".formatted(bob.id()));

        assertThat(client.get("/Groups/" + ops).text("/displayName")).isEqualTo("New");
        assertMembers(eve, kim);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"value\":\"%s\"}]", "[\"%s\"]", "\"%s\"", "{\"value\":\"%s\"}",
        "{\"members\":[{\"value\":\"%s\"}]}", "[{\"$ref\":null,\"value\":\"%s\"}]"})
    void rows_3_and_4_a_removal_with_values_removes_just_these(String value) {
        client.patched(ops,
            "{\"op\":\"Remove\",\"path\":\"members\",\"value\":%s}".formatted(value.formatted(eve.id())));

        assertMembers(bob, kim);
    }

    @Test
    void row_3_a_removal_of_none_removes_none() {
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members\",\"value\":[]}");

        assertMembers(bob, eve, kim);
    }

    @ParameterizedTest
    @ValueSource(strings = {"members[value eq \\\"%s\\\"]", "MEMBERS[VALUE EQ \\\"%s\\\"]",
        "urn:ietf:params:scim:schemas:core:2.0:Group:members[value eq \\\"%s\\\"]",
        "members[value eq \\\"%s\\\" and type eq \\\"User\\\"]"})
    void row_5_the_standards_own_form_removes_just_this_one(String path) {
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"%s\"}".formatted(path.formatted(eve.id())));

        assertMembers(bob, kim);
    }

    @Test
    void row_5_it_names_several_with_or_and_all_without_a_filter() {
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members[value eq \\\"%s\\\" or value eq \\\"%s\\\"]\"}"
            .formatted(eve.id(), bob.id()));
        assertMembers(kim);
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members\"}");
        assertMembers();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"displayName\":\"New\"}", "{\"displayName\":\"New\",\"members\":null}"})
    void row_11_a_replacement_without_members_keeps_them(String body) {
        var answer = client.put(ops, body);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/displayName")).isEqualTo("New");
        assertMembers(bob, eve, kim);
    }

    @Test
    void row_11_an_empty_list_empties_the_group_and_a_rename_does_not() {
        client.patched(ops, "{\"op\":\"replace\",\"value\":{\"displayName\":\"New\"}}");
        assertMembers(bob, eve, kim);
        assertThat(client.put(ops, "{\"displayName\":\"New\",\"members\":[]}").at("/members").toString())
            .isEqualTo("[]");
        assertMembers();
    }

    @Test
    void row_12_permissions_that_were_given_by_hand_stay_whatever_a_directory_sends() {
        var role = client.org().newRole("hand made", List.of("dashboards_read", "user_access_manage"))
            .toString();
        client.put(role, """
            {"displayName":"x","members":[{"value":"%s"}],"permissions":[],"roles":null,"entitlements":[]}"""
            .formatted(bob.id()));
        client.patched(role, "{\"op\":\"replace\",\"value\":{\"displayName\":\"y\",\"permissions\":[]}}");
        client.patched(role, "{\"op\":\"replace\",\"path\":\"members\",\"value\":[]}");

        assertThat(client.admin().get("/api/v2/roles/%s/permissions".formatted(role)).each("/data", "/attributes/name"))
            .containsExactlyInAnyOrder("dashboards_read", "user_access_manage");
    }

    @Test
    void row_13_patches_of_one_group_at_once_all_count_on_two_nodes() throws InterruptedException {
        var users =
            IntStream.range(0, 64).mapToObj(i -> client.org().newPending("u%d@acme.test".formatted(i))).toList();
        var gone = users.subList(0, 32);
        client.patched(ops, "{\"op\":\"add\",\"path\":\"members\",\"value\":%s}".formatted(GroupClient.members(gone)));
        var before = client.org().version();
        try (var second = roster.anotherNode(Map.of())) {
            var nodes = List.of(client, client.at(second.address()));
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < users.size(); i++) {
                var node = nodes.get(i % 2);
                var user = users.get(i).id();
                var op = gone.contains(users.get(i)) ? "remove" : "add";
                threads.add(Thread.startVirtualThread(() -> node.patch(ops,
                    "{\"op\":\"%s\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"}]}".formatted(op, user))));
            }
            for (var thread : threads) {
                thread.join();
            }
            var expected = users.subList(32, 64).stream().map(user -> user.id().toString())
                .collect(Collectors.toCollection(ArrayList::new));
            expected.addAll(List.of(bob.id(), eve.id(), kim.id()));
            for (var node : nodes) {
                assertThat(node.membersOf(ops)).containsExactlyInAnyOrderElementsOf(expected);
            }
            assertThat(nodes.getFirst().etag(ops)).isEqualTo(nodes.getLast().etag(ops));
        }
        assertThat(client.entriesSince(before)).isEqualTo(Map.of("role.member_added", 32L, "role.member_removed", 32L));
        assertThat(client.org().version()).isEqualTo(before + 64);
    }

    @Test
    void row_14_a_replacement_of_members_counts_on_every_node_at_once() {
        var role = client.org().newRole("managers", List.of("user_access_manage", "user_access_invite")).toString();
        client.put(role, "{\"displayName\":\"managers\",\"members\":%s}".formatted(GroupClient.members(List.of(bob))));
        try (var second = roster.anotherNode(Map.of())) {
            assertThat(status(second.address(), bob)).isEqualTo(200);
            assertThat(status(second.address(), eve)).isEqualTo(403);

            client.put(role,
                "{\"displayName\":\"managers\",\"members\":%s}".formatted(GroupClient.members(List.of(eve, kim))));

            for (var node : List.of(second.address(), roster.address())) {
                assertThat(status(node, bob)).isEqualTo(403);
                assertThat(status(node, eve)).isEqualTo(200);
                assertThat(client.admin().sendTo(node, "GET", "/api/v2/users/" + bob.id(), null, Map.of())
                    .each("/data/relationships/roles/data", "/id")).containsExactly(ops);
                assertThat(client.admin().sendTo(node, "GET", "/api/v2/roles/%s/users".formatted(role), null, Map.of())
                    .each("/data", "/id")).containsExactlyInAnyOrder(eve.id(), kim.id());
            }
        }
    }

    private static int status(String node, TestUser user) {
        return user.sendTo(node, "GET", "/scim/v2/Groups?count=0", null, Map.of()).status();
    }

    @Test
    void row_15_adding_a_member_again_is_no_error_and_no_double() {
        var version = client.org().version();
        client.patched(ops, "{\"op\":\"add\",\"path\":\"members\",\"value\":%s}".formatted(
            GroupClient.members(List.of(bob, bob, bob.id().toUpperCase(Locale.ROOT)))));
        assertMembers(bob, eve, kim);
        assertThat(client.org().version()).isEqualTo(version);

        assertThat(client.put(ops, "{\"displayName\":\"Ops\",\"members\":%s}".formatted(
            GroupClient.members(List.of(bob, bob)))).each("/members", "/value")).containsExactly(bob.id());
    }

    @Test
    void row_16_the_name_of_a_member_and_schemas_are_optional() {
        assertThat(client.send("PATCH", "/Groups/" + ops, """
            {"Operations":[{"op":"add","path":"members","value":[{"value":"%s"}]}]}""".formatted(client.admin().id()))
            .status()).isEqualTo(204);
        assertThat(client.send("POST", "/Groups", """
            {"displayName":"Dev","members":[{"value":"%s","display":null}],"schemas":["urn:nobody:knows"]}"""
            .formatted(bob.id())).status()).isEqualTo(201);
        assertMembers(client.admin(), bob, eve, kim);
    }

    @Test
    void row_23_many_members_come_and_go_in_one_request_each_and_one_version() {
        var users = roster.sql("""
            INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
            SELECT ?, gen_random_uuid(), 'n' || i || '@acme.test', 'n' || i || '@acme.test', false, now(), now(),
                   (SELECT version + 1 FROM orgs WHERE id = ?)
              FROM generate_series(1, 10000) AS i
            RETURNING id::text
            """, client.org().id().value(), client.org().id().value()).stream().map(row -> (String) row.getFirst())
            .toList();
        roster.sql("SELECT roster_touch(?, 'many')", client.org().id().value());
        var before = client.org().version();

        var added = client.patch(ops, "{\"op\":\"add\",\"path\":\"members\",\"value\":%s}".formatted(
            GroupClient.members(users)));

        assertThat(added.status()).isEqualTo(204);
        assertThat(added.bytes()).isEmpty();
        assertThat(client.rowsOf(ops)).hasSize(10_003).containsAll(users);
        assertThat(client.org().version()).isEqualTo(before + 1);
        assertThat(client.entriesSince(before)).isEqualTo(Map.of("role.member_added", 10_000L));
        assertThat(client.membersOf(ops)).hasSize(10_003).isSorted();

        var removed = client.patch(ops, users.stream().limit(1000)
            .map(id -> "{\"op\":\"Remove\",\"path\":\"members\",\"value\":[{\"value\":\"%s\"}]}".formatted(id))
            .collect(Collectors.joining(",")));

        assertThat(removed.status()).as(removed.toString()).isEqualTo(204);
        assertThat(client.rowsOf(ops)).hasSize(9_003).doesNotContainAnyElementsOf(users.subList(0, 1000));
        assertThat(client.org().version()).isEqualTo(before + 2);
        assertThat(client.entriesSince(before + 1)).isEqualTo(Map.of("role.member_removed", 1000L));

        var most = client.patch(ops, users.stream()
            .map(id -> "{\"op\":\"add\",\"path\":\"members\",\"value\":[{\"$ref\":null,\"value\":\"%s\"}]}"
                .formatted(id))
            .collect(Collectors.joining(",")));
        assertThat(most.status()).as(most.toString()).isEqualTo(204);
        assertThat(client.rowsOf(ops)).hasSize(10_003);
        assertThat(client.put(ops, "{\"displayName\":\"Ops\",\"members\":[]}").at("/members")).isEmpty();
        assertThat(client.rowsOf(ops)).isEmpty();
    }

    @Test
    void row_24_members_are_left_out_where_asked_and_there_where_not() {
        assertThat(client.get("/Groups?excludedAttributes=members&filter=displayName%20eq%20%22Ops%22")
            .at("/Resources/0").has("members")).isFalse();
        assertThat(client.get("/Groups?excludedAttributes=MEMBERS").at("/Resources"))
            .allSatisfy(group -> assertThat(group.has("members")).isFalse());
        assertThat(client.get("/Groups?filter=displayName%20eq%20%22Ops%22").at("/Resources/0/members")).hasSize(3);
        assertThat(client.get("/Groups").at("/Resources/3/members")).hasSize(3);
    }
}
