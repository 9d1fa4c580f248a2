package roster.door.api.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.Node;
import roster.support.Answer;
import roster.support.Await;
import roster.support.HeldOrg;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// Access tokens that two nodes remember: each end is one on both, from the commit on.
class TokensOnTwoNodesTest {
    private static final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-01T09:00:00Z"));
    private static final AtomicLong nanos = new AtomicLong();

    @RegisterExtension
    static final TestRoster roster =
        TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "off"), now::get, nanos::get);

    private static final String PATH = "/api/v2/personal_access_tokens";
    private static final ExecutorService threads = new Threads();

    private static Node other;

    @BeforeAll
    static void start() {
        other = roster.anotherNode(Map.of());
    }

    @AfterAll
    static void stop() {
        threads.close();
        other.close();
    }

    /// A token of a month, as the database counts.
    private static Answer issue(TestUser owner, String scope) {
        var answer = owner.post(PATH, """
            {"data":{"type":"personal_access_tokens","attributes":{"name":"a token","scopes":["%s"],"expires_at":"%s"}}}
            """.formatted(scope, Instant.now().plus(Duration.ofDays(30))));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        return answer;
    }

    private static String secret(Answer issued) {
        return issued.text("/data/attributes/key");
    }

    private static Answer send(String node, String token, String method, String path, String body) {
        var headers = new HashMap<>(Map.of("Authorization", "Bearer " + token));
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        return TestRoster.send(node, method, path, body, headers);
    }

    private static Answer users(String node, String token) {
        return send(node, token, "GET", "/api/v2/users", null);
    }

    private static String knownOnBoth(Answer issued) {
        assertThat(users(roster.address(), secret(issued)).status()).isEqualTo(200);
        assertThat(users(other.address(), secret(issued)).status()).isEqualTo(200);
        return secret(issued);
    }

    private static void assertRefusedOnBoth(String token) {
        for (var node : new String[] {other.address(), roster.address()}) {
            assertRefused(users(node, token));
        }
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden");
    }

    @Test
    void revoked() {
        var ada = roster.newOrg("acme").founder();
        var issued = issue(ada, "user_access_read");
        var token = knownOnBoth(issued);

        assertThat(ada.delete(PATH + "/" + issued.id()).status()).isEqualTo(204);

        assertRefusedOnBoth(token);
    }

    @Test
    void its_owner_disabled_and_enabled_again() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");
        var token = knownOnBoth(issue(sam, "user_access_read"));

        org.founder().delete("/api/v2/users/" + sam.id());
        assertRefusedOnBoth(token);
        assertThat(org.founder().patch("/api/v2/users/" + sam.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"disabled":false}}}""".formatted(sam.id())).status())
            .isEqualTo(200);
        assertRefusedOnBoth(token);
    }

    @Test
    void its_owner_anonymised() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");
        var token = knownOnBoth(issue(sam, "user_access_read"));

        org.founder().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(sam.id()));

        assertRefusedOnBoth(token);
        assertThat(roster.sqlValue("SELECT count(*) FROM access_tokens WHERE org_id = ?", org.id().value()))
            .isEqualTo(0L);
        assertThat(roster.program().audit().trail.verify(org.id(), Optional.empty()).faults()).isEmpty();
    }

    @Test
    void its_scopes_changed() {
        var ada = roster.newOrg("acme").founder();
        var issued = issue(ada, "user_access_read");
        var token = knownOnBoth(issued);

        ada.patch(PATH + "/" + issued.id(), """
            {"data":{"type":"personal_access_tokens","id":"%s","attributes":{"scopes":["user_access_invite"]}}}
            """.formatted(issued.id()));

        assertThat(users(other.address(), token).status()).isEqualTo(403);
        assertThat(send(other.address(), token, "POST", "/api/v2/users", "{}").status()).isEqualTo(400);
    }

    /// The node's clock is months away from the database's, and set back: what is left of the token counts.
    @Test
    void expired_where_it_is_remembered_and_where_it_is_not() {
        var org = roster.newOrg("acme");
        var issued = issue(org.founder(), "user_access_read");
        var token = secret(issued);
        expires(org, issued, Duration.ofSeconds(50));
        assertThat(users(roster.address(), token).status()).isEqualTo(200);
        expires(org, issued, Duration.ZERO);

        assertRefused(users(other.address(), token));
        assertThat(users(roster.address(), token).status()).as("remembered").isEqualTo(200);
        now.updateAndGet(time -> time.minus(Duration.ofDays(300)));
        nanos.addAndGet(Duration.ofSeconds(50).toNanos());
        assertRefused(users(roster.address(), token));
    }

    /// The clock of the database was behind when the token was looked up, and was put right since.
    @Test
    void expired_a_minute_after_the_clock_of_the_database_says_so() {
        var org = roster.newOrg("acme");
        var issued = issue(org.founder(), "user_access_read");
        var token = secret(issued);
        assertThat(users(roster.address(), token).status()).isEqualTo(200);
        expires(org, issued, Duration.ZERO);

        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(users(roster.address(), token).status()).as("remembered").isEqualTo(200);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertRefused(users(roster.address(), token));
    }

    /// Behind the server's back, so that it goes by what it remembers: the organisation is as it was.
    private static void expires(TestOrg org, Answer issued, Duration fromNow) {
        roster.sql("UPDATE access_tokens SET expires_at = clock_timestamp() + ? * interval '1 ms' "
            + "WHERE org_id = ? AND id = ?", fromNow.toMillis(), org.id().value(), UUID.fromString(issued.id()));
    }

    @Test
    void a_write_that_was_let_in_is_refused_if_its_token_was_revoked_before_its_turn() throws Exception {
        var late = afterwards((org, issued) -> org.founder().delete(PATH + "/" + issued.id()));

        assertRefused(late);
    }

    @Test
    void a_write_that_was_let_in_is_refused_if_its_scopes_were_taken_before_its_turn() throws Exception {
        var late = afterwards((org, issued) -> org.founder().patch(PATH + "/" + issued.id(), """
            {"data":{"type":"personal_access_tokens","id":"%s","attributes":{"scopes":["user_access_read"]}}}
            """.formatted(issued.id())));

        assertThat(late.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
    }

    @FunctionalInterface
    private interface Change {
        Answer make(TestOrg org, Answer issued);
    }

    /// The answer to a write with a token that came in before the change, and whose turn is after it.
    private static Answer afterwards(Change change) throws Exception {
        return HeldOrg.inTime(() -> afterwardsOnce(change));
    }

    private static Answer afterwardsOnce(Change change) throws Exception {
        var org = roster.newOrg("acme");
        var issued = issue(org.founder(), "user_access_manage");
        Callable<Answer> write = () -> send(roster.address(), secret(issued), "POST", "/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"too late"}}}""");
        try (var held = new HeldOrg(org)) {
            var first = threads.submit(() -> change.make(org, issued));
            held.awaitWaiting(1, first);
            var late = threads.submit(write);
            held.awaitWaiting(2, first, late);
            held.release();
            var made = first.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            var answer = late.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (made.status() == 503) {
                return made;
            }
            assertThat(made.status()).isBetween(200, 204);
            assertThat(org.founder().get("/api/v2/roles?filter=too%20late").at("/data")).isEmpty();
            return answer;
        }
    }
}
