package roster.door.ops;

import java.util.List;
import roster.base.feature.Feature;
import roster.base.settings.Parsers;
import roster.base.settings.Setting;

/// For operators and what watches for them: health, metrics, and the floor that benchmarks compare with.
public final class OpsDoor implements Feature {
    public static final Setting<Integer> MANAGEMENT_PORT = Setting.of("ROSTER_MANAGEMENT_PORT",
        "Separate port for `/health/live`, `/health/ready` and `/metrics`", Parsers::port).derived("the API port");

    public static final Setting<Boolean> BENCH = Setting.of("ROSTER_BENCH",
        "`on` for benchmarks: `GET /bench/fixed?bytes=N` returns N bytes of JSON to any caller, and every answer has its "
            + "duration in `Server-Timing`",
        Parsers::onOrOff).standard("off");

    public static final List<Setting<?>> SETTINGS = List.of(MANAGEMENT_PORT, BENCH);

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }
}
