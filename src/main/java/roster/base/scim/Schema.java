package roster.base.scim;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import roster.base.json.Json;

/// A schema: what a resource, or an extension of one, is made of.
///
/// @param id its URN
public record Schema(String id, String name, String description, List<Attribute> attributes) {
    public Schema {
        attributes = List.copyOf(attributes);
    }

    /// An attribute by its name in any case.
    public Optional<Attribute> attribute(String typed) {
        return Attribute.named(attributes, typed);
    }

    /// As `/Schemas` shows it, without `meta`, whose address only the door knows.
    public Map<String, Object> json() {
        return Json.members("schemas", List.of(Schemas.SCHEMA.id()), "id", id, "name", name, "description", description,
            "attributes", Attribute.json(attributes));
    }
}
