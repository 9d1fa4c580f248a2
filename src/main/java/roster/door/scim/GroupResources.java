package roster.door.scim;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import roster.base.db.Tx;
import roster.base.json.Json;
import roster.base.scim.ResourceType;
import roster.base.scim.Selection;
import roster.base.secret.LengthPrefixed;
import roster.base.secret.Secrets;
import roster.core.provisioning.GroupSearch;
import roster.core.provisioning.KnownMembers;
import roster.core.provisioning.ProvisionedGroup;
import roster.core.provisioning.ProvisionedGroup.Member;
import roster.core.provisioning.ProvisionedGroups;
import roster.model.User;
import tools.jackson.core.JsonGenerator;

/// Groups as SCIM shows them.
final class GroupResources {
    /// Raise it with every change to how groups are rendered.
    private static final int FORMAT = 1;

    private static final List<String> SCHEMAS = List.of(ResourceType.GROUP.schema().id());
    private static final String MEMBERS = "members";

    private final ProvisionedGroups groups;
    private final Secrets secrets;

    GroupResources(ProvisionedGroups groups, Secrets secrets) {
        this.groups = groups;
        this.secrets = secrets;
    }

    static String path(ProvisionedGroup group) {
        return ResourceType.GROUP.endpoint() + "/" + group.role().id();
    }

    /// The tags of a group, without `W/`: of all that is shown, but of its members only which they are.
    List<String> tags(ProvisionedGroup group) {
        var role = group.role();
        return secrets.tags(new LengthPrefixed().add("scim group").add(FORMAT).add(role.org()).add(role.id())
            .add(role.name()).add(role.externalId()).add(group.members()).add(group.membersSum()).bytes());
    }

    /// The tag that a group is sent with.
    String tag(ProvisionedGroup group) {
        return "W/" + tags(group).getFirst();
    }

    /// Passes on members, by id.
    private interface Members {
        void each(Consumer<Member> reader);
    }

    /// A group, to be written in the transaction, which reads its members meanwhile.
    Map<String, Object> shown(Call call, Selection selection, Tx tx, ProvisionedGroup group) {
        return shown(call, selection, group, reader -> {
            if (group.members() > 0) {
                groups.eachMember(tx, group.role().org(), group.role().id(), reader);
            }
        });
    }

    /// A group with its members.
    Map<String, Object> shown(Call call, Selection selection, KnownMembers.Found found) {
        return shown(call, selection, found.group(), found.members()::forEach);
    }

    /// A group of which the members are not wanted.
    Map<String, Object> withoutMembers(Call call, Selection selection, ProvisionedGroup group) {
        return shown(call, selection, group, _ -> {
            throw new IllegalStateException("the members are not wanted");
        });
    }

    private Map<String, Object> shown(Call call, Selection selection, ProvisionedGroup group, Members shown) {
        var resource = Json.members("schemas", SCHEMAS);
        resource.putAll(group.attributes());
        resource.remove("meta"); // it comes last
        if (selection.wants(MEMBERS)) {
            resource.put(MEMBERS, members(call, selection, shown));
        }
        resource.put("meta", meta(call, group));
        return selection.applied(resource);
    }

    private Map<String, Object> meta(Call call, ProvisionedGroup group) {
        var meta = group.meta();
        meta.put("location", call.location(path(group)));
        meta.put("version", tag(group));
        return meta;
    }

    /// What filters of a call may ask for.
    GroupSearch.Shown shown(Call call) {
        return new GroupSearch.Shown() {
            @Override
            public Map<String, Object> meta(ProvisionedGroup group) {
                return GroupResources.this.meta(call, group);
            }

            @Override
            public String address(User.Id member) {
                return call.location(ResourceType.USER.endpoint() + "/" + member);
            }
        };
    }

    private static Json.Writable members(Call call, Selection selection, Members shown) {
        var parts = parts(selection);
        var users = call.location(ResourceType.USER.endpoint() + "/");
        return json -> {
            json.writeStartArray();
            if (!parts.isEmpty()) {
                shown.each(member -> write(json, parts, users, member));
            }
            json.writeEndArray();
        };
    }

    /// The parts of members that are wanted.
    private static Set<?> parts(Selection selection) {
        var all = Json.members("value", "", "$ref", "", "display", "", "type", "");
        return selection.applied(Map.of(MEMBERS, List.of(all))).get(MEMBERS) instanceof List<?> left && !left.isEmpty()
            && left.getFirst() instanceof Map<?, ?> member ? member.keySet() : Set.of();
    }

    private static void write(JsonGenerator json, Set<?> parts, String users, Member member) {
        var id = member.id().toString();
        json.writeStartObject();
        write(json, parts, "value", id);
        write(json, parts, "$ref", users + id);
        write(json, parts, "display", member.display());
        write(json, parts, "type", "User");
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Set<?> parts, String part, String value) {
        if (parts.contains(part)) {
            json.writeStringProperty(part, value);
        }
    }
}
