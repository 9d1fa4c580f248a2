package roster.base.scim;

import static roster.base.scim.Attribute.Trait.CASE_EXACT;
import static roster.base.scim.Attribute.Trait.MULTI_VALUED;
import static roster.base.scim.Attribute.Trait.READ_ONLY;
import static roster.base.scim.Attribute.Trait.REQUIRED;

import java.util.ArrayList;
import java.util.List;
import roster.base.scim.Attribute.Trait;
import roster.base.scim.Attribute.Type;

/// What the answers of discovery are made of. All of it is read-only.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7643#section-8.7.2">RFC 7643, 8.7.2</a>
/// @see <a href="https://www.rfc-editor.org/rfc/rfc9865#section-4">RFC 9865, 4</a>
final class DiscoverySchemas {
    static final List<Attribute> SERVICE_PROVIDER_CONFIG = List.of(
        Attribute.reference("documentationUri", "external", "Address of the documentation", READ_ONLY, CASE_EXACT),
        needed("patch", "PATCH", supported()),
        needed("bulk", "Bulk requests", supported(), number("maxOperations", "The most operations of a request"),
            number("maxPayloadSize", "The largest request, in bytes")),
        needed("filter", "Filters", supported(), number("maxResults", "The most resources of an answer")),
        needed("changePassword", "Changing passwords", supported()),
        needed("sort", "Sorting", supported()),
        needed("etag", "ETags", supported()),
        Attribute.complex("pagination", "Pages of lists", List.of(
            Attribute.flag("cursor", "Whether by cursors", READ_ONLY, REQUIRED),
            Attribute.flag("index", "Whether by index", READ_ONLY, REQUIRED),
            Attribute.text("defaultPaginationMethod", "Which of them a request without parameters gets", READ_ONLY)
                .suggesting("cursor", "index"),
            optionalNumber("defaultPageSize", "Resources of a page if the request does not say"),
            optionalNumber("maxPageSize", "The most resources of a page")), READ_ONLY),
        Attribute.complex("authenticationSchemes", "Ways to authenticate", List.of(
            Attribute.text("type", "Which scheme it is", READ_ONLY, REQUIRED)
                .suggesting("oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"),
            Attribute.text("name", "Name of the scheme", READ_ONLY, REQUIRED),
            Attribute.text("description", "What it is", READ_ONLY, REQUIRED),
            Attribute.reference("specUri", "external", "Address of its specification", READ_ONLY, CASE_EXACT),
            Attribute.flag("primary", "Whether it is the preferred one", READ_ONLY)),
            MULTI_VALUED, READ_ONLY, REQUIRED));

    static final List<Attribute> RESOURCE_TYPE = List.of(
        Attribute.text("id", "Identifier, the same as the name", READ_ONLY, CASE_EXACT),
        Attribute.text("name", "Name", READ_ONLY, REQUIRED, CASE_EXACT),
        Attribute.text("description", "What it is", READ_ONLY),
        Attribute.reference("endpoint", "uri", "Its address below the base", READ_ONLY, REQUIRED, CASE_EXACT),
        Attribute.reference("schema", "uri", "URN of its schema", READ_ONLY, REQUIRED, CASE_EXACT),
        Attribute.complex("schemaExtensions", "Extensions of the schema", List.of(
            Attribute.reference("schema", "uri", "URN of the extension", READ_ONLY, REQUIRED, CASE_EXACT),
            Attribute.flag("required", "Whether every resource must have it", READ_ONLY, REQUIRED)),
            MULTI_VALUED, READ_ONLY));

    static final List<Attribute> SCHEMA = List.of(
        Attribute.text("id", "URN", READ_ONLY, REQUIRED, CASE_EXACT),
        Attribute.text("name", "Name", READ_ONLY, CASE_EXACT),
        Attribute.text("description", "What it describes", READ_ONLY),
        Attribute.complex("attributes", "Attributes", characteristics(true), MULTI_VALUED, READ_ONLY, REQUIRED));

    private DiscoverySchemas() {}

    private static Attribute needed(String name, String description, Attribute... subAttributes) {
        return Attribute.complex(name, description, List.of(subAttributes), READ_ONLY, REQUIRED);
    }

    private static Attribute supported() {
        return Attribute.flag("supported", "Whether the server can do it", READ_ONLY, REQUIRED);
    }

    private static Attribute number(String name, String description) {
        return Attribute.simple(name, Type.INTEGER, description, READ_ONLY, REQUIRED);
    }

    private static Attribute optionalNumber(String name, String description) {
        return Attribute.simple(name, Type.INTEGER, description, READ_ONLY);
    }

    /// @param withSubAttributes whether those of a complex attribute are among them, which have none of their own
    private static List<Attribute> characteristics(boolean withSubAttributes) {
        var all = new ArrayList<>(List.of(
            word("name", "Name", REQUIRED, CASE_EXACT),
            word("type", "Type of its values", REQUIRED)
                .suggesting("string", "complex", "boolean", "decimal", "integer", "dateTime", "reference", "binary"),
            Attribute.flag("multiValued", "Whether it may have several values", READ_ONLY, REQUIRED),
            word("description", "What it is"),
            Attribute.flag("required", "Whether a resource must have it", READ_ONLY),
            word("canonicalValues", "Suggested values", MULTI_VALUED),
            Attribute.flag("caseExact", "Whether upper and lower case differ", READ_ONLY),
            word("mutability", "Whether it can be written")
                .suggesting("readOnly", "readWrite", "immutable", "writeOnly"),
            word("returned", "When it is in an answer").suggesting("always", "never", "default", "request"),
            word("uniqueness", "Among whom its values are unique").suggesting("none", "server", "global"),
            word("referenceTypes", "What a reference leads to", MULTI_VALUED)));
        if (withSubAttributes) {
            all.add(Attribute.complex("subAttributes", "Parts of a complex attribute", characteristics(false),
                MULTI_VALUED, READ_ONLY));
        }
        return all;
    }

    private static Attribute word(String name, String description, Trait... more) {
        var traits = new ArrayList<>(List.of(more));
        traits.add(READ_ONLY);
        return Attribute.text(name, description, traits.toArray(Trait[]::new));
    }
}
