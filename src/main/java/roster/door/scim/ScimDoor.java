package roster.door.scim;

import roster.base.feature.Feature;
import roster.base.http.Routes;
import roster.base.net.PublicUrl;
import roster.base.secret.CursorCodec;
import roster.core.Kernel;
import roster.core.provisioning.ProvisioningFeature;

/// Provisioning by directories.
public final class ScimDoor implements Feature {
    private final PublicUrl publicUrl;
    private final RequestNotes notes;
    private final Discovery discovery = new Discovery();
    private final UserApi users;
    private final GroupApi groups;
    private final SearchApi search;
    private final BulkApi bulk;

    public ScimDoor(Kernel kernel, ProvisioningFeature provisioning) {
        publicUrl = kernel.publicUrl();
        notes = new RequestNotes(provisioning.requests, kernel.sources().clock());
        var cursors = new CursorCodec(kernel.secrets());
        var userResources = new UserResources(kernel.secrets());
        var groupResources = new GroupResources(provisioning.groups, kernel.secrets());
        var answers = new GroupAnswers(kernel.db());
        users = new UserApi(kernel.db(), provisioning.users, provisioning.search, userResources, cursors);
        groups = new GroupApi(kernel.db(), provisioning, groupResources, answers, cursors);
        search = new SearchApi(provisioning.resourceSearch, userResources, groupResources, answers, cursors);
        bulk = new BulkApi(users, notes, kernel.sources().nanos());
    }

    @Override
    public void addTo(Routes routes) {
        var scim = new ScimRoutes(routes, publicUrl, notes);
        discovery.addTo(scim);
        users.addTo(scim);
        groups.addTo(scim);
        search.addTo(scim);
        bulk.addTo(scim);
    }
}
