package roster.door.scim;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.base.net.PublicUrl;
import roster.core.Kernel;
import roster.core.provisioning.ProvisioningFeature;

/// Provisioning by directories.
public final class ScimDoor implements Feature {
    private final PublicUrl publicUrl;
    private final Discovery discovery = new Discovery();

    private final GroupApi groups;

    public ScimDoor(Kernel kernel, ProvisioningFeature provisioning) {
        publicUrl = kernel.publicUrl();
        groups = new GroupApi(kernel.db(), provisioning, new GroupResources(provisioning.groups, kernel.secrets()));
    }

    @Override
    public void addTo(Routes routes) {
        var below = new ScimRoutes(routes, publicUrl);
        discovery.addTo(below);
        groups.addTo(below);
    }
}
