package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.model.User;
import roster.support.Answer;
import roster.support.TestRoster;

/// The members of groups as a set: the contract's sections 7, 8, 10 and 14.
class GroupMembersTest {
    private static final String NO_ADMINISTRATOR = "An organization must keep at least one active administrator";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final GroupClient client = GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));

    private static String add(Object... members) {
        return "{\"op\":\"add\",\"path\":\"members\",\"value\":%s}".formatted(GroupClient.members(List.of(members)));
    }

    private static void assertRefused(Answer answer, int status, String detail) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.text("/detail")).isEqualTo(detail);
    }

    @Test
    void who_cannot_be_a_member_is_skipped_and_the_audit_trail_says_so() {
        var bob = client.org().newUser("bob@acme.test");
        var bot = client.org().newServiceAccount("bot@acme.test", List.of());
        var unknown = UUID.randomUUID().toString();
        var ops = client.create("Ops");
        var before = client.org().version();

        client.patched(ops, add(bob, bot, unknown, "bob@acme.test"));

        assertThat(client.rowsOf(ops)).containsExactly(bob.id());
        var named = List.of(bot.id().toString(), unknown).stream().sorted().toList();
        assertThat(roster.sql("SELECT after::text FROM audit_entries WHERE org_id = ? AND version > ? "
            + "AND action = 'scim.members_skipped' AND subject_id = ?::uuid", client.org().id().value(), before, ops))
            .containsExactly(List.of("{\"users\": [\"%s\", \"%s\"], \"skipped\": 3}".formatted(named.getFirst(),
                named.getLast())));
        assertThat(client.entriesSince(before)).isEqualTo(Map.of("role.member_added", 1L, "scim.members_skipped", 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "add", "replace", "POST"})
    void none_who_can_be_one_is_refused(String form) {
        var bob = client.org().newUser("bob@acme.test");
        var bot = client.org().newServiceAccount("bot@acme.test", List.of());
        var gone = client.org().newUser("gone@acme.test");
        assertThat(client.admin().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(gone.id()))
            .status()).isEqualTo(200);
        var ops = client.create("Ops", bob);
        var before = client.org().version();

        for (var id : List.of(bot.id().toString(), gone.id(), UUID.randomUUID().toString(), "bob@acme.test")) {
            assertRefused(sent(form, ops, id), 400, "members: none of these is a user");
        }
        assertRefused(sent(form, ops, client.org().managed(Role.Managed.STANDARD).toString()), 400,
            "members: a group cannot be a member");
        assertThat(client.org().version()).isEqualTo(before);
        assertThat(client.rowsOf(ops)).containsExactly(bob.id());
    }

    private Answer sent(String form, String group, String member) {
        var members = GroupClient.members(List.of(member));
        return switch (form) {
            case "PUT" -> client.put(group, "{\"displayName\":\"Ops\",\"members\":%s}".formatted(members));
            case "POST" ->
                client.send("POST", "/Groups", "{\"displayName\":\"Dev\",\"members\":%s}".formatted(members));
            default ->
                client.patch(group, "{\"op\":\"%s\",\"path\":\"members\",\"value\":%s}".formatted(form, members));
        };
    }

    @Test
    void a_group_among_users_is_refused_as_a_member_too() {
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops");

        assertRefused(client.patch(ops, add(bob, ops)), 400, "members: a group cannot be a member");
        assertThat(client.rowsOf(ops)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"op\":\"replace\",\"path\":\"members\",\"value\":[]}",
        "{\"op\":\"remove\",\"path\":\"members\"}", "{\"op\":\"remove\",\"path\":\"members[type eq \\\"User\\\"]\"}",
        "{\"op\":\"remove\",\"path\":\"members[value pr]\"}",
        "{\"op\":\"remove\",\"path\":\"members\",\"value\":[\"$bot\",\"$bob\"]}",
        "{\"op\":\"remove\",\"path\":\"members[value eq \\\"$bot\\\" or value eq \\\"$bob\\\"]\"}",
        "{\"op\":\"replace\",\"value\":{\"members\":[{\"value\":\"$ada\"},{\"value\":\"$bot\"}]}},"
            + "{\"op\":\"remove\",\"path\":\"members\"}",
        "PUT"})
    void service_accounts_are_neither_shown_nor_removed(String operations) {
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops", bob);
        var bot = client.org().newServiceAccount("bot@acme.test", List.of(ops)).id().toString();
        assertThat(client.membersOf(ops)).containsExactly(bob.id());

        if (operations.equals("PUT")) {
            assertThat(client.put(ops, "{\"displayName\":\"Ops\",\"members\":[]}").status()).isEqualTo(200);
        } else {
            client.patched(ops, operations.replace("$bot", bot).replace("$bob", bob.id()).replace("$ada",
                client.admin().id()));
        }

        assertThat(client.rowsOf(ops)).containsExactly(bot);
        assertThat(client.membersOf(ops)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"op\":\"replace\",\"path\":\"members\",\"value\":[]}",
        "{\"op\":\"remove\",\"path\":\"members\"}",
        "{\"op\":\"remove\",\"path\":\"members\",\"value\":[\"$ada\",\"$founder\"]}",
        "{\"op\":\"remove\",\"path\":\"members[value eq \\\"$ada\\\"]\"},"
            + "{\"op\":\"remove\",\"path\":\"members[value eq \\\"$founder\\\"]\"}",
        "{\"op\":\"remove\",\"path\":\"members[display pr]\"}",
        "{\"op\":\"replace\",\"path\":\"members\",\"value\":[\"$pending\"]}", "PUT", "PUT $pending"})
    void the_last_administrators_stay_by_every_form(String form) {
        var org = client.org();
        var admin = org.managed(Role.Managed.ADMIN).toString();
        var pending = org.newPending("new@acme.test");
        var members = client.rowsOf(admin);
        assertThat(members).containsExactlyInAnyOrder(client.admin().id(), org.founder().id());
        var before = org.version();

        var answer = form.startsWith("PUT")
            ? client.put(admin, "{\"displayName\":\"%s\",\"members\":[%s]}".formatted(Role.Managed.ADMIN.roleName(),
                form.equals("PUT") ? "" : "\"%s\"".formatted(pending.id())))
            : client.patch(admin, form.replace("$ada", client.admin().id()).replace("$founder", org.founder().id())
                .replace("$pending", pending.id().toString()));

        assertRefused(answer, 403, NO_ADMINISTRATOR);
        assertThat(client.rowsOf(admin)).isEqualTo(members);
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void administrators_may_be_put_in_the_place_of_others() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var admin = org.managed(Role.Managed.ADMIN).toString();

        var answer = client.put(admin, "{\"displayName\":\"%s\",\"members\":[\"%s\"]}".formatted(
            Role.Managed.ADMIN.roleName(), bob.id()));

        // The caller is none any more: what they are answered is told by the status alone.
        assertThat(answer.status()).isIn(200, 403);
        assertThat(client.rowsOf(admin)).containsExactly(bob.id());
    }

    @Test
    void a_deleted_group_that_made_the_last_administrators_stays() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var role = org.newRole("managers", List.of("user_access_manage", "user_access_invite")).toString();
        client.put(role, "{\"displayName\":\"managers\",\"members\":[\"%s\"]}".formatted(bob.id()));
        var theirs = GroupClient.of(bob);
        theirs.patched(org.managed(Role.Managed.ADMIN).toString(), "{\"op\":\"remove\",\"path\":\"members\"}");

        assertRefused(theirs.send("DELETE", "/Groups/" + role, null), 403, NO_ADMINISTRATOR);
        assertRefused(theirs.put(role, "{\"displayName\":\"managers\",\"members\":[]}"), 403, NO_ADMINISTRATOR);
    }

    @Test
    void a_member_is_given_the_role_by_the_caller_and_their_versions_tell_caches() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var ops = client.create("Ops");
        client.patched(ops, add(bob));

        assertThat(roster.sql(
            "SELECT added_by::text, source, version FROM role_members WHERE org_id = ? AND role_id = ?::uuid",
            org.id().value(), ops)).containsExactly(List.of(client.admin().id(), "hand", org.version()));
        assertThat(roster.sqlValue("SELECT version FROM users WHERE org_id = ? AND id = ?::uuid", org.id().value(),
            bob.id())).isEqualTo(org.version());
        assertThat(roster.sql("SELECT subject_id::text, about::text, after::text FROM audit_entries "
            + "WHERE org_id = ? AND version = ? AND action = 'role.member_added'", org.id().value(), org.version()))
            .containsExactly(List.of(ops, bob.id(),
                "{\"user\": \"%s\", \"handle\": \"bob@acme.test\"}".formatted(bob.id())));
    }

    @Test
    void a_membership_that_came_by_a_mapping_stays_by_hand_from_then_on() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var ops = client.create("Ops");
        org.write(tx -> {
            var program = roster.program();
            program.user.members.addMapped(tx, program.role.roles.named(tx, org.id(), ops), bob.user());
            return null;
        });
        var before = org.version();
        var tag = client.etag(ops);

        client.patched(ops, add(bob));

        assertThat(roster.sqlValue("SELECT source FROM role_members WHERE org_id = ? AND role_id = ?::uuid",
            org.id().value(), ops)).isEqualTo("hand");
        assertThat(client.entriesSince(before)).isEqualTo(Map.of("role.member_added", 1L));
        assertThat(client.etag(ops)).isEqualTo(tag);
    }

    /// Each moves a membership of the group by another door than SCIM.
    private void everyOtherDoor(String group, Runnable look) {
        var org = client.org();
        var admin = client.admin();
        var bob = org.newUser("bob@acme.test");
        look.run();
        admin.post("/api/v2/roles/%s/users".formatted(group),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(bob.id()));
        look.run();
        admin.delete("/api/v2/roles/%s/users".formatted(group),
            "{\"data\":{\"type\":\"users\",\"id\":\"%s\"}}".formatted(bob.id()));
        look.run();
        org.newUserWith("kim@acme.test", List.of(group));
        look.run();
        org.newServiceAccount("bot@acme.test", List.of(group));
        look.run();
        var gone = org.newUserWith("gone@acme.test", List.of(group));
        look.run();
        admin.send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(gone.id()));
        look.run();
        roster.sql("INSERT INTO role_members (org_id, user_id, role_id, version) SELECT org_id, id, ?::uuid, version "
            + "FROM users WHERE org_id = ? AND email LIKE 'u%'", group, org.id().value());
        roster.sql("SELECT roster_touch(?, 'by hand')", org.id().value());
        look.run();
        roster.sql("DELETE FROM role_members WHERE org_id = ? AND role_id = ?::uuid", org.id().value(), group);
        roster.sql("SELECT roster_touch(?, 'by hand')", org.id().value());
        look.run();
    }

    @Test
    void members_that_come_and_go_by_any_door_move_the_time_and_the_tag() {
        IntStream.range(0, 20).forEach(i -> client.org().newPending("u%d@acme.test".formatted(i)));
        var ops = client.create("Ops");
        var role = client.admin().get("/api/v2/roles/" + ops).text("/data/attributes/modified_at");
        var tags = new ArrayList<String>();
        var times = new ArrayList<String>();

        everyOtherDoor(ops, () -> {
            tags.add(client.etag(ops));
            times.add(client.lastModified(ops));
        });

        assertThat(times).isSorted();
        for (int i = 1; i < tags.size(); i++) {
            assertThat(tags.get(i)).as("after step %d", i).isNotEqualTo(tags.get(i - 1));
        }
        assertThat(tags.get(2)).as("the same members again").isEqualTo(tags.getFirst());
        assertThat(tags.getLast()).isEqualTo(tags.getFirst());
        assertThat(times.getLast()).isGreaterThan(times.getFirst());
        assertThat(client.admin().get("/api/v2/roles/" + ops).text("/data/attributes/modified_at")).isEqualTo(role);
        assertThat(sums()).isEqualTo(counted());
    }

    private List<List<Object>> sums() {
        return roster.sql("SELECT role_id, members, sum FROM role_member_sums WHERE org_id = ? AND members > 0 "
            + "ORDER BY role_id", client.org().id().value());
    }

    private List<List<Object>> counted() {
        return roster.sql("SELECT role_id, count(*), bit_xor(roster_member_sum(user_id)) FROM role_members "
            + "WHERE org_id = ? GROUP BY role_id ORDER BY role_id", client.org().id().value());
    }

    static List<Long> seeds() {
        var seed = Long.getLong("roster.seed", System.nanoTime());
        return LongStream.range(seed, seed + Integer.getInteger("roster.histories", 3)).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void random_histories_of_changes_are_those_of_a_set(long seed) {
        var random = new Random(seed);
        var users = IntStream.range(0, 8).mapToObj(i -> client.org().newPending("u%d@acme.test".formatted(i)))
            .map(user -> user.id().toString()).toList();
        var ops = client.create("Ops");
        var bot = client.org().newServiceAccount("bot@acme.test", List.of(ops));
        var expected = new TreeSet<String>();
        var tags = new HashMap<String, TreeSet<String>>();
        for (int i = 0; i < 40; i++) {
            if (random.nextInt(6) == 0) {
                var chosen = some(random, users);
                assertThat(client.put(ops, "{\"displayName\":\"Ops\",\"members\":%s}".formatted(
                    GroupClient.members(chosen))).status()).isEqualTo(200);
                expected.clear();
                expected.addAll(chosen);
            } else {
                var operations = new ArrayList<String>();
                IntStream.rangeClosed(0, random.nextInt(4))
                    .forEach(_ -> operations.add(operation(random, users, expected)));
                client.patched(ops, String.join(",", operations));
            }
            assertThat(client.membersOf(ops)).as("seed %d, step %d", seed, i).containsExactlyElementsOf(expected);
            var same = tags.putIfAbsent(client.etag(ops), new TreeSet<>(expected));
            assertThat(same == null || same.equals(expected)).as("one tag for one set, seed %d", seed).isTrue();
        }
        assertThat(tags.values()).doesNotHaveDuplicates();
        assertThat(client.rowsOf(ops)).contains(bot.id().toString());
        assertThat(sums()).isEqualTo(counted());
    }

    private static List<String> some(Random random, List<String> users) {
        return users.stream().filter(_ -> random.nextInt(3) == 0).toList();
    }

    /// One operation, which is also made on the set.
    private static String operation(Random random, List<String> users, TreeSet<String> set) {
        var chosen = some(random, users);
        var one = users.get(random.nextInt(users.size()));
        switch (random.nextInt(8)) {
            case 0 -> {
                set.clear();
                set.addAll(chosen);
                return "{\"op\":\"replace\",\"path\":\"members\",\"value\":%s}".formatted(GroupClient.members(chosen));
            }
            case 1 -> {
                set.remove(one);
                return "{\"op\":\"remove\",\"path\":\"members[value eq \\\"%s\\\"]\"}".formatted(one);
            }
            case 2 -> {
                chosen.forEach(set::remove);
                return "{\"op\":\"Remove\",\"path\":\"members\",\"value\":%s}".formatted(GroupClient.members(chosen));
            }
            case 3 -> {
                set.removeIf(id -> !id.equals(one));
                return "{\"op\":\"remove\",\"path\":\"members[not (value eq \\\"%s\\\")]\"}".formatted(one);
            }
            case 4 -> {
                set.clear();
                return "{\"op\":\"remove\",\"path\":\"members\"}";
            }
            case 5 -> {
                set.removeIf(id -> id.compareTo(one) > 0);
                return "{\"op\":\"remove\",\"path\":\"members[value gt \\\"%s\\\"]\"}".formatted(one);
            }
            default -> {
                set.addAll(chosen);
                set.add(one);
                return "{\"op\":\"add\",\"value\":{\"members\":%s}}".formatted(GroupClient.members(
                    Stream.concat(chosen.stream(), Stream.of(one)).toList()));
            }
        }
    }

    @Test
    void people_whom_a_directory_deleted_are_no_members() {
        var org = client.org();
        var bob = org.newUser("bob@acme.test");
        var ops = client.create("Ops", bob);
        hide(bob.user());

        assertThat(client.membersOf(ops)).isEmpty();
        assertThat(client.filtered("members eq \"%s\"".formatted(bob.id())).at("/totalResults").asInt()).isZero();
        client.put(ops, "{\"displayName\":\"Ops\",\"members\":[]}");
        assertThat(client.rowsOf(ops)).containsExactly(bob.id());
        assertRefused(client.patch(ops, add(bob)), 400, "members: none of these is a user");
    }

    private void hide(User user) {
        roster.sql("INSERT INTO scim_users (org_id, user_id, attributes, changed_at, hidden, version) "
            + "SELECT org_id, id, '{}', now(), true, version FROM users WHERE org_id = ? AND id = ?",
            user.org().value(), user.id().value());
        roster.sql("SELECT roster_touch(?, 'hidden')", user.org().value());
    }

    @Test
    void names_of_members_follow_their_users() {
        var bob = client.org().newUser("bob@acme.test");
        var ops = client.create("Ops", bob);
        client.admin().patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Bob Ray"}}}""".formatted(bob.id()));

        assertThat(client.get("/Groups/" + ops).text("/members/0/display")).isEqualTo("Bob Ray");
        client.patched(ops, "{\"op\":\"remove\",\"path\":\"members[display co \\\"ray\\\"]\"}");
        assertThat(client.rowsOf(ops)).isEmpty();
    }

    @Test
    void a_group_of_many_members_is_answered_whole() {
        var org = client.org();
        var ops = client.create("Ops");
        roster.sql("""
            WITH made AS (INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
                SELECT ?, gen_random_uuid(), 'n' || i || '@acme.test', 'n' || i || '@acme.test', false, now(), now(),
                       (SELECT version + 1 FROM orgs WHERE id = ?)
                  FROM generate_series(1, 21000) AS i RETURNING org_id, id, version)
            INSERT INTO role_members (org_id, user_id, role_id, version) SELECT org_id, id, ?::uuid, version FROM made
            """, org.id().value(), org.id().value(), ops);
        roster.sql("SELECT roster_touch(?, 'many')", org.id().value());

        var answer = client.get("/Groups/" + ops);

        assertThat(answer.header("ETag")).contains(client.etag(ops));
        assertThat(answer.header("Content-Type")).contains("application/scim+json");
        assertThat(answer.each("/members", "/value")).hasSize(21_000).isEqualTo(client.rowsOf(ops));
        assertThat(client.get("/Groups").at("/Resources").valueStream()
            .collect(Collectors.summingInt(group -> group.at("/members").size()))).isEqualTo(21_002);

        roster.sql("UPDATE role_member_sums SET members = 1000001 WHERE org_id = ? AND role_id = ?::uuid",
            org.id().value(), ops); // as if there were so many
        assertThat(client.get("/Groups/" + ops).text("/scimType")).isEqualTo("tooMany");
        assertThat(client.get("/Groups").text("/scimType")).isEqualTo("tooMany");
        assertThat(client.get("/Groups?excludedAttributes=members").status()).isEqualTo(200);
        assertThat(client.get("/Groups?count=3").status()).isEqualTo(200);
    }
}
