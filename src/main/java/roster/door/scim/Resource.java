package roster.door.scim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import roster.base.scim.Attribute;
import roster.base.scim.Attributes;
import roster.base.scim.ResourceType;
import roster.base.scim.Schema;

/// Resources as they are written: members in the order of their schemas, whatever order they came in.
final class Resource {
    private Resource() {}

    /// All that the schemas know, but for `schemas`, `id` and `meta`.
    static Map<String, Object> ordered(ResourceType type, Attributes attributes) {
        var ordered = ordered(Stream.concat(ResourceType.COMMON.stream(), type.schema().attributes().stream()).toList(),
            attributes.values());
        List.of("schemas", "id", "meta").forEach(ordered::remove);
        for (var extension : type.extensions()) {
            var parts = ordered(extension.attributes(), attributes.parts(extension.id()).values());
            if (!parts.isEmpty()) {
                ordered.put(extension.id(), parts);
            }
        }
        return ordered;
    }

    private static Map<String, Object> ordered(List<Attribute> attributes, Map<?, ?> values) {
        var ordered = new LinkedHashMap<String, Object>();
        for (var attribute : attributes) {
            var value = values.get(attribute.name());
            if (value != null) {
                ordered.put(attribute.name(), ordered(attribute, value));
            }
        }
        return ordered;
    }

    private static Object ordered(Attribute attribute, Object value) {
        return switch (value) {
            case List<?> many -> many.stream().map(one -> ordered(attribute, one)).toList();
            case Map<?, ?> parts -> ordered(attribute.subAttributes(), parts);
            default -> value;
        };
    }

    /// The schemas of a resource: its own, and those of the extensions that it has something of.
    static List<String> schemas(ResourceType type, Map<String, ?> resource) {
        return Stream.concat(Stream.of(type.schema().id()),
            type.extensions().stream().map(Schema::id).filter(resource::containsKey)).toList();
    }
}
