package roster.core.access;

import java.util.List;
import java.util.Optional;
import roster.base.db.TenantTable;
import roster.base.db.TimeRepair;
import roster.base.feature.Feature;
import roster.base.settings.Setting;
import roster.base.work.Rate;
import roster.base.work.RateLimit;
import roster.base.work.Worker;
import roster.core.Kernel;

/// Who calls, and what they may do.
public final class AccessFeature implements Feature {
    public static final Setting<Optional<Rate>> RATE_LIMIT = Setting.of("ROSTER_RATE_LIMIT",
        "Requests per period from one organisation to one node; beyond that, 429. The same limit applies per client "
            + "address to pages and other routes without keys, and a tenth of it to unknown keys. `off`: no limit",
        Rate::parse).standard("60000/60s");

    public static final List<Setting<?>> SETTINGS = List.of(RATE_LIMIT, SessionTimes.IDLE, SessionTimes.MAX);

    /// Of the limit of requests, this part may come from one address with unknown keys or tokens.
    private static final int UNKNOWN_PART = 10;

    public final Rights rights;
    public final Grants grants;
    public final Callers callers;
    public final AllowedNetworks networks;
    public final Freshness freshness;
    public final KeptAnswers keptAnswers;
    public final LastUse lastUse;
    public final SessionTimes sessionTimes;

    public AccessFeature(Kernel kernel) {
        rights = new Rights(kernel.catalogue());
        grants = new Grants(kernel.catalogue(), rights);
        keptAnswers = new KeptAnswers(kernel.db(), kernel.secrets());
        lastUse = new LastUse(kernel.db());
        sessionTimes = new SessionTimes(kernel.settings());
        freshness = new Freshness(kernel.db());
        networks = new AllowedNetworks(kernel.db());
        var clock = kernel.sources().clock();
        var unknown = kernel.settings().require(RATE_LIMIT).map(rate -> new RateLimit("unknown-keys",
            new Rate(Math.max(1, rate.count() / UNKNOWN_PART), rate.periodSeconds()), clock));
        callers = new Callers(kernel.db(), rights, unknown, lastUse, sessionTimes, kernel.sources().nanos());
        kernel.db().admission(callers);
    }

    @Override
    public List<Worker> workers() {
        return List.of(lastUse.worker(), keptAnswers.worker());
    }

    @Override
    public List<TimeRepair> timeRepairs() {
        return List.of(new TimeRepair("stored answers", keptAnswers::repairTimes),
            new TimeRepair("keys and tokens", lastUse::repairTimes));
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(
            TenantTable.of("idempotency_keys").unversioned().endingWithUser("user_id").personal("body")
                .clearedWhere(KeptAnswers.MENTION, KeptAnswers.CLEARED));
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }
}
