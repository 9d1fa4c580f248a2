package roster.core.provisioning;

import java.time.Instant;
import java.util.Map;
import roster.base.json.Json;
import roster.base.scim.ScimTimes;
import roster.model.Role;
import roster.model.User;

/// A role as directories see it.
///
/// @param members how many users have it, those that SCIM does not show included
/// @param membersSum of their ids: the same for the same members
/// @param lastModified when it, or its membership, last changed
public record ProvisionedGroup(Role role, long members, long membersSum, Instant lastModified) {
    /// A member that SCIM shows.
    public record Member(User.Id id, String display) {}

    /// Under canonical names, without its members, and without what of `meta` depends on the address.
    public Map<String, Object> attributes() {
        var attributes = Json.members("id", role.id().toString());
        role.externalId().ifPresent(id -> attributes.put("externalId", id));
        attributes.put("displayName", role.name());
        attributes.put("meta", meta());
        return attributes;
    }

    /// Of `meta` the same.
    public Map<String, Object> meta() {
        return Json.members("resourceType", "Group", "created", ScimTimes.text(role.createdAt()), "lastModified",
            ScimTimes.text(lastModified));
    }
}
