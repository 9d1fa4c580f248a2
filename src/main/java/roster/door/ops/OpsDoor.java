package roster.door.ops;

import java.util.List;
import roster.base.feature.Feature;
import roster.base.http.Handler;
import roster.base.http.Routes;
import roster.base.settings.Parsers;
import roster.base.settings.Setting;
import roster.base.work.Workers;
import roster.core.Kernel;

/// For operators and what watches for them: health, metrics, and the floor that benchmarks compare with.
public final class OpsDoor implements Feature, AutoCloseable {
    public static final Setting<Integer> MANAGEMENT_PORT = Setting.of("ROSTER_MANAGEMENT_PORT",
        "Separate port for `/health/live`, `/health/ready` and `/metrics`", Parsers::port).derived("the API port");

    public static final Setting<Boolean> BENCH = Setting.of("ROSTER_BENCH",
        "`on` for benchmarks: `GET /bench/fixed?bytes=N` returns N bytes of JSON to any caller, and every answer has its "
            + "duration in `Server-Timing`",
        Parsers::onOrOff).standard("off");

    public static final List<Setting<?>> SETTINGS = List.of(MANAGEMENT_PORT, BENCH);

    public final Health health;
    public final Metrics metrics;
    private final boolean bench;
    private final boolean aside;

    /// @param workers of this node
    public OpsDoor(Kernel kernel, Workers workers) {
        health = new Health(kernel.db(), kernel.sources().clock());
        metrics = new Metrics(kernel.meters(), kernel.db(), workers);
        bench = kernel.settings().require(BENCH);
        aside = kernel.settings().get(MANAGEMENT_PORT).isPresent();
    }

    @Override
    public void addTo(Routes routes) {
        if (bench) {
            new Bench().addTo(routes);
        }
        health.addDefaultCheckTo(routes);
        if (!aside) {
            addManagementTo(routes);
        }
    }

    /// Health and metrics, which may have a port of their own.
    public void addManagementTo(Routes routes) {
        health.addTo(routes);
        metrics.addTo(routes);
    }

    /// The same handler; for benchmarks one that tells how long each answer took.
    public Handler timed(Handler handler) {
        return bench ? Bench.timed(handler) : handler;
    }

    @Override
    public void close() {
        metrics.close();
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }
}
