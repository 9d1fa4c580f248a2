package roster.base.scim;

import static roster.base.scim.Attribute.Trait.CASE_EXACT;
import static roster.base.scim.Attribute.Trait.IMMUTABLE;
import static roster.base.scim.Attribute.Trait.LINES;
import static roster.base.scim.Attribute.Trait.MULTI_VALUED;
import static roster.base.scim.Attribute.Trait.READ_ONLY;
import static roster.base.scim.Attribute.Trait.REQUIRED;
import static roster.base.scim.Attribute.Trait.UNIQUE;
import static roster.base.scim.Attribute.Trait.UNLISTED;
import static roster.base.scim.Attribute.complex;
import static roster.base.scim.Attribute.flag;
import static roster.base.scim.Attribute.reference;
import static roster.base.scim.Attribute.text;

import java.util.List;
import java.util.Optional;

/// The schemas there are. They list what is kept and nothing else, as clients generate requests from them.
public final class Schemas {
    private static final String CORE = "urn:ietf:params:scim:schemas:core:2.0:";

    public static final Schema USER = new Schema(CORE + "User", "User", "User Account", List.of(
        text("userName", "Name by which the directory knows the user", REQUIRED, UNIQUE).upTo(254),
        complex("name", "Parts of the user's name", List.of(
            text("formatted", "The whole name"),
            text("familyName", "Family name"),
            text("givenName", "Given name"),
            text("middleName", "Middle names"),
            text("honorificPrefix", "Titles before the name"),
            text("honorificSuffix", "What follows the name"))),
        text("displayName", "Name to be shown"),
        text("nickName", "Casual name"),
        reference("profileUrl", "external", "Address of the user's profile page", CASE_EXACT).upTo(2048),
        text("title", "Title, such as Vice President").upTo(255),
        text("userType", "Relation to the organisation, such as Contractor"),
        text("preferredLanguage", "Preferred languages, as in Accept-Language"),
        text("locale", "Language and region for formats, such as en-US"),
        text("timezone", "Time zone, such as Europe/Berlin"),
        flag("active", "Whether the user may sign in"),
        complex("emails", "E-mail addresses", List.of(
            text("value", "E-mail address", REQUIRED),
            text("display", "How to show it", UNLISTED),
            text("type", "What it is used for").suggesting("work", "home", "other"),
            primary()), MULTI_VALUED, REQUIRED),
        complex("phoneNumbers", "Telephone numbers", List.of(
            text("value", "Telephone number"),
            text("type", "What it is used for"),
            primary()), MULTI_VALUED),
        complex("addresses", "Postal addresses", List.of(
            text("formatted", "The whole address; may have line breaks", LINES),
            text("streetAddress", "Street, number, further lines", LINES),
            text("locality", "City"),
            text("region", "State or region"),
            text("postalCode", "Postal code"),
            text("country", "Country"),
            text("type", "What it is used for")), MULTI_VALUED),
        complex("groups", "Groups the user is a member of", List.of(
            text("value", "Identifier of the group", READ_ONLY),
            reference("$ref", "Group", "Address of the group", READ_ONLY),
            text("display", "Name of the group", READ_ONLY),
            text("type", "How the user is a member", READ_ONLY).suggesting("direct")), MULTI_VALUED, READ_ONLY),
        complex("roles", "Roles of the user, which are its groups by another name", List.of(
            text("value", "Identifier or name of the role"),
            text("display", "Name of the role", READ_ONLY),
            text("type", "What it is used for"),
            primary()), MULTI_VALUED)));

    public static final Schema GROUP = new Schema(CORE + "Group", "Group", "Group", List.of(
        text("displayName", "Name of the group", REQUIRED, UNIQUE).upTo(255),
        complex("members", "Members of the group", List.of(
            text("value", "Identifier of the member", IMMUTABLE),
            reference("$ref", "User", "Address of the member", IMMUTABLE),
            text("type", "Kind of member", IMMUTABLE).suggesting("User"),
            text("display", "Name of the member", READ_ONLY)), MULTI_VALUED)));

    public static final Schema ENTERPRISE_USER =
        new Schema("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "EnterpriseUser", "Enterprise User",
            List.of(
                text("employeeNumber", "Number or letters by which the organisation knows the user"),
                text("costCenter", "Cost centre"),
                text("organization", "Organisation"),
                text("division", "Division"),
                text("department", "Department"),
                complex("manager", "The user's manager", List.of(
                    text("value", "Identifier of the manager"),
                    reference("$ref", "User", "Address of the manager"),
                    text("displayName", "Name of the manager", READ_ONLY)))));

    public static final Schema SERVICE_PROVIDER_CONFIG = new Schema(CORE + "ServiceProviderConfig",
        "ServiceProviderConfig", "What this server can do", DiscoverySchemas.SERVICE_PROVIDER_CONFIG);

    public static final Schema RESOURCE_TYPE = new Schema(CORE + "ResourceType", "ResourceType",
        "A kind of resource", DiscoverySchemas.RESOURCE_TYPE);

    public static final Schema SCHEMA =
        new Schema(CORE + "Schema", "Schema", "What a resource is made of", DiscoverySchemas.SCHEMA);

    /// In the order in which they are listed.
    public static final List<Schema> ALL =
        List.of(USER, GROUP, ENTERPRISE_USER, SERVICE_PROVIDER_CONFIG, RESOURCE_TYPE, SCHEMA);

    private Schemas() {}

    private static Attribute primary() {
        return flag("primary", "Whether it is the preferred one, of which there is one at most");
    }

    /// A schema by its URN in any case.
    public static Optional<Schema> find(String urn) {
        return ALL.stream().filter(schema -> schema.id().equalsIgnoreCase(urn)).findFirst();
    }
}
