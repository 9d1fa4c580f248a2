package roster.door.scim;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.base.net.PublicUrl;
import roster.core.Kernel;

/// Provisioning by directories.
public final class ScimDoor implements Feature {
    private final PublicUrl publicUrl;
    private final Discovery discovery = new Discovery();

    public ScimDoor(Kernel kernel) {
        publicUrl = kernel.publicUrl();
    }

    @Override
    public void addTo(Routes routes) {
        discovery.addTo(new ScimRoutes(routes, publicUrl));
    }
}
