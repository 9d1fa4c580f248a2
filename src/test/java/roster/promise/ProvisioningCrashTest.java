package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import roster.support.Answer;
import roster.support.Await;
import roster.support.ServerProcess;
import roster.support.TestRoster;
import roster.support.Threads;

/// P1 for directories: a `kill -9` in the midst of what they send leaves each request, and each operation of a bulk request,
/// done or not done.
class ProvisioningCrashTest {
    private static final int MEMBERS = 10_000;
    private static final int OPERATIONS = 1000;

    private ServerProcess server;

    @BeforeEach
    void start() throws Exception {
        server = ServerProcess.start("provisioning-crash", Map.of());
    }

    @AfterEach
    void end() throws Exception {
        server.end();
    }

    private Answer send(String method, String path, String body) {
        return TestRoster.send(server.address(), method, "/scim/v2" + path, body, ServerProcess.KEYS);
    }

    private Answer done(Answer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        return answer;
    }

    private long count(String query) throws Exception {
        return (long) server.sql(query).getFirst().getFirst();
    }

    private interface Kill {
        void now() throws Exception;
    }

    /// Sends a request, and kills something once the database is at it.
    ///
    /// @param begun a query that tells whether it is
    /// @return the status of the answer, if there was one
    private Optional<Integer> killed(Kill kill, String begun, String method, String path, String body)
        throws Exception {
        try (var threads = new Threads(); var connection = server.connection()) {
            var sent = threads.submit(() -> {
                try {
                    return Optional.of(send(method, path, body).status());
                } catch (UncheckedIOException e) {
                    return Optional.<Integer>empty(); // the connection broke
                }
            });
            while (!sent.isDone() && ServerProcess.sql(connection, begun).getFirst().getFirst().equals(false)) {
                Thread.yield();
            }
            kill.now();
            var answered = sent.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            System.out.printf("killed among %s %s, answered: %s%n", method, path, answered);
            return answered;
        }
    }

    @Test
    void many_members_of_a_patch_are_all_there_or_none() throws Exception {
        server.sql("""
            WITH made AS (INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
            SELECT o.id, gen_random_uuid(), 'm' || i || '@crash.test', 'm' || i || '@crash.test', true, now(), now(),
                   o.version + 1 FROM orgs o, generate_series(1, %d) i RETURNING id) SELECT count(*) FROM made"""
            .formatted(MEMBERS));
        server.sql("SELECT roster_touch(id, 'by hand') FROM orgs");
        var group = done(send("POST", "/Groups", "{\"displayName\":\"Ops\"}"), 201).text("/id");
        var patch = server.sql("SELECT id::text FROM users WHERE email LIKE 'm%@crash.test'").stream()
            .map(row -> "{\"value\":\"%s\"}".formatted(row.getFirst()))
            .collect(Collectors.joining(",",
                "{\"Operations\":[{\"op\":\"add\",\"path\":\"members\",\"value\":[", "]}]}"));
        var writing =
            "SELECT count(*) > 0 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND xact_start IS NOT NULL "
                + "AND (query LIKE 'COPY role_members%' OR query LIKE '%INTO role_members%')";

        for (Kill kill : List.<Kill>of(() -> server.kill(), () -> {
            server.kill();
            server.killPostgres();
        })) {
            assertThat(killed(kill, writing, "PATCH", "/Groups/" + group, patch)).as("cut off").isEmpty();
            server = server.again(Map.of());
            wholeOrNothing(group);
            done(send("PATCH", "/Groups/" + group,
                "{\"Operations\":[{\"op\":\"remove\",\"path\":\"members\"}]}"), 204);
        }

        done(send("PATCH", "/Groups/" + group, patch), 204);
        assertThat(wholeOrNothing(group)).isEqualTo(MEMBERS);
    }

    private long wholeOrNothing(String group) throws Exception {
        var members = done(send("GET", "/Groups/" + group, null), 200).each("/members", "/value");
        System.out.println("members: " + members.size());
        assertThat((long) members.size()).isIn(0L, (long) MEMBERS);
        assertThat(count("SELECT count(*) FROM role_members WHERE role_id = '%s'".formatted(group)))
            .isEqualTo(members.size());
        var last = "SELECT count(*) FROM audit_entries WHERE action = 'role.member_added' AND version = "
            + "(SELECT max(version) FROM orgs)";
        assertThat(count(last)).as("an entry for each, in the same write").isEqualTo(members.size());
        return members.size();
    }

    @Test
    void of_a_bulk_request_the_first_operations_are_done_and_the_others_are_not() throws Exception {
        var bulk = IntStream.range(0, OPERATIONS)
            .mapToObj(
                """
            {"method":"POST","path":"/Users","bulkId":"%1$d","data":{"userName":"b%1$d@crash.test","nickName":"B"}}"""::formatted)
            .collect(Collectors.joining(",", "{\"Operations\":[", "]}"));

        killed(() -> server.kill(), "SELECT count(*) > 100 FROM scim_users", "POST", "/Bulk", bulk);
        server = server.again(Map.of());

        var made = (int) count("SELECT count(*) FROM users WHERE email LIKE 'b%@crash.test'");
        System.out.println("made: " + made);
        assertThat(made).isGreaterThan(100);
        assertThat(server.sql("SELECT email FROM users WHERE email LIKE 'b%@crash.test' ORDER BY version").stream()
            .map(row -> (String) row.getFirst()))
            .containsExactlyElementsOf(IntStream.range(0, made).mapToObj("b%d@crash.test"::formatted).toList());
        assertThat(count("SELECT count(*) FROM scim_users WHERE attributes->>'nickName' = 'B'")).isEqualTo(made);
        assertThat(count("""
            SELECT count(*) FROM users u JOIN audit_entries e ON e.org_id = u.org_id AND e.subject_id = u.id
             WHERE email LIKE 'b%@crash.test' AND action = 'user.created' AND e.version = u.version"""))
            .isEqualTo(made);

        var again = done(send("POST", "/Bulk", bulk), 200).each("/Operations", "/status");
        assertThat(again.subList(0, made)).as("asked again").containsOnly("409");
        assertThat(again.subList(made, OPERATIONS)).hasSize(OPERATIONS - made).allMatch("201"::equals);
    }
}
