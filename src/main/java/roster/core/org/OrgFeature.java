package roster.core.org;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.base.settings.Setting;
import roster.core.Kernel;
import roster.core.access.AccessFeature;

/// Organisations and what they have set for themselves.
public final class OrgFeature implements Feature {
    public static final Setting<Integer> CHILD_ORGS = Setting.of("ROSTER_CHILD_ORGS",
        "Child organisations that one organisation may create per hour through the API; beyond that, 429",
        OrgFeature::number).standard("1000");

    public static final List<Setting<?>> SETTINGS = List.of(CHILD_ORGS);

    public final Orgs orgs;
    public final ChildOrgs children;
    public final OrgConfigs configs;
    public final IpAllowlists ipAllowlists;
    public final DomainAllowlists domainAllowlists;

    public OrgFeature(Kernel kernel, AccessFeature access) {
        orgs = new Orgs(kernel.audit());
        children = new ChildOrgs(kernel.db(), kernel.audit(), orgs, kernel.settings().require(CHILD_ORGS));
        configs = new OrgConfigs(kernel.audit(), access.grants);
        ipAllowlists = new IpAllowlists(kernel.audit());
        domainAllowlists = new DomainAllowlists(kernel.audit(), configs);
    }

    private static int number(String text) {
        if (!text.matches("[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException("expected a number from 1 to 9999999");
        }
        return Integer.parseInt(text);
    }

    @Override
    public List<Setting<?>> settings() {
        return SETTINGS;
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("orgs").orgIn("id"), TenantTable.of("gone"), TenantTable.of("org_configs"),
            TenantTable.of("ip_allowlists"), TenantTable.of("ip_allowlist_entries"));
    }
}
