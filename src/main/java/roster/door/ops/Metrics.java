package roster.door.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import roster.base.db.Database;
import roster.base.fair.Shared;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.Routes;
import roster.base.http.WebServer;
import roster.base.work.WorkerStatus;
import roster.base.work.Workers;

/// `/metrics`, in Prometheus' text format: requests, the connection pool, background workers, memory, threads, garbage
/// collection, processor and uptime. No names, addresses or keys of users.
public final class Metrics implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry meters;
    private final Database db;
    private final Workers workers;
    /// Rendering stops all threads of the machine, to look at them.
    private final Shared<byte[]> text;
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private boolean bound;

    public Metrics(PrometheusMeterRegistry meters, Database db, Workers workers) {
        this.meters = meters;
        this.text = new Shared<>(() -> meters.scrape().getBytes(StandardCharsets.UTF_8));
        this.db = db;
        this.workers = workers;
    }

    public void addTo(Routes routes) {
        routes.get("/metrics", Needs.Simple.HEALTH, request -> {
            bind();
            return Response.ok(TEXT, text.get());
        });
    }

    /// Adds what the server of the API has in use.
    public void watch(WebServer server) {
        Gauge.builder("roster.http.connections", server, WebServer::connections)
            .description("Open connections of clients").register(meters);
        Gauge.builder("roster.http.bytes", server, WebServer::bytes).baseUnit("bytes")
            .description("Memory taken by heads, bodies and answers").register(meters);
    }

    /// Registers the meters of the Java machine, the pool and the workers. Not part of the start, which need not wait for it.
    public synchronized void bind() {
        if (bound) {
            return;
        }
        bound = true;
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        gc.bindTo(meters);
        pool("connections", "Connections to the database", Database.Load::connections);
        pool("busy", "Connections in use", Database.Load::busy);
        pool("waiting", "Requests that wait for a connection", Database.Load::waiting);
        workers.status().forEach(status -> worker(status.name()));
    }

    private void worker(String name) {
        runs(name, "success", status -> status.runs() - status.failures());
        runs(name, "failure", WorkerStatus::failures);
        FunctionTimer.builder("roster.worker.run", workers, all -> status(all, name).runs(),
            all -> status(all, name).total().toNanos(), TimeUnit.NANOSECONDS)
            .description("Runs of background workers that ended, and how long they took").tag("worker", name)
            .register(meters);
        Gauge.builder("roster.worker.run.seconds.max", workers, all -> status(all, name).longest().toNanos() / 1e9)
            .description("The longest run of a background worker since the start").tag("worker", name)
            .register(meters);
        TimeGauge.builder("roster.worker.last.success.timestamp", workers, TimeUnit.MILLISECONDS,
            all -> status(all, name).lastSuccess().map(Instant::toEpochMilli).orElse(0L))
            .description("When the last run without a failure ended; 0 before the first one").tag("worker", name)
            .register(meters);
    }

    private void runs(String name, String outcome, ToDoubleFunction<WorkerStatus> number) {
        FunctionCounter.builder("roster.worker.runs", workers, all -> number.applyAsDouble(status(all, name)))
            .description("Runs of background workers that ended, by outcome").tags("worker", name, "outcome", outcome)
            .register(meters);
    }

    private static WorkerStatus status(Workers workers, String name) {
        return workers.status().stream().filter(status -> status.name().equals(name)).findFirst().orElseThrow();
    }

    private void pool(String name, String description, ToIntFunction<Database.Load> number) {
        Gauge.builder("roster.db.pool." + name, db, open -> number.applyAsInt(open.load())).description(description)
            .register(meters);
    }

    @Override
    public void close() {
        gc.close();
    }
}
