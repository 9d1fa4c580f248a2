package roster.door.scim;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.base.net.PublicUrl;
import roster.core.Kernel;
import roster.core.provisioning.ProvisioningFeature;

/// Provisioning by directories.
public final class ScimDoor implements Feature {
    private final PublicUrl publicUrl;
    private final RequestNotes notes;
    private final Discovery discovery = new Discovery();
    private final UserApi users;
    private final GroupApi groups;

    public ScimDoor(Kernel kernel, ProvisioningFeature provisioning) {
        publicUrl = kernel.publicUrl();
        notes = new RequestNotes(provisioning.requests, kernel.sources().clock());
        users = new UserApi(kernel.db(), provisioning.users, provisioning.search, new UserResources(kernel.secrets()));
        groups = new GroupApi(kernel.db(), provisioning, new GroupResources(provisioning.groups, kernel.secrets()));
    }

    @Override
    public void addTo(Routes routes) {
        var scim = new ScimRoutes(routes, publicUrl, notes);
        discovery.addTo(scim);
        users.addTo(scim);
        groups.addTo(scim);
    }
}
