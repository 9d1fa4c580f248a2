package roster.core.role;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.access.AccessFeature;

/// Roles and the permissions they hold.
public final class RoleFeature implements Feature {
    public final Administrators administrators;
    public final Roles roles;
    public final RoleNames names;
    public final RolesHolding holding;

    public RoleFeature(Kernel kernel, AccessFeature access) {
        administrators = new Administrators(kernel.catalogue());
        roles = new Roles(kernel.audit(), kernel.catalogue(), access.grants, administrators);
        names = new RoleNames(kernel.audit());
        holding = new RolesHolding(kernel.catalogue());
    }

    @Override
    public List<TenantTable> tables() {
        return List.of(TenantTable.of("roles").shownWith("created_by", "modified_by"),
            TenantTable.of("role_member_sums").unversioned()); // of rows that have one
    }
}
