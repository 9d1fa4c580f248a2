package roster.door.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.source.Randomness;
import roster.support.Answer;
import roster.support.TestRoster;

/// How often SCIM may be asked: by an organisation, from an address, and with what nobody issued.
class ScimRateLimitTest {
    private static final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-08-01T09:00:14Z"));

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "20/60s"), now::get);

    private static Probe probe;

    @BeforeAll
    static void add_routes() {
        probe = new Probe(roster);
    }

    /// A fresh period for each test: all come from one address.
    @BeforeEach
    void next_period() {
        now.updateAndGet(instant -> instant.plusSeconds(60));
    }

    private static void assertTooMany(Answer answer, String limit) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(429);
        assertThat(answer.text("/status")).isEqualTo("429");
        assertThat(answer.text("/detail")).isEqualTo("Too many requests");
        assertThat(answer.header("Retry-After")).contains("46");
        assertThat(answer.header("X-RateLimit-Name")).contains(limit);
        assertThat(answer.header("X-RateLimit-Remaining")).contains("0");
    }

    @Test
    void an_organisation_has_as_many_requests_as_elsewhere_discovery_included() {
        var ada = roster.newOrg("acme").founder();
        var keys = Map.of("Authorization", "Bearer " + ada.applicationKey());
        for (int i = 0; i < 6; i++) {
            assertThat(probe.get("/scim/v2/Probe", keys).status()).isEqualTo(200);
            assertThat(probe.get("/api/v2/scim/Schemas", keys).status()).isEqualTo(200);
            assertThat(ada.get("/api/v2/users").status()).isEqualTo(200);
        }
        assertThat(probe.get("/scim/v2/Mine", keys).header("X-RateLimit-Remaining")).contains("1");
        assertThat(probe.get("/scim/v2/Mine", keys).header("X-RateLimit-Remaining")).contains("0");

        for (var base : Probe.BASES) {
            assertTooMany(probe.get(base + "/Probe", keys), "organization");
            assertTooMany(probe.get(base + "/Schemas", keys), "organization");
            assertTooMany(probe.send("POST", base + "/Probe", "x", keys), "organization");
        }
    }

    @Test
    void the_limit_comes_before_the_permission() {
        var bob = roster.newOrg("acme").newUser("bob@acme.test");
        var keys = Map.of("Authorization", "Bearer " + bob.applicationKey());
        for (int i = 0; i < 20; i++) {
            assertThat(probe.get("/scim/v2/Probe", keys).status()).isEqualTo(403);
        }

        assertTooMany(probe.get("/scim/v2/Probe", keys), "organization");
    }

    @Test
    void discovery_without_credentials_counts_for_the_address() {
        for (int i = 0; i < 20; i++) {
            assertThat(probe.get("/scim/v2/Schemas", Map.of()).status()).isEqualTo(200);
        }

        assertTooMany(probe.get("/api/v2/scim/ResourceTypes", Map.of()), "address");
        assertThat(probe.get("/scim/v2/Schemas", Map.of("Authorization",
            "Bearer " + roster.newOrg("acme").founder().applicationKey())).status()).isEqualTo(200);
    }

    @Test
    void an_address_may_try_few_unknown_secrets_on_any_route() {
        var known = Map.of("Authorization", "Bearer " + roster.newOrg("acme").founder().applicationKey());
        assertThat(probe.get("/scim/v2/Probe", known).status()).isEqualTo(200);
        for (var path : new String[] {"/scim/v2/Schemas", "/api/v2/scim/Probe"}) {
            assertThat(probe.get(path, unknown()).status()).isEqualTo(401);
        }

        assertTooMany(probe.get("/scim/v2/Probe", unknown()), "unknown-keys");
        assertTooMany(probe.get("/scim/v2/Schemas", unknown()), "unknown-keys");
        // Known keys still work from the same address.
        assertThat(probe.get("/scim/v2/Probe", known).status()).isEqualTo(200);
    }

    private static Map<String, String> unknown() {
        return Map.of("Authorization", "Bearer " + new Randomness().hex(20));
    }
}
