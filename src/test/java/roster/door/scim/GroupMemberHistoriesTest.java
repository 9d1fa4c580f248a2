package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import roster.support.TestRoster;

/// How groups follow their members by whatever door these come and go, and random histories of them.
class GroupMemberHistoriesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final GroupClient client = GroupClient.of(roster.newOrg("acme").newAdmin("ada@acme.test"));

    private static String add(Object... members) {
        return "{\"op\":\"add\",\"path\":\"members\",\"value\":%s}".formatted(GroupClient.members(List.of(members)));
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
}
