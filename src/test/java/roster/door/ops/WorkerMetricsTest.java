package roster.door.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.http.Match;
import roster.base.http.Routes;
import roster.base.work.Signal;
import roster.base.work.Wake;
import roster.base.work.Worker;
import roster.base.work.Workers;
import roster.support.Await;
import roster.support.TestRoster;

class WorkerMetricsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");

    /// Nothing listens on the mail server's port, and nothing is sent.
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_SMTP_URL", "smtp://127.0.0.1:1",
        "ROSTER_PUBLIC_URL", "https://people.example.test"));

    @Test
    void every_worker_of_a_node_appears() {
        var metrics = roster.send("GET", "/metrics", null).text();
        assertThat(roster.node().workers.status()).extracting(status -> status.name())
            .containsExactlyInAnyOrder("last-use", "idempotency-sweep",
                "invitation-count-sweep", "session-sweep", "sign-in-pointers", "org-days", "trail-verification",
                "trail-schedule", "bulk-jobs", "bulk-sweep",
                "guess-sweep",
                "failed-sign-ins",
                "letter-requests", "directory-requests", "directory-sweep", "spent-token-sweep", "provider-metadata",
                "mailer")
            .allSatisfy(
                worker -> assertThat(metrics).contains(
                    "roster_worker_runs_total{outcome=\"success\",worker=\"%s\"} ".formatted(worker),
                    "roster_worker_runs_total{outcome=\"failure\",worker=\"%s\"} ".formatted(worker),
                    "roster_worker_run_seconds_count{worker=\"%s\"} ".formatted(worker),
                    "roster_worker_run_seconds_sum{worker=\"%s\"} ".formatted(worker),
                    "roster_worker_run_seconds_max{worker=\"%s\"} ".formatted(worker),
                    "roster_worker_last_success_timestamp_seconds{worker=\"%s\"} ".formatted(worker)));
    }

    @Test
    void runs_are_counted_by_outcome_and_timed() throws InterruptedException {
        var signal = new Signal();
        var runs = new AtomicInteger();
        var ended = new Semaphore(0);
        var tidy = new Worker("tidy", "Tidies.", Wake.on(signal, "a signal", Duration.ofHours(1)), _ -> {
            ended.release();
            if (runs.incrementAndGet() == 3) {
                throw new IllegalStateException("a failure");
            }
        });
        try (var workers = new Workers(List.of(tidy), InstantSource.fixed(NOW));
            var metrics = new Metrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), roster.db(), workers)) {
            assertThat(scraped(metrics)).contains("roster_worker_runs_total{outcome=\"success\",worker=\"tidy\"} 0.0",
                "roster_worker_last_success_timestamp_seconds{worker=\"tidy\"} 0.0");
            workers.start();
            for (var run = 1; run <= 3; run++) {
                assertThat(ended.tryAcquire(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
                awaitRuns(workers, run);
                signal.ring();
            }
            awaitRuns(workers, 4);

            var status = workers.status().getFirst();
            assertThat(scraped(metrics)).contains("roster_worker_runs_total{outcome=\"success\",worker=\"tidy\"} 3.0",
                "roster_worker_runs_total{outcome=\"failure\",worker=\"tidy\"} 1.0",
                "roster_worker_run_seconds_count{worker=\"tidy\"} 4",
                "roster_worker_run_seconds_sum{worker=\"tidy\"} " + status.total().toNanos() / 1e9,
                "roster_worker_run_seconds_max{worker=\"tidy\"} " + status.longest().toNanos() / 1e9,
                "roster_worker_last_success_timestamp_seconds{worker=\"tidy\"} %s"
                    .formatted(NOW.toEpochMilli() / 1e3));
        }
    }

    private static void awaitRuns(Workers workers, int runs) {
        Await.until(runs + " runs", () -> workers.status().getFirst().runs() >= runs);
    }

    private static String scraped(Metrics metrics) {
        var routes = new Routes();
        metrics.addTo(routes);
        var found = (Match.Found) routes.match("GET", "/metrics");
        return new String(found.route().handler().handle(null).body(), StandardCharsets.UTF_8);
    }
}
