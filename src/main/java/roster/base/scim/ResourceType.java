package roster.base.scim;

import static roster.base.scim.Attribute.Trait.ALWAYS_RETURNED;
import static roster.base.scim.Attribute.Trait.CASE_EXACT;
import static roster.base.scim.Attribute.Trait.MULTI_VALUED;
import static roster.base.scim.Attribute.Trait.READ_ONLY;
import static roster.base.scim.Attribute.Trait.REQUIRED;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import roster.base.json.Json;

/// A kind of resource: its schema, the extensions of it, and what clients may send of it that is not kept.
///
/// @param endpoint below the base, as `/Users`
/// @param notKept attributes of the standard that are accepted, and never kept
public record ResourceType(String name, String endpoint, Schema schema, List<Schema> extensions, Set<String> notKept) {
    /// Attributes that every resource has, and no schema lists.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc7643#section-3.1">RFC 7643, 3.1</a>
    public static final List<Attribute> COMMON = List.of(
        Attribute.reference("schemas", "uri", "What the resource is made of", MULTI_VALUED, READ_ONLY, ALWAYS_RETURNED,
            REQUIRED),
        Attribute.text("id", "Identifier, given by Roster", READ_ONLY, ALWAYS_RETURNED, CASE_EXACT, REQUIRED),
        Attribute.text("externalId", "Identifier, given by the client", CASE_EXACT),
        Attribute.complex("meta", "Metadata", List.of(
            Attribute.text("resourceType", "Name of the resource type", READ_ONLY, CASE_EXACT),
            Attribute.simple("created", Attribute.Type.DATE_TIME, "When it was created", READ_ONLY),
            Attribute.simple("lastModified", Attribute.Type.DATE_TIME, "When it was last changed", READ_ONLY),
            Attribute.reference("location", "uri", "Its address", READ_ONLY, CASE_EXACT),
            Attribute.text("version", "Its ETag", READ_ONLY, CASE_EXACT)), READ_ONLY));

    public static final ResourceType USER = new ResourceType("User", "/Users", Schemas.USER,
        List.of(Schemas.ENTERPRISE_USER), Set.of("password", "x509Certificates", "ims", "photos", "entitlements"));

    public static final ResourceType GROUP = new ResourceType("Group", "/Groups", Schemas.GROUP, List.of(), Set.of());

    /// In the order of the contract: some clients take the first for the user.
    public static final List<ResourceType> ALL = List.of(USER, GROUP);

    public ResourceType {
        extensions = List.copyOf(extensions);
        notKept = Set.copyOf(notKept);
    }

    /// A common attribute, or one of the schema, by its name in any case.
    public Optional<Attribute> attribute(String typed) {
        return schema.attribute(typed).or(() -> Attribute.named(COMMON, typed));
    }

    /// As `/ResourceTypes` shows it, without `meta`, whose address only the door knows.
    public Map<String, Object> json() {
        var json = Json.members("schemas", List.of(Schemas.RESOURCE_TYPE.id()), "id", name, "name", name,
            "description", schema.description(), "endpoint", endpoint, "schema", schema.id());
        if (!extensions.isEmpty()) {
            json.put("schemaExtensions",
                extensions.stream().map(one -> Json.members("schema", one.id(), "required", false)).toList());
        }
        return json;
    }
}
