package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.base.db.WriteTx;
import roster.base.source.Ids;
import roster.core.key.ApplicationKeys;
import roster.model.Caller;
import roster.model.Role;
import roster.support.Await;
import roster.support.Answer;
import roster.support.HeldOrg;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// What one node acknowledged, the next read on the other shows; whom one cut off, the other refuses.
class TwoNodesTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int ROUNDS = Integer.getInteger("roster.rounds", 200);

    private static Node other;
    private static List<String> addresses;

    @BeforeAll
    static void start() {
        other = roster.anotherNode(Map.of());
        addresses = List.of(roster.address(), other.address());
    }

    @AfterAll
    static void stop() {
        other.close();
    }

    private static String here(int round) {
        return addresses.get(round % 2);
    }

    private static String there(int round) {
        return addresses.get((round + 1) % 2);
    }

    private static Answer ask(TestUser user, String node, String method, String path, String body) {
        return user.sendTo(node, method, path, body, Map.of("Accept", "application/json"));
    }

    private static Answer done(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isBetween(200, 204);
        return answer;
    }

    @Test
    void every_acknowledged_change_of_a_user_is_in_the_next_read_elsewhere() {
        var ada = roster.newOrg("readafterwrite").founder();
        var checks = 0;
        var total = ask(ada, here(0), "GET", "/api/v2/users", null).at("/meta/page/total_count").asInt();
        for (int round = 0; round < ROUNDS; round++) {
            var here = here(round);
            var there = there(round);
            var id = done(ask(ada, here, "POST", "/api/v2/users", """
                {"data":{"type":"users","attributes":{"email":"u%d@two.test","name":"Name %d"}}}"""
                .formatted(round, round))).id();
            total++;
            var path = "/api/v2/users/" + id;
            assertThat(ask(ada, there, "GET", path, null).text("/data/attributes/email")).isEqualTo(
                "u%d@two.test".formatted(round));

            change(ada, here, id, "\"name\":\"Renamed %d\"".formatted(round));
            var found = ask(ada, there, "GET", "/api/v2/users?filter=RENAMED%20" + round + "&sort=-modified_at", null);
            assertThat(found.text("/data/0/id")).isEqualTo(id);

            change(ada, there, id, "\"email\":\"moved%d@two.test\"".formatted(round));
            assertThat(ask(ada, here, "GET", path, null).text("/data/attributes/email"))
                .isEqualTo("moved%d@two.test".formatted(round));

            done(ask(ada, here, "DELETE", path, null));
            assertThat(ask(ada, there, "GET", path, null).text("/data/attributes/status")).isEqualTo("Disabled");
            var disabled = ask(ada, there, "GET", "/api/v2/users?filter[status]=Disabled&page[size]=1", null);
            assertThat(disabled.at("/meta/page/total_filtered_count").asInt()).isEqualTo(round / 2 + 1);
            assertThat(disabled.at("/meta/page/total_count").asInt()).isEqualTo(total);

            change(ada, there, id, "\"disabled\":false");
            assertThat(ask(ada, here, "GET", path, null).text("/data/attributes/status")).isEqualTo("Pending");
            checks += 5;
            if (round % 2 == 1) {
                done(ask(ada, there, "DELETE", path, null));
                assertThat(ask(ada, here, "GET", path, null).text("/data/attributes/status")).isEqualTo("Disabled");
                checks++;
            }
        }
        System.out.println("users: %d reads after writes on the other node".formatted(checks));
    }

    private static void change(TestUser caller, String node, String id, String attribute) {
        done(ask(caller, node, "PATCH", "/api/v2/users/" + id, """
            {"data":{"type":"users","id":"%s","attributes":{%s}}}""".formatted(id, attribute)));
    }

    @Test
    void roles_and_members_too() {
        var org = roster.newOrg("membership");
        var ada = org.founder();
        var bob = org.newPending("bob@two.test").id().toString();
        var reads = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var here = here(round);
            var there = there(round);
            var role = done(ask(ada, here, "POST", "/api/v2/roles", """
                {"data":{"type":"roles","attributes":{"name":"role %d"}}}""".formatted(round))).id();
            assertThat(ask(ada, there, "GET", "/api/v2/roles/" + role, null).status()).isEqualTo(200);
            var members = "/api/v2/roles/%s/users".formatted(role);
            var reference = """
                {"data":{"type":"users","id":"%s"}}""".formatted(bob);
            done(ask(ada, there, "POST", members, reference));
            assertThat(rolesOf(ada, here, bob)).containsExactly(role);
            assertThat(ask(ada, here, "GET", members, null).each("/data", "/id")).containsExactly(bob);
            reads += 3;
            if (round % 3 == 0) {
                done(ask(ada, here, "DELETE", members, reference));
                assertThat(rolesOf(ada, there, bob)).isEmpty();
                reads++;
            }
            done(ask(ada, here, "DELETE", "/api/v2/roles/" + role, null));
            assertThat(rolesOf(ada, there, bob)).isEmpty();
            assertThat(ask(ada, there, "GET", "/api/v2/roles/" + role, null).status()).isEqualTo(404);
            reads += 2;
        }
        System.out.println("roles and members: %d reads after writes on the other node".formatted(reads));
    }

    private static List<String> rolesOf(TestUser caller, String node, String id) {
        return ask(caller, node, "GET", "/api/v2/users/" + id, null).each("/data/relationships/roles/data", "/id");
    }

    @Test
    void keys_work_from_their_issue_to_their_revocation_on_all_nodes() {
        var org = roster.newOrg("keys");
        var founder = org.founder();
        var nodes = List.of(roster.node(), other);
        var requests = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var node = nodes.get(round % 2);
            var key = write(node, org,
                tx -> node.roster.key.applicationKeys.issue(tx, founder.user(),
                    new ApplicationKeys.Wish("a key", Optional.empty())));
            var ada = new TestUser(org, founder.user(), founder.apiKey(), key.secret());
            for (var address : List.of(there(round), here(round))) {
                assertThat(ask(ada, address, "GET", "/api/v2/users", null).status()).isEqualTo(200);
            }
            var name = "another " + round;
            var apiKey = write(node, org, tx -> node.roster.key.apiKeys.issue(tx, name));
            var both = new TestUser(org, founder.user(), apiKey.secret(), key.secret());
            assertThat(ask(both, there(round), "GET", "/api/v2/users", null).status()).isEqualTo(200);
            var first = round % 3 == 0 ? apiKey.id() : key.id();
            var second = round % 3 == 0 ? key.id() : apiKey.id();
            write(node, org, tx -> {
                node.roster.key.keys.revoke(tx, first);
                return null;
            });
            assertThat(ask(both, there(round), "GET", "/api/v2/users", null).status()).isEqualTo(403);
            assertThat(ask(both, here(round), "GET", "/api/v2/users", null).status()).isEqualTo(403);
            requests += 5;
            write(node, org, tx -> { // an organisation has only so many
                node.roster.key.keys.revoke(tx, second);
                return null;
            });
        }
        System.out.println("keys: %d requests after issue or revocation".formatted(requests));
    }

    private static <T> T write(Node node, TestOrg org, Function<WriteTx, T> work) {
        return Await.served(() -> node.roster.kernel().db()
            .write(Caller.cli(org.id(), "test", new Ids().next().toString()), work));
    }

    @Test
    void the_next_request_of_a_disabled_user_is_refused_on_the_other_node_with_each_of_their_keys() {
        var org = roster.newOrg("disabled");
        var letIn = 0;
        var refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var here = here(round);
            var there = there(round);
            var bob = org.newAdmin("bob%d@two.test".formatted(round));
            var withKeys = new ArrayList<TestUser>(List.of(bob, bob.scopedTo("user_access_read")));
            withKeys.add(new TestUser(org, bob.user(), bob.apiKey(),
                org.newApplicationKey(bob.user(), Optional.empty())));
            for (var each : withKeys) {
                assertThat(ask(each, there, "GET", "/api/v2/users", null).status()).isEqualTo(200);
                assertThat(ask(each, here, "GET", "/api/v2/users", null).status()).isEqualTo(200);
                letIn += 2;
            }
            done(ask(org.founder(), here, "DELETE", "/api/v2/users/" + bob.id(), null));
            for (var each : withKeys) {
                assertThat(ask(each, there, "GET", "/api/v2/users", null).status()).isEqualTo(403);
                refused++;
            }
        }
        System.out.println("cut off: %d requests let in with new keys, %d next ones refused on the other node"
            .formatted(letIn, refused));
    }

    @Test
    void a_write_whose_body_arrives_after_the_cut_off_elsewhere_is_refused() throws IOException {
        var org = roster.newOrg("slowbody");
        for (int round = 0; round < 20; round++) {
            var bob = org.newAdmin("bob%d@slow.test".formatted(round));
            var body = """
                {"data":{"type":"roles","attributes":{"name":"too late %d"}}}""".formatted(round)
                .getBytes(StandardCharsets.UTF_8);
            assertThat(ask(bob, there(round), "GET", "/api/v2/users", null).status()).isEqualTo(200);
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), URI.create(there(round)).getPort())) {
                var out = socket.getOutputStream();
                out.write("""
                    POST /api/v2/roles HTTP/1.1\r
                    Host: roster\r
                    DD-API-KEY: %s\r
                    DD-APPLICATION-KEY: %s\r
                    Content-Type: application/json\r
                    Content-Length: %d\r
                    Expect: 100-continue\r
                    Connection: close\r
                    \r
                    """.formatted(bob.apiKey(), bob.applicationKey(), body.length)
                    .getBytes(StandardCharsets.US_ASCII));
                out.write(body, 0, 10);
                out.flush();
                // It is asked for the rest once it was let in, and not before.
                var goOn = "HTTP/1.1 100 Continue\r\n\r\n";
                assertThat(new String(socket.getInputStream().readNBytes(goOn.length()), StandardCharsets.US_ASCII))
                    .isEqualTo(goOn);
                done(ask(org.founder(), here(round), "DELETE", "/api/v2/users/" + bob.id(), null));
                out.write(body, 10, body.length - 10);
                out.flush();
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer).contains("HTTP/1.1 403 ").doesNotContain("HTTP/1.1 201 ");
            }
        }
        assertThat(roster.sqlValue("SELECT count(*) FROM roles WHERE org_id = ? AND name LIKE 'too late%'",
            org.id().value())).isEqualTo(0L);
    }

    @Test
    void a_write_that_waits_for_the_lock_while_its_caller_is_cut_off_elsewhere_is_refused() throws Exception {
        var org = roster.newOrg("lateatlock");
        for (int round = 0; round < 10; round++) {
            var name = "late " + round;
            assertThat(HeldOrg.inTime(() -> lateAtLock(org, name)).status()).isEqualTo(403);
        }
        assertThat(org.founder().get("/api/v2/roles?filter=late").at("/meta/page/total_filtered_count").asInt())
            .isZero();
    }

    /// The answer to a write of the other node whose caller is disabled while it waits for the lock.
    private static Answer lateAtLock(TestOrg org, String name) throws Exception {
        var bob = org.newAdmin("bob-%s@late.test".formatted(UUID.randomUUID()));
        try (var held = new HeldOrg(org); var threads = new Threads()) {
            var late = threads.submit(() -> ask(bob, other.address(), "POST", "/api/v2/roles", """
                {"data":{"type":"roles","attributes":{"name":"%s"}}}""".formatted(name)));
            HeldOrg.awaitWaiting(other, org, 1, late);
            // As the first node's write does it, in the one transaction that has the lock.
            try (
                var cut = held.connection()
                    .prepareStatement("UPDATE users SET disabled = true WHERE org_id = ? AND id = ?");
                var touch = held.connection().prepareStatement("SELECT roster_touch(?, 'cut off')")) {
                cut.setObject(1, org.id().value());
                cut.setObject(2, UUID.fromString(bob.id()));
                cut.execute();
                touch.setObject(1, org.id().value());
                touch.execute();
            }
            held.connection().commit();
            return late.get();
        }
    }

    @Test
    void a_hand_edit_that_is_told_of_is_seen_by_the_next_read() {
        var org = roster.newOrg("touched");
        var ada = org.founder();
        var standard = org.managed(Role.Managed.STANDARD).value();
        var bob = org.newUserWith("bob@touched.test", List.of(standard.toString()));
        var path = "/api/v2/users/" + bob.id();
        for (int round = 0; round < 50; round++) {
            for (var node : addresses) {
                assertThat(ask(ada, node, "GET", path, null).status()).isEqualTo(200);
            }
            roster.sql("UPDATE users SET name = ?, name_folded = lower(?) WHERE org_id = ? AND id = ?",
                "By Hand " + round, "By Hand " + round, org.id().value(), UUID.fromString(bob.id()));
            if (round % 2 == 0) {
                roster.sql("DELETE FROM role_members WHERE org_id = ? AND user_id = ?", org.id().value(),
                    UUID.fromString(bob.id()));
            } else {
                roster.sql("INSERT INTO role_members (org_id, user_id, role_id, version) VALUES (?, ?, ?, 1)",
                    org.id().value(), UUID.fromString(bob.id()), standard);
            }
            roster.sql("SELECT roster_touch(?, 'a hand edit')", org.id().value());
            assertThat(ask(ada, here(round), "GET", path, null).text("/data/attributes/name"))
                .isEqualTo("By Hand " + round);
            assertThat(rolesOf(ada, there(round), bob.id())).hasSize(round % 2);
            assertThat(ask(ada, there(round), "GET", "/api/v2/users?filter=hand%20" + round, null)
                .each("/data", "/id")).contains(bob.id());
        }
    }
}
