package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.door.scim.BulkClient.change;
import static roster.door.scim.BulkClient.delete;
import static roster.door.scim.BulkClient.group;
import static roster.door.scim.BulkClient.numbered;
import static roster.door.scim.BulkClient.person;
import static roster.door.scim.BulkClient.statuses;
import static roster.door.scim.UserClient.ok;
import static roster.door.scim.DirectoryClient.operations;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Await;
import roster.support.HeldOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// How much a bulk request may take from others, how long it may last, and what becomes of it meanwhile.
class BulkLimitsTest {
    private static final int RATE = 500;

    private static final AtomicReference<Instant> NOW = new AtomicReference<>(Instant.parse("2026-08-01T09:00:14Z"));
    private static final AtomicLong NANOS = new AtomicLong();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", RATE + "/60s"), NOW::get,
        () -> System.nanoTime() + NANOS.get());

    private final BulkClient client = BulkClient.of(roster.newOrg("acme"));

    @BeforeEach
    void next_period() {
        NOW.updateAndGet(instant -> instant.plusSeconds(60));
    }

    private static String remaining(Answer answer) {
        return answer.header("X-RateLimit-Remaining").orElseThrow();
    }

    private long people() {
        return (long) roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND NOT service_account",
            client.org().id().value()) - 1;
    }

    @Test
    void each_operation_counts_as_a_request() {
        assertThat(remaining(client.done(person("ann")))).isEqualTo(Integer.toString(RATE - 1));
        assertThat(remaining(client.done(person("bob"), person("cat"), person("dan"))))
            .isEqualTo(Integer.toString(RATE - 4));
        assertThat(remaining(ok(client.sendAll(person("bob") + "," + person("eve"), "\"failOnErrors\":1"), 200)))
            .as("those that were not tried cost nothing").isEqualTo(Integer.toString(RATE - 5));
    }

    @Test
    void those_beyond_the_limit_are_not_carried_out() {
        ok(client.sendAll(numbered(RATE - 3, _ -> delete("/Users/x")), ""), 200);

        var answer = client.send(person("ann"), person("bob"), person("cat"), person("dan"), person("eve"));

        assertThat(statuses(answer)).containsExactly("201", "201", "201", "429", "429");
        BulkClient.refused(answer, 3, 429, "");
        assertThat(remaining(answer)).isEqualTo("0");
        assertThat(people()).isEqualTo(3);
        var late = client.users().send("POST", "/Bulk", BulkClient.body(person("fay"), ""));
        ok(late, 429);
        assertThat(late.header("Retry-After")).contains("46");
    }

    @Test
    void callers_who_lose_their_access_on_the_way_get_no_further() {
        var admin = client.org().newAdmin("ada@acme.test");
        var theirs = new BulkClient(new UserClient(admin, roster.address(), "/scim/v2"), GroupClient.of(admin));

        var answer = theirs.send(person("ann"),
            change("PATCH", "/Groups/" + client.org().managed(Role.Managed.ADMIN),
                operations("{\"op\":\"remove\",\"path\":\"members[value eq \\\"%s\\\"]\"}".formatted(admin.id()))),
            person("bob"), change("PATCH", "/Users/" + admin.id(),
                operations("{\"op\":\"add\",\"path\":\"title\",\"value\":\"x\"}")));
        assertThat(statuses(answer)).containsExactly("201", "204", "403", "403");

        var other = client.org().newAdmin("kim@acme.test");
        var them = new BulkClient(new UserClient(other, roster.address(), "/scim/v2"), GroupClient.of(other));
        assertThat(statuses(them.send(
            change("PATCH", "/Users/" + other.id(),
                operations("{\"op\":\"Replace\",\"path\":\"active\",\"value\":\"False\"}")),
            person("dan"), delete("/Users/" + other.id())))).containsExactly("200", "401", "401");
        ok(them.sendAll(person("dan"), ""), 401);
    }

    @Test
    void who_is_disabled_by_it_is_cut_off_with_the_commit() {
        var bob = client.org().newUser("bob@acme.test");
        var kim = client.org().newUser("kim@acme.test");
        var dan = client.org().newUser("dan@acme.test");

        client.done(
            change("PATCH", "/Users/" + bob.id(), operations("{\"op\":\"replace\",\"value\":{\"active\":false}}")),
            change("PUT", "/Users/" + kim.id(), UserClient.person("kim@acme.test", "\"active\":\"False\"")),
            delete("/Users/" + dan.id()));

        for (TestUser user : List.of(bob, kim, dan)) {
            ok(user.get("/api/v2/current_user"), 403);
        }
    }

    @Test
    void when_its_time_is_up_no_operation_begins() throws Exception {
        var round = new AtomicLong();
        Answer answer = HeldOrg.inTime(() -> {
            var number = round.incrementAndGet();
            try (var held = new HeldOrg(client.org()); var threads = new Threads()) {
                var sent = threads.submit(() -> client.send(person("ann" + number), person("bob" + number),
                    group("Ops" + number, "bulkId:ann" + number), group("Dev" + number, "bulkId:bob" + number)));
                held.awaitWaiting(1, sent);
                NANOS.addAndGet(Duration.ofSeconds(46).toNanos());
                held.release();
                var some = sent.get();
                return statuses(some).getFirst().equals("503") ? new Answer("POST", "", 503, Map.of(), new byte[0])
                    : some;
            }
        });

        assertThat(statuses(answer)).containsExactly("201", "503", "503", "503");
        BulkClient.refused(answer, 1, 503, "");
        assertThat(client.groups().filtered("displayName co \"\"").each("/Resources", "/displayName"))
            .doesNotContain("Ops" + round.get(), "Dev" + round.get());
    }

    private static boolean listens(String node) {
        var address = URI.create(node);
        try (var socket = new Socket(InetAddress.getByName(address.getHost()), address.getPort())) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void on_a_node_that_stops_no_operation_begins_and_what_is_left_can_be_sent_again() throws Exception {
        var round = new AtomicLong();
        Answer answer = HeldOrg.inTime(() -> {
            var number = round.incrementAndGet();
            try (var node = roster.anotherNode(Map.of()); var held = new HeldOrg(client.org());
                var threads = new Threads()) {
                var sent = threads.submit(() -> client.at(node.address()).send(person("ann" + number),
                    person("bob" + number), group("Ops" + number, "bulkId:ann" + number)));
                HeldOrg.awaitWaiting(node, client.org(), 1, sent);
                var stopped = threads.submit(node::close);
                Await.until("it listens no more", () -> !listens(node.address()));
                held.release();
                var some = sent.get();
                stopped.get();
                return statuses(some).getFirst().equals("503") ? new Answer("POST", "", 503, Map.of(), new byte[0])
                    : some;
            }
        });
        var last = round.get();

        assertThat(statuses(answer)).containsExactly("201", "503", "503");
        assertThat(answer.each("/Operations", "/bulkId")).containsExactly("ann" + last, "bob" + last, "Ops" + last);
        BulkClient.refused(answer, 1, 503, "");
        assertThat(client.users().filtered("userName eq \"ann%d@acme.test\"".formatted(last)).at("/totalResults")
            .asInt()).isEqualTo(1);
        client.done(person("bob" + last), group("Ops" + last, BulkClient.id(answer, 0)));
    }

    @Test
    void others_have_their_turns_between_its_operations() throws Exception {
        var versions = Collections.synchronizedList(new ArrayList<Long>());
        try (var threads = new Threads()) {
            var sent = threads.submit(() -> client.sendAll(numbered(400, i -> person("p" + i)), ""));
            Await.until("it is carried out", () -> people() > 20 || sent.isDone());
            for (int i = 0; i < 5 && !sent.isDone(); i++) {
                var other = ok(UserClient.of(client.org()).send("POST", "/Users", UserClient.person("o%d@acme.test"
                    .formatted(i), "")), 201);
                versions.add((long) roster.sqlValue(
                    "SELECT version FROM audit_entries WHERE org_id = ? AND subject_id = ?::uuid AND action = 'user.created'",
                    client.org().id().value(), other.text("/id")));
            }
            ok(sent.get(), 200);
        }
        var last = (long) roster.sqlValue("""
            SELECT max(e.version) FROM audit_entries e JOIN users u ON u.org_id = e.org_id AND u.id = e.subject_id
             WHERE e.org_id = ? AND u.email LIKE 'p%'""", client.org().id().value());
        assertThat(versions).isNotEmpty().first().satisfies(version -> assertThat(version).isLessThan(last));
    }

    @Test
    void it_is_carried_out_though_the_client_is_gone() throws IOException {
        var body = BulkClient.body(numbered(60, i -> person("p" + i)), "").getBytes(StandardCharsets.UTF_8);
        var address = URI.create(roster.address());
        try (var socket = new Socket(InetAddress.getByName(address.getHost()), address.getPort())) {
            socket.getOutputStream().write("""
                POST /scim/v2/Bulk HTTP/1.1\r
                Host: localhost\r
                Authorization: Bearer %s\r
                Content-Length: %d\r
                \r
                """.formatted(client.users().admin().applicationKey(), body.length)
                .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(body);
            Await.until("it has begun", () -> people() > 0);
            socket.setSoLinger(true, 0); // a reset, as when the client is gone
        }

        Await.until("all of it is done", () -> people() == 60);
    }
}
