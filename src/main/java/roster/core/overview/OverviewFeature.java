package roster.core.overview;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.base.work.Worker;
import roster.core.Kernel;

/// What an organisation looks like at a glance.
public final class OverviewFeature implements Feature {
    public final OrgDays days;
    public final Attention attention;

    public OverviewFeature(Kernel kernel) {
        days = new OrgDays(kernel.db());
        attention = new Attention(kernel.catalogue());
    }

    @Override
    public List<Worker> workers() {
        return List.of(days.worker());
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("org_days").unversioned());
    }
}
