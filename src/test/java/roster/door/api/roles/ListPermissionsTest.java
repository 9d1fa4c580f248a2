package roster.door.api.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.json.Json;
import roster.support.TestRoster;
import tools.jackson.databind.JsonNode;

class ListPermissionsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void the_whole_listed_catalogue_is_answered_in_its_order() throws IOException {
        var answer = roster.newOrg("acme").newUser("bob@acme.test").get("/api/v2/permissions?page[size]=2");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().propertyNames()).containsExactly("data");
        var listed = catalogue().valueStream().filter(entry -> entry.get("listed").asBoolean()).toList();
        assertThat(answer.each("/data", "/attributes/name"))
            .containsExactlyElementsOf(listed.stream().map(entry -> entry.get("name").asString()).toList());
        assertThat(answer.each("/data", "/id"))
            .containsExactlyElementsOf(listed.stream().map(entry -> entry.get("id").asString()).toList());
    }

    @Test
    void an_entry_has_the_members_of_the_catalogue() throws IOException {
        var answer = roster.newOrg("acme").founder().get("/api/v2/permissions");
        var first = catalogue().get(0);

        assertThat(answer.at("/data/0").propertyNames()).containsExactly("type", "id", "attributes");
        var attributes = answer.at("/data/0/attributes");
        assertThat(attributes.propertyNames()).containsExactly("name", "display_name", "description", "created",
            "group_name", "display_type", "name_aliases", "restricted");
        for (var name : attributes.propertyNames()) {
            if (!name.equals("name_aliases")) {
                assertThat(attributes.get(name)).as(name).isEqualTo(first.get(name));
            }
        }
        assertThat(attributes.get("name_aliases")).isEmpty();
    }

    @Test
    void exactly_the_ten_defaults_are_restricted() {
        var answer = roster.newOrg("acme").founder().get("/api/v2/permissions");

        assertThat(answer.at("/data").valueStream().filter(entry -> entry.at("/attributes/restricted").asBoolean())
            .map(entry -> entry.at("/attributes/name").asString())).containsExactlyInAnyOrder("dashboards_read",
                "monitors_read", "apm_read", "incident_read", "rum_apps_read", "notebooks_read", "slos_read",
                "ci_visibility_read", "cd_visibility_read", "appsec_vm_read");
    }

    private static JsonNode catalogue() throws IOException {
        try (var in = ListPermissionsTest.class.getResourceAsStream("/permissions.json")) {
            return Json.parse(in.readAllBytes()).get("permissions");
        }
    }
}
