package roster.promise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.http.Needs;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// The limit of an organisation, on every route with keys: looked at after the keys, before anything else.
class EveryRouteLimitTest {
    /// At this moment a period begins, and time stands still.
    private static final Instant MOMENT = Instant.parse("2026-08-01T00:00:00Z");

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "1/3600s"), () -> MOMENT);

    @Test
    void when_none_are_left_every_route_says_when_to_come_again() {
        var ada = roster.newOrg("acme").founder();
        assertThat(ada.get("/api/v1/validate").status()).isEqualTo(200);
        var session = SignedIn.in(ada);
        var version = ada.org().version();

        for (var route : roster.node().routes.all()) {
            if (route.needs() == Needs.Simple.NOTHING || route.needs() == Needs.Simple.HEALTH) {
                continue;
            }
            var path = route.template().replaceAll("\\{[a-z_]+}", UUID.randomUUID().toString());
            if (route.needs().isSession()) {
                var page = route.method().equals("GET") ? session.page(path) : session.form(path, Map.of());
                assertThat(page.status()).as(page.toString()).isEqualTo(429);
                assertThat(page.header("X-RateLimit-Reset")).as(path).contains("3600");
                continue;
            }
            var answer = ada.send(route.method(), path, route.method().equals("GET") ? null : "{}");
            assertThat(answer.status()).as(answer.toString()).isEqualTo(429);
            assertThat(route.protocol().isPresent() ? List.of(answer.text("/detail")) : answer.errors()).as(path)
                .containsExactly("Too many requests");
            assertThat(answer.header("X-RateLimit-Reset")).as(path).contains("3600");
        }
        assertThat(ada.org().version()).isEqualTo(version);
    }
}
