package roster.core.access;

import java.util.List;
import java.util.Optional;
import roster.base.feature.Feature;
import roster.base.settings.Setting;
import roster.base.work.Rate;

/// Who calls, and what they may do.
public final class AccessFeature implements Feature {
    public static final Setting<Optional<Rate>> RATE_LIMIT = Setting.of("ROSTER_RATE_LIMIT",
        "Requests per period from one organisation to one node; beyond that, 429. The same limit applies per client "
            + "address to pages and other routes without keys, and a tenth of it to unknown keys. `off`: no limit",
        Rate::parse).standard("60000/60s");

    public static final List<Setting<?>> SETTINGS = List.of(RATE_LIMIT);

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }
}
