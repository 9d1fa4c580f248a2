package roster.core.user;

import java.util.List;
import roster.base.db.TenantTable;
import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.audit.AuditFeature;
import roster.core.role.RoleFeature;

/// Anonymising users, and the proof of it. Comes after all other features of core, whose tables it goes through.
public final class AnonymisationFeature implements Feature {
    public final Anonymisation anonymisation;
    public final LeftoverSearch leftovers;

    /// @param tables of all features
    public AnonymisationFeature(Kernel kernel, AuditFeature audit, RoleFeature role, UserFeature user,
        List<TenantTable> tables) {
        var rows = new PersonalRows(tables);
        anonymisation = new Anonymisation(kernel.db(), kernel.audit(), audit.erasure, user.users, role.administrators,
            rows);
        leftovers = new LeftoverSearch(kernel.db(), rows, audit.erasure);
    }
}
