package roster.door.api.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Metadata;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

/// The SAML configuration of an organisation.
class SamlConfigurationsTest {
    private static final String PATH = "/api/v2/saml_configurations";
    private static final String PREFERENCES = "/api/v2/org/saml_configurations";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(
        new Recipe("POST /api/v2/saml_configurations/idp_metadata",
            org -> new Call(PATH + "/idp_metadata", Metadata.form(Metadata.OF_AN_IDP), Metadata.FORM)),
        new Recipe("GET /api/v2/saml_configurations/{saml_config_uuid}",
            org -> new Call(PATH + "/" + Metadata.upload(org.founder()).id())),
        new Recipe("PATCH /api/v2/saml_configurations/{saml_config_uuid}",
            org -> new Call(PATH + "/" + Metadata.upload(org.founder()).id(), """
                {"data":{"type":"saml_configurations","attributes":{"idp_initiated":true}}}
                """)),
        new Recipe("PATCH /api/v2/org/saml_configurations", org -> new Call(PREFERENCES, """
            {"data":{"type":"saml_preferences","attributes":{"default_role_uuids":["%s"]}}}
            """.formatted(org.newRole("ops", List.of("dashboards_read"))))));

    private static Answer update(TestUser caller, Object id, String members) {
        return caller.patch(PATH + "/" + id, "{\"data\":{\"type\":\"saml_configurations\",%s}}".formatted(members));
    }

    private static String withRoles(String domains, Object... roles) {
        var references = List.of(roles).stream().map("{\"type\":\"roles\",\"id\":\"%s\"}"::formatted).toList();
        return "\"attributes\":{\"jit_domains\":%s},\"relationships\":{\"default_roles\":{\"data\":%s}}"
            .formatted(domains, references);
    }

    private static Answer prefer(TestUser caller, String attributes) {
        return caller.patch(PREFERENCES,
            "{\"data\":{\"type\":\"saml_preferences\",\"attributes\":%s}}".formatted(attributes));
    }

    @Test
    void an_organisation_begins_without_one() {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.get(PATH).text()).isEqualTo("{\"data\":[]}");
        var unknown = UUID.randomUUID();
        assertThat(ada.get(PATH + "/" + unknown).errors()).containsExactly(unknown + " not found");
        assertThat(ada.get(PATH + "/idp_metadata").status()).isEqualTo(405);
    }

    @Test
    void uploaded_metadata_make_one_and_later_ones_take_their_place() {
        var ada = roster.newOrg("acme").founder();

        var made = Metadata.upload(ada);

        assertThat(made.status()).as(made.toString()).isEqualTo(200);
        assertThat(made.text("/data/attributes/entity_id")).isEqualTo("https://idp.acme.test/é");
        assertThat(made.text("/data/attributes/sso_url")).isEqualTo("https://idp.acme.test/sso");
        assertThat(made.text("/data/attributes/expires_at")).isEqualTo("2031-02-03T04:05:06.000000+00:00");
        assertThat(made.at("/data/relationships/default_roles/data").isEmpty()).isTrue();
        assertThat(ada.get(PATH).at("/data/0")).isEqualTo(made.at("/data"));
        assertThat(ada.get(PATH + "/" + made.id()).at("/data")).isEqualTo(made.at("/data"));

        var again = Metadata.upload(ada, Metadata.OF_AN_IDP.replace("idp.acme.test", "other.test")
            .replace("validUntil=\"2031-02-03T04:05:06Z\"", ""));
        assertThat(again.id()).isEqualTo(made.id());
        assertThat(again.text("/data/attributes/sso_url")).isEqualTo("https://other.test/sso");
        assertThat(again.at("/data/attributes/expires_at").isNull()).isTrue();
        assertThat(again.at("/data/attributes/created_at")).isEqualTo(made.at("/data/attributes/created_at"));
        assertThat(ada.get(PATH).at("/data")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not xml", "<a/>",
        "<EntityDescriptor entityID='x'><IDPSSODescriptor/></EntityDescriptor>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
        "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata' entityID='x'/>",
        "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata'><md:IDPSSODescriptor/></md:EntityDescriptor>",
        "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata' entityID='x' validUntil='soon'>"
            + "<md:IDPSSODescriptor/></md:EntityDescriptor>",
        "<md:EntityDescriptor xmlns:md='urn:oasis:names:tc:SAML:2.0:metadata' entityID='x'><md:IDPSSODescriptor>"
            + "<md:SingleSignOnService Location='javascript:alert(1)'/></md:IDPSSODescriptor></md:EntityDescriptor>"})
    void anything_else_is_no_metadata(String xml) {
        var org = roster.newOrg("acme");
        var before = org.version();

        var answer = Metadata.upload(org.founder(), xml);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("Invalid metadata");
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void a_document_type_is_refused_even_where_it_does_no_harm() {
        var harmless = Metadata.OF_AN_IDP.replace("<md:EntityDescriptor", """
            <!DOCTYPE a [<!ENTITY e "https://idp.acme.test/é">]><md:EntityDescriptor""");

        assertThat(Metadata.upload(roster.newOrg("acme").founder(), harmless).errors())
            .containsExactly("Invalid metadata");
    }

    @Test
    void a_form_without_the_file_or_no_form_is_refused() {
        var ada = roster.newOrg("acme").founder();
        var path = PATH + "/idp_metadata";

        assertThat(ada.post(path, "{}").status()).isEqualTo(415);
        assertThat(ada.send("POST", path, Metadata.form("").replace("name=\"idp_file\"", "name=\"other\""),
            Map.of("Content-Type", Metadata.FORM)).errors())
            .containsExactly("API input validation failed: {'idp_file': ['Missing data for required field.']}");
        for (var type : List.of("multipart/form-data", "multipart/form-data; boundary=other")) {
            assertThat(ada.send("POST", path, Metadata.form(Metadata.OF_AN_IDP), Map.of("Content-Type", type)).status())
                .as(type).isEqualTo(400);
        }
        assertThat(ada.get(PATH).at("/data")).isEmpty();
    }

    @Test
    void a_default_role_comes_to_other_domains_only_by_callers_who_hold_it() {
        var org = roster.newOrg("acme");
        var mia = org.newUserWith("mia@acme.test",
            List.of(org.newRole("managing", List.of("org_management")).toString()));
        var admin = org.managed(Role.Managed.ADMIN);
        assertThat(prefer(org.founder(), "{\"default_role_uuids\":[\"%s\"],\"jit_domains\":[\"acme.test\",\"a.test\"]}"
            .formatted(admin)).status()).isEqualTo(204);
        var before = org.version();

        var refused = prefer(mia, "{\"jit_domains\":[\"acme.test\",\"mia.test\"]}");

        assertThat(refused.status()).as(refused.toString()).isEqualTo(403);
        assertThat(org.version()).isEqualTo(before);
        assertThat(prefer(mia, "{\"jit_domains\":[\"acme.test\"]}").status()).isEqualTo(204);
    }

    @Test
    void domains_and_default_roles_are_changed_and_the_roles_included() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var id = Metadata.upload(ada).id();
        var role = org.newRole("ops", List.of("dashboards_read")).toString();

        var answer = update(ada, id, withRoles("[\"Acme.test\",\"acme.test\"]", role));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.texts("/data/attributes/jit_domains")).containsExactly("acme.test");
        assertThat(answer.each("/data/relationships/default_roles/data", "/id")).containsExactly(role);
        assertThat(answer.each("/included", "/id")).containsExactly(role);
        assertThat(ada.get(PATH + "/" + id).json()).isEqualTo(answer.json());
        var initiated = update(ada, id, "\"id\":\"%s\",\"attributes\":{\"idp_initiated\":true}".formatted(id));
        assertThat(initiated.at("/data/attributes/idp_initiated").asBoolean()).isTrue();
        assertThat(initiated.texts("/data/attributes/jit_domains")).as("not sent: stays").containsExactly("acme.test");
        assertThat(ada.delete("/api/v2/roles/" + role).status()).isEqualTo(204);
        assertThat(ada.get(PATH + "/" + id).at("/data/relationships/default_roles/data")).isEmpty();
    }

    @Test
    void what_cannot_be_is_refused_in_order() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var id = Metadata.upload(ada).id();
        var unknown = UUID.randomUUID();
        var before = org.version();

        assertThat(update(ada, id, withRoles("[\"acme.test\"]")).errors())
            .containsExactly("A default role is required when jit_domains is not empty");
        assertThat(update(ada, id, withRoles("[]", unknown)).errors())
            .containsExactly("Role %s not found".formatted(unknown));
        assertThat(update(ada, id, withRoles("[\"@acme.test\"]")).errors())
            .containsExactly(
                "API input validation failed: {'jit_domains': ['Not a list of domains, as example.com.']}");
        assertThat(update(ada, unknown, "\"id\":\"%s\",\"attributes\":{\"idp_initiated\":7}".formatted(id)).status())
            .isEqualTo(400);
        assertThat(update(ada, unknown, "\"id\":\"%s\"".formatted(id)).status()).isEqualTo(422);
        assertThat(update(ada, unknown, "\"attributes\":{}").errors()).containsExactly(unknown + " not found");
        assertThat(update(org.newStandard("bob@acme.test"), id, "\"attributes\":{}").status()).isEqualTo(403);
        assertThat(roster.sql("SELECT 1 FROM audit_entries WHERE org_id = ? AND version > ? AND subject_kind = ?",
            org.id().value(), before, "saml_configuration")).isEmpty();
    }

    @Test
    void callers_cannot_make_a_default_role_of_more_than_they_hold() {
        var org = roster.newOrg("acme");
        var manager = org.newUserWith("bob@acme.test", List.of(org.newRole("settings", List.of("org_management",
            "dashboards_read")).toString()));
        var admin = org.managed(Role.Managed.ADMIN);
        var less = org.newRole("ops", List.of("dashboards_read"));

        assertThat(prefer(manager, "{\"default_role_uuids\":[\"%s\"]}".formatted(admin)).status()).isEqualTo(403);
        assertThat(prefer(manager, "{\"default_role_uuids\":[\"%s\"]}".formatted(less)).status()).isEqualTo(204);
        assertThat(prefer(org.founder(), "{\"default_role_uuids\":[\"%s\"]}".formatted(admin)).status()).isEqualTo(204);
    }

    @Test
    void preferences_are_there_before_the_metadata() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var role = org.newRole("ops", List.of("dashboards_read")).toString();

        assertThat(prefer(ada, "{\"default_role_uuids\":[\"%s\"],\"jit_domains\":[\"acme.test\"]}".formatted(role))
            .status()).isEqualTo(204);

        var made = Metadata.upload(ada);
        assertThat(made.texts("/data/attributes/jit_domains")).containsExactly("acme.test");
        assertThat(made.each("/included", "/id")).containsExactly(role);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"default_role_uuids\":[]}", "{\"default_role_uuids\":[\"a\",\"b\"]}",
        "{\"default_role_uuids\":\"a\"}", "{\"default_role_uuids\":null}", "{\"jit_domains\":[7]}",
        "{\"jit_domains\":[\"acme.test\"]}", "{\"default_role_uuids\":[\"unknown\"]}"})
    void preferences_that_cannot_be_are_refused(String attributes) {
        var org = roster.newOrg("acme");
        var before = org.version();

        assertThat(prefer(org.founder(), attributes).status()).isEqualTo(400);
        assertThat(org.version()).isEqualTo(before);
    }

    @Test
    void changes_are_audited() {
        var org = roster.newOrg("acme");
        var id = Metadata.upload(org.founder()).id();
        update(org.founder(), id, "\"attributes\":{\"idp_initiated\":true}");
        Metadata.upload(org.founder(), Metadata.OF_AN_IDP.replace("/sso", "/sso2"));

        assertThat(roster.sql("""
            SELECT action, before->>'sso_url', after->>'sso_url', before->>'idp_initiated', after->>'idp_initiated'
              FROM audit_entries WHERE org_id = ? AND subject_kind = 'saml_configuration' ORDER BY version
            """, org.id().value()).stream().map(Object::toString)).containsExactly(
            "[saml_configuration.created, null, https://idp.acme.test/sso, null, null]",
            "[saml_configuration.updated, null, null, false, true]",
            "[saml_configuration.updated, https://idp.acme.test/sso, https://idp.acme.test/sso2, null, null]");
    }
}
