package roster.door.api.roles;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.core.Kernel;
import roster.core.directory.DirectoryFeature;
import roster.core.role.RoleFeature;
import roster.door.api.shared.RoleResources;

/// Roles and permissions.
public final class RoleDoor implements Feature {
    private final RoleApi roles;

    public RoleDoor(Kernel kernel, RoleFeature role, DirectoryFeature directory) {
        roles = new RoleApi(kernel.db(), role.roles, directory.directory, new RoleResources(kernel.catalogue()),
            kernel.catalogue());
    }

    @Override
    public void addTo(Routes routes) {
        roles.addTo(routes);
    }
}
