package roster.base.jsonapi;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import roster.base.json.Json;
import roster.model.Id;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.io.SerializedString;

/// A resource in a response: type, id, attributes and relationships. Attributes and relationships keep the order in
/// which they were added.
public final class Resource implements Json.Writable {
    private final String type;
    private final Optional<String> id;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final Map<String, Object> relationships = new LinkedHashMap<>();
    private volatile SerializedString rendered;

    public Resource(String type, Id id) {
        this(type, id.value());
    }

    public Resource(String type, UUID id) {
        this(type, id.toString());
    }

    /// A resource whose id is not a UUID.
    public Resource(String type, String id) {
        this.type = type;
        this.id = Optional.of(id);
    }

    /// A resource without id, of which an organisation has exactly one.
    public Resource(String type) {
        this.type = type;
        this.id = Optional.empty();
    }

    /// @param value as for [Json#bytes]
    public Resource with(String attribute, Object value) {
        attributes.put(attribute, value);
        return this;
    }

    public Resource toOne(String relationship, String type, Id id) {
        relationships.put(relationship, Map.of("data", reference(type, id.value())));
        return this;
    }

    /// A relationship to a resource whose id is not a UUID.
    public Resource toOne(String relationship, String type, String id) {
        relationships.put(relationship, Map.of("data", reference(type, id)));
        return this;
    }

    /// An empty relationship: its data is null.
    public Resource toNone(String relationship) {
        relationships.put(relationship, Map.of("data", Optional.empty()));
        return this;
    }

    public Resource toMany(String relationship, String type, Collection<? extends Id> ids) {
        return toManyIds(relationship, type, ids.stream().map(Id::value).toList());
    }

    public Resource toManyIds(String relationship, String type, List<UUID> ids) {
        relationships.put(relationship, Map.of("data", ids.stream().map(id -> reference(type, id)).toList()));
        return this;
    }

    private static Map<String, Object> reference(String type, Object id) {
        var reference = new LinkedHashMap<String, Object>();
        reference.put("type", type);
        reference.put("id", id);
        return reference;
    }

    /// The same with its JSON made, for a resource that many answers have. It must not be changed any more.
    public Resource rendered() {
        rendered = new SerializedString(new String(Json.bytes(this), StandardCharsets.UTF_8));
        return this;
    }

    @Override
    public void write(JsonGenerator json) {
        var made = rendered;
        if (made != null) {
            json.writeRawValue(made);
            return;
        }
        json.writeStartObject();
        json.writeStringProperty("type", type);
        id.ifPresent(value -> json.writeStringProperty("id", value));
        if (!attributes.isEmpty()) {
            json.writeName("attributes");
            Json.write(json, attributes);
        }
        if (!relationships.isEmpty()) {
            json.writeName("relationships");
            Json.write(json, relationships);
        }
        json.writeEndObject();
    }
}
