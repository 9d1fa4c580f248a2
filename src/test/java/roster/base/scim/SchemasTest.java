package roster.base.scim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `/Schemas` and `/ResourceTypes` show.
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SchemasTest {
    @Test
    void there_are_six() {
        assertThat(Schemas.ALL).extracting(Schema::name)
            .containsExactly("User", "Group", "EnterpriseUser", "ServiceProviderConfig", "ResourceType", "Schema");
        assertThat(Schemas.USER.description()).isEqualTo("User Account");
        assertThat(Schemas.find("URN:IETF:params:scim:schemas:core:2.0:user")).contains(Schemas.USER);
        assertThat(Schemas.find("urn:ietf:params:scim:schemas:core:2.0:Device")).isEmpty();
    }

    @Test
    void a_user_has_what_is_kept_and_nothing_else() {
        var listed = new TreeMap<String, List<String>>();
        attributes(Schemas.USER.json()).forEach(one -> listed.put(one.get("name").toString(),
            attributes(one, "subAttributes").stream().map(sub -> sub.get("name").toString()).toList()));

        assertThat(listed)
            .containsOnlyKeys("userName", "name", "displayName", "nickName", "profileUrl", "title", "userType",
                "preferredLanguage", "locale", "timezone", "active", "emails", "phoneNumbers", "addresses", "groups",
                "roles")
            .containsEntry("name", List.of("formatted", "familyName", "givenName", "middleName", "honorificPrefix",
                "honorificSuffix"))
            .containsEntry("emails", List.of("value", "type", "primary"))
            .containsEntry("phoneNumbers", List.of("value", "type", "primary"))
            .containsEntry("addresses",
                List.of("formatted", "streetAddress", "locality", "region", "postalCode", "country",
                    "type"))
            .containsEntry("groups", List.of("value", "$ref", "display", "type"))
            .containsEntry("roles", List.of("value", "display", "type", "primary"));
        assertThat(Schemas.USER.attribute("EMAILS").orElseThrow().sub("display")).isPresent();
        assertThat(attributes(Schemas.ENTERPRISE_USER.json())).extracting(one -> one.get("name"))
            .containsExactly("employeeNumber", "costCenter", "organization", "division", "department", "manager");
        assertThat(attributes(Schemas.GROUP.json())).extracting(one -> one.get("name"))
            .containsExactly("displayName", "members");
    }

    @Test
    void all_characteristics_are_present() {
        var unusual = new HashMap<String, String>();
        for (var schema : List.of(Schemas.USER, Schemas.GROUP, Schemas.ENTERPRISE_USER)) {
            var all = new ArrayList<Map<String, Object>>();
            attributes(schema.json()).forEach(one -> {
                all.add(one);
                all.addAll(attributes(one, "subAttributes"));
            });
            for (var one : all) {
                assertThat(one).containsKeys("name", "type", "multiValued", "description", "required", "caseExact",
                    "mutability", "returned", "uniqueness").doesNotContainValue(null);
                assertThat(one.containsKey("referenceTypes")).isEqualTo(one.get("type").equals("reference"));
                assertThat(one.containsKey("subAttributes")).isEqualTo(one.get("type").equals("complex"));
                if (one.get("required").equals(true) || one.get("uniqueness").equals("server")
                    || one.get("caseExact").equals(true)) {
                    unusual.merge(schema.name() + "." + one.get("name"),
                        "%s %s %s".formatted(one.get("required"), one.get("uniqueness"), one.get("caseExact")),
                        String::concat);
                }
            }
        }
        assertThat(unusual).containsOnly(Map.entry("User.userName", "true server false"),
            Map.entry("User.emails", "true none false"), Map.entry("User.value", "true none false"),
            Map.entry("User.profileUrl", "false none true"), Map.entry("Group.displayName", "true server false"));
    }

    @Test
    void users_are_the_first_resource_type() {
        assertThat(ResourceType.ALL).extracting(ResourceType::name).containsExactly("User", "Group");
        assertThat(ResourceType.USER.json()).containsEntry("endpoint", "/Users").containsEntry("schemaExtensions",
            List.of(Map.of("schema", Wire.ENTERPRISE, "required", false)));
        assertThat(ResourceType.GROUP.json()).doesNotContainKey("schemaExtensions");
    }

    private static List<Map<String, Object>> attributes(Map<String, Object> schema) {
        return attributes(schema, "attributes");
    }

    @SuppressWarnings("unchecked") // lists of attributes are made of maps
    private static List<Map<String, Object>> attributes(Map<String, Object> of, String name) {
        return (List<Map<String, Object>>) of.getOrDefault(name, List.of());
    }
}
