package roster.door.api.shared;

import roster.base.jsonapi.Resource;
import roster.model.Org;

/// The one place where an organisation becomes JSON.
public final class OrgResources {
    private OrgResources() {}

    /// An organisation, in answers about it and included with its users.
    public static Resource resource(Org org) {
        return new Resource("orgs", org.id())
            .with("public_id", org.publicId())
            .with("name", org.name())
            .with("description", org.description())
            .with("sharing", "all_private")
            .with("url", null)
            .with("disabled", org.disabled())
            .with("created_at", org.createdAt())
            .with("modified_at", org.modifiedAt());
    }
}
