package roster.door.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.base.source.Randomness;
import roster.support.Answer;
import roster.support.TestRoster;
import roster.support.TestUser;

class RateLimitTest {
    private static final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-01T09:00:14Z"));

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "20/60s"), now::get);

    /// A fresh period for each test: all come from one address.
    @BeforeEach
    void next_period() {
        now.updateAndGet(instant -> instant.plusSeconds(60));
    }

    private static void exhaust(TestUser caller) {
        for (int i = 0; i < 20; i++) {
            assertThat(caller.get("/api/v2/validate_keys").status()).isEqualTo(200);
        }
    }

    private static Optional<String> limit(Answer answer, String what) {
        return answer.header("X-RateLimit-" + what);
    }

    @Test
    void an_answer_tells_where_its_organisation_stands() {
        var ada = roster.newOrg("acme").founder();

        ada.get("/api/v2/users");
        var answer = ada.get("/api/v2/users");

        assertThat(limit(answer, "Limit")).contains("20");
        assertThat(limit(answer, "Period")).contains("60");
        assertThat(limit(answer, "Remaining")).contains("18");
        assertThat(limit(answer, "Reset")).contains("46");
        assertThat(limit(answer, "Name")).contains("organization");
    }

    @Test
    void a_refusal_takes_its_time_so_that_refusals_do_not_keep_the_node_busy() {
        var ada = roster.newOrg("acme").founder();
        exhaust(ada);

        var began = System.nanoTime();
        var answer = ada.get("/api/v2/users");

        assertThat(answer.status()).isEqualTo(429);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(20));
    }

    @Test
    void errors_count_and_tell_too() {
        var bob = roster.newOrg("acme").newUser("bob@acme.test");

        assertThat(limit(bob.get("/api/v2/users/unknown"), "Remaining")).contains("19");
        assertThat(limit(bob.post("/api/v2/users", "{}"), "Remaining")).contains("18");
        assertThat(limit(bob.get("/api/v2/users?sort=x"), "Remaining")).contains("17");
        assertThat(limit(bob.get("/api/v2/users"), "Remaining")).contains("16");
    }

    @Test
    void errors_before_anybody_is_known_tell_as_well() {
        for (var answer : new Answer[] {roster.send("GET", "/api/v2/users", null),
            roster.send("GET", "/api/v2/nowhere", null), roster.send("PUT", "/api/v2/users", null)}) {
            assertThat(limit(answer, "Limit")).as(answer.toString()).isPresent();
            assertThat(limit(answer, "Reset")).contains("46");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, /api/v2/users", "POST, /api/v2/users", "GET, /api/v2/users/{id}", "PATCH, /api/v2/users/{id}",
        "DELETE, /api/v2/users/{id}", "GET, /api/v2/users/{id}/orgs", "GET, /api/v2/users/{id}/permissions",
        "POST, /api/v2/user_invitations", "GET, /api/v2/user_invitations/{id}"})
    void one_request_too_many_is_told_when_to_come_again(String method, String path) {
        var ada = roster.newOrg("acme").founder();
        exhaust(ada);
        var version = ada.org().version();

        var answer = ada.send(method, path.replace("{id}", UUID.randomUUID().toString()),
            method.startsWith("P") ? "{}" : null);

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.errors()).containsExactly("Too many requests");
        assertThat(limit(answer, "Reset").map(Integer::parseInt)).contains(46);
        assertThat(limit(answer, "Remaining")).contains("0");
        assertThat(answer.header("Retry-After")).contains("46");
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void a_period_ends_with_the_clock_and_not_after_the_first_request() {
        var ada = roster.newOrg("acme").founder();
        exhaust(ada);

        now.updateAndGet(instant -> instant.plusSeconds(45));
        var late = ada.get("/api/v2/users");
        now.updateAndGet(instant -> instant.plusSeconds(1));
        var next = ada.get("/api/v2/users");
        now.updateAndGet(instant -> instant.minusSeconds(46));

        assertThat(late.status()).isEqualTo(429);
        assertThat(limit(late, "Reset")).contains("1");
        assertThat(next.status()).isEqualTo(200);
        assertThat(limit(next, "Remaining")).contains("19");
        assertThat(limit(next, "Reset")).contains("60");
    }

    @Test
    void organisations_do_not_use_up_each_others_requests() {
        exhaust(roster.newOrg("acme").founder());

        assertThat(roster.newOrg("other").founder().get("/api/v2/users").status()).isEqualTo(200);
    }

    @Test
    void the_limit_is_looked_at_after_the_keys_and_before_the_permission() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        exhaust(bob);

        assertThat(bob.post("/api/v2/users", "{}").status()).isEqualTo(429);
        assertThat(roster.send("GET", "/api/v2/users", null, Map.of("DD-API-KEY", org.apiKey())).status())
            .isEqualTo(403);
    }

    @Test
    void an_address_may_only_try_so_many_unknown_keys() {
        var org = roster.newOrg("acme");
        assertThat(org.founder().get("/api/v2/users").status()).isEqualTo(200);

        assertThat(unknownKeys().status()).isEqualTo(403);
        assertThat(limit(unknownKeys(), "Remaining")).contains("0");
        var refused = unknownKeys();

        assertThat(refused.status()).isEqualTo(429);
        assertThat(limit(refused, "Name")).contains("unknown-keys");
        assertThat(limit(refused, "Limit")).contains("2");
        assertThat(limit(refused, "Remaining")).contains("0");
        assertThat(limit(refused, "Reset")).contains("46");
        // Known keys still work from the same address.
        assertThat(org.founder().get("/api/v2/users").status()).isEqualTo(200);
    }

    private static Answer unknownKeys() {
        return roster.send("GET", "/api/v2/users", null,
            Map.of("DD-API-KEY", new Randomness().hex(16), "DD-APPLICATION-KEY", new Randomness().hex(20)));
    }
}
