package roster.door.api.orgs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;

/// ListOrgs and the disabling of an organisation.
class OrgsTest {
    private static final String PATH = "/api/v2/org";
    private static final String DISABLE = PATH + "/disable";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("POST /api/v2/org/disable",
        org -> new Call(DISABLE, "{\"data\":{\"type\":\"customer_org_disable\"}}")));

    private static String body(String attributes) {
        return "{\"data\":{\"type\":\"customer_org_disable\",\"attributes\":%s}}".formatted(attributes);
    }

    @Test
    void an_organisation_is_shown_to_anybody_in_it() {
        var org = roster.newOrg("acme");

        var answer = org.newUser("bob@acme.test").get(PATH);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/data/type")).isEqualTo("managed_orgs");
        assertThat(answer.id()).isEqualTo(org.id().toString());
        assertThat(answer.text("/data/relationships/current_org/data/id")).isEqualTo(org.id().toString());
        assertThat(answer.each("/data/relationships/managed_orgs/data", "/id")).containsExactly(org.id().toString());
        assertThat(answer.each("/included", "/id")).containsExactly(org.id().toString());
        assertThat(answer.text("/included/0/attributes/name")).isEqualTo("acme");
    }

    @Test
    void a_filter_on_the_name_leaves_the_current_one() {
        var ada = roster.newOrg("acme").founder();

        assertThat(ada.get(PATH + "?filter%5Bname%5D=CM").each("/data/relationships/managed_orgs/data", "/id"))
            .hasSize(1);
        var none = ada.get(PATH + "?filter%5Bname%5D=other");
        assertThat(none.each("/data/relationships/managed_orgs/data", "/id")).isEmpty();
        assertThat(none.text("/data/relationships/current_org/data/id")).isEqualTo(ada.org().id().toString());
    }

    @Test
    void a_disabled_organisation_is_refused_everywhere_and_on_every_node() {
        var org = roster.newOrg("acme");
        var standard = org.newStandard("bob@acme.test");
        try (var node = roster.anotherNode(Map.of())) {
            assertThat(standard.sendTo(node.address(), "GET", "/api/v2/users", null, Map.of()).status()).isEqualTo(200);

            var answer = org.founder().post(DISABLE, body("{\"org_uuid\":\"%s\"}".formatted(org.id())));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text("/data/attributes/status")).isEqualTo("disabled");
            assertThat(standard.sendTo(node.address(), "GET", "/api/v2/users", null, Map.of()).status()).isEqualTo(403);
        }
        for (var path : List.of("/api/v2/users", PATH, "/api/v1/validate", "/api/v2/validate_keys")) {
            assertThat(org.founder().get(path).errors()).as(path).containsExactly("Forbidden");
        }
        assertThat(org.founder().post(DISABLE, body("{}")).status()).isEqualTo(403);
    }

    @Test
    void the_operator_enables_it_again_with_the_same_keys() {
        var org = roster.newOrg("acme");
        org.founder().post(DISABLE, body("{}"));

        org.write(tx -> roster.program().org.orgs.setDisabled(tx, false));

        assertThat(org.founder().get("/api/v2/users").status()).isEqualTo(200);
        assertThat(roster.sql("""
            SELECT action, before->>'disabled', after->>'disabled' FROM audit_entries
             WHERE org_id = ? AND subject_kind = 'org' AND action <> 'org.created' ORDER BY version
            """, org.id().value())).containsExactly(List.of("org.disabled", "false", "true"),
            List.of("org.enabled", "true", "false"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"{\"org_uuid\":\"other\"}", "{\"org_uuid\":7}", "{\"org_uuid\":null}", "{\"org_uuid\":\"\"}",
            "{\"org_uuid\":\"6a0c1d52-5a4e-11f1-9c1b-0242ac120002\"}"})
    void another_organisation_is_not_disabled(String attributes) {
        var org = roster.newOrg("acme");
        var other = roster.newOrg("acme");
        var before = List.of(org.version(), other.version());

        var answer = org.founder().post(DISABLE,
            body(attributes.replace("6a0c1d52-5a4e-11f1-9c1b-0242ac120002", other.id().toString())));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).singleElement().asString().startsWith("API input validation failed: {'org_uuid'");
        assertThat(List.of(org.version(), other.version())).isEqualTo(before);
    }

    @Test
    void disabling_needs_a_permission_and_the_right_type() {
        var org = roster.newOrg("acme");

        assertThat(org.newStandard("bob@acme.test").post(DISABLE, body("{}")).status()).isEqualTo(403);
        assertThat(org.founder().post(DISABLE, "{\"data\":{\"type\":\"org_disable\"}}").status()).isEqualTo(400);
        assertThat(org.founder().get(PATH).status()).isEqualTo(200);
    }

    @Test
    void without_good_keys_nothing_is_told() {
        assertThat(roster.send("GET", PATH, null, Map.of("DD-API-KEY", UUID.randomUUID().toString().replace("-", "")))
            .status()).isEqualTo(403);
    }
}
