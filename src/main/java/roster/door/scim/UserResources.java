package roster.door.scim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import roster.base.json.Json;
import roster.base.scim.ResourceType;
import roster.base.scim.ScimTimes;
import roster.base.scim.Schemas;
import roster.base.scim.Selection;
import roster.base.secret.LengthPrefixed;
import roster.base.secret.Secrets;
import roster.core.provisioning.KnownPerson;
import roster.core.provisioning.ProvisionedUser;
import roster.model.Id;

/// Renders people, and makes their `ETag`: a keyed hash of all that is shown but links and `meta`, so that it is the same below
/// both bases, on every node, and after a restart.
final class UserResources {
    /// Raise it with every change to how people are rendered.
    private static final int FORMAT = 1;

    private static final String ENTERPRISE = Schemas.ENTERPRISE_USER.id();
    private static final String REF = "$ref";
    private static final String VALUE = "value";

    private final Secrets secrets;

    UserResources(Secrets secrets) {
        this.secrets = secrets;
    }

    /// A person, ready to be written.
    ///
    /// @param shown all but links, `meta`, `schemas` and `id`
    /// @param tags strong ones, with quotation marks; the first is sent
    record Rendered(ProvisionedUser user, Map<String, Object> shown, List<String> tags) {
        String etag() {
            return "W/" + tags.getFirst();
        }

        String path() {
            return ResourceType.USER.endpoint() + "/" + user.id();
        }
    }

    /// A person whole, as answers have it: made once for as long as the person is known.
    ///
    /// @param tags as of [Rendered]
    /// @param bodies by the base below which the person is shown
    record Whole(List<String> tags, Map<Base, byte[]> bodies) {
        String etag() {
            return "W/" + tags.getFirst();
        }

        /// Whether a version that a client read is this one.
        boolean is(String version) {
            return tags.contains(version.startsWith("W/") ? version.substring(2) : version);
        }
    }

    Whole whole(Call call, KnownPerson known) {
        return known.made(Whole.class, person -> {
            var rendered = rendered(person);
            var bodies = new ConcurrentHashMap<Base, byte[]>(2);
            bodies.put(call.base(), Json.bytes(json(call, rendered, Selection.ALL)));
            return new Whole(rendered.tags(), bodies);
        });
    }

    /// As the answer to a call has it.
    byte[] json(Call call, KnownPerson known, Selection selection) {
        return selection.isGiven() ? Json.bytes(json(call, rendered(known.person()), selection))
            : whole(call, known).bodies().computeIfAbsent(call.base(),
                _ -> Json.bytes(json(call, rendered(known.person()), selection)));
    }

    static String path(KnownPerson known) {
        return ResourceType.USER.endpoint() + "/" + known.person().id();
    }

    Rendered rendered(ProvisionedUser user) {
        var shown = Resource.ordered(ResourceType.USER, user.attributes());
        return new Rendered(user, shown, secrets.tags(new LengthPrefixed().add("scim user").add(FORMAT)
            .add(user.user().org()).add(user.id()).add(Json.bytes(shown)).bytes()));
    }

    /// As the answer to a call has it.
    Map<String, Object> json(Call call, Rendered rendered, Selection selection) {
        var user = rendered.user();
        var resource = new LinkedHashMap<String, Object>();
        resource.put("schemas", Resource.schemas(ResourceType.USER, rendered.shown()));
        resource.put("id", user.id().toString());
        resource.putAll(rendered.shown());
        if (resource.get("groups") instanceof List<?> groups) {
            resource.put("groups", groups.stream().map(group -> linked((Map<?, ?>) group,
                call.location(ResourceType.GROUP.endpoint() + "/" + ((Map<?, ?>) group).get(VALUE)))).toList());
        }
        link(call, resource);
        resource.put("meta", Json.members("resourceType", ResourceType.USER.name(), "created",
            ScimTimes.text(user.user().createdAt()), "lastModified", ScimTimes.text(user.lastModified()), "location",
            call.location(rendered.path()), "version", rendered.etag()));
        return selection.applied(resource);
    }

    /// A manager who is a user has an address.
    private static void link(Call call, Map<String, Object> resource) {
        if (resource.get(ENTERPRISE) instanceof Map<?, ?> parts && parts.get("manager") instanceof Map<?, ?> manager
            && manager.containsKey("displayName")) {
            var linked = new LinkedHashMap<String, Object>();
            parts.forEach((name, value) -> linked.put((String) name, value));
            Optional.ofNullable(manager.get(VALUE)).map(Object::toString).flatMap(Id::parse).ifPresent(id -> linked
                .put("manager", linked(manager, call.location(ResourceType.USER.endpoint() + "/" + id))));
            resource.put(ENTERPRISE, linked);
        }
    }

    private static Map<String, Object> linked(Map<?, ?> element, String location) {
        var linked = new LinkedHashMap<String, Object>();
        element.forEach((name, value) -> {
            linked.put((String) name, value);
            if (name.equals(VALUE)) {
                linked.put(REF, location);
            }
        });
        return linked;
    }
}
