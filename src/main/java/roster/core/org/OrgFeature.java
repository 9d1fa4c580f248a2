package roster.core.org;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.access.AccessFeature;

/// Organisations and what they have set for themselves.
public final class OrgFeature implements Feature {
    public final Orgs orgs;
    public final OrgConfigs configs;
    public final IpAllowlists ipAllowlists;
    public final DomainAllowlists domainAllowlists;

    public OrgFeature(Kernel kernel, AccessFeature access) {
        orgs = new Orgs(kernel.audit());
        configs = new OrgConfigs(kernel.audit(), access.grants);
        ipAllowlists = new IpAllowlists(kernel.audit());
        domainAllowlists = new DomainAllowlists(kernel.audit(), configs);
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("orgs").orgIn("id"), TenantTable.of("gone"), TenantTable.of("org_configs"),
            TenantTable.of("ip_allowlists"), TenantTable.of("ip_allowlist_entries"));
    }
}
