package roster.model;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// An organisation. Users, roles, keys and invitations belong to exactly one, and no request crosses from one to
/// another.
///
/// @param publicId short name for people and older clients; unique in the installation
/// @param disabled whether every call with its keys is refused
public record Org(
    Id id,
    String publicId,
    String name,
    Optional<String> description,
    boolean disabled,
    Instant createdAt,
    Instant modifiedAt) {

    public record Id(UUID value) implements roster.model.Id {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    /// What an audit entry records about the organisation.
    public Map<String, Object> facts() {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("name", name);
        facts.put("public_id", publicId);
        facts.put("description", description.orElse(null));
        facts.put("disabled", disabled);
        return facts;
    }
}
