package roster.door.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;
import roster.base.db.Database;
import roster.base.http.Needs;
import roster.base.http.Response;
import roster.base.http.Routes;

/// `/metrics`, as Prometheus reads it: requests, the connection pool, memory, threads, garbage collection, processor and
/// uptime. No names, addresses or keys.
public final class Metrics implements AutoCloseable {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry meters;
    private final Database db;
    private final JvmGcMetrics gc = new JvmGcMetrics();
    private boolean bound;

    public Metrics(PrometheusMeterRegistry meters, Database db) {
        this.meters = meters;
        this.db = db;
    }

    public void addTo(Routes routes) {
        routes.get("/metrics", Needs.Simple.HEALTH, request -> {
            bind();
            return Response.ok(TEXT, meters.scrape().getBytes(StandardCharsets.UTF_8));
        });
    }

    /// Begins to watch what the Java machine tells of itself. Not part of the start, which need not wait for it.
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
