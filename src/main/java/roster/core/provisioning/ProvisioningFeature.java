package roster.core.provisioning;

import roster.base.feature.Feature;
import roster.core.Kernel;
import roster.core.role.RoleFeature;
import roster.core.user.UserFeature;

/// What directories provision.
public final class ProvisioningFeature implements Feature {
    public final ProvisionedGroups groups;
    public final MemberChanges memberChanges;
    public final GroupSearch groupSearch;

    public ProvisioningFeature(Kernel kernel, RoleFeature role, UserFeature user) {
        groups = new ProvisionedGroups(kernel.audit(), role.roles, user.members);
        memberChanges = new MemberChanges(groups);
        groupSearch = new GroupSearch(groups);
    }
}
