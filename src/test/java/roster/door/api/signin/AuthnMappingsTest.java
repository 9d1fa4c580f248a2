package roster.door.api.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `/api/v2/authn_mappings`.
class AuthnMappingsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PATH = "/api/v2/authn_mappings";

    static final List<Recipe> RECIPES = List.of(
        new Recipe("POST /api/v2/authn_mappings", org -> new Call(PATH, mapping("", role(org)))),
        new Recipe("GET /api/v2/authn_mappings/{authn_mapping_id}", org -> new Call(PATH + "/" + mapped(org))),
        new Recipe("PATCH /api/v2/authn_mappings/{authn_mapping_id}", org -> {
            var id = mapped(org);
            return new Call(PATH + "/" + id, mapping(id, org.newRole("other", List.of())));
        }),
        new Recipe("DELETE /api/v2/authn_mappings/{authn_mapping_id}", org -> new Call(PATH + "/" + mapped(org))));

    private static Role.Id role(TestOrg org) {
        return org.newRole("ops", List.of("dashboards_read"));
    }

    private static String mapped(TestOrg org) {
        return org.founder().post(PATH, mapping("", role(org))).id();
    }

    /// @param id empty for none
    private static String mapping(String id, Role.Id role) {
        return """
            {"data":{"type":"authn_mappings",%s"attributes":{"attribute_key":"a","attribute_value":"b"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}
            """.formatted(id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), role);
    }

    private static String role(TestUser caller, String name) {
        return caller.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":{"name":"%s"}}}""".formatted(name)).id();
    }

    private static String body(String key, String value, Object role) {
        return """
            {"data":{"type":"authn_mappings","attributes":{"attribute_key":"%s","attribute_value":"%s"},
             "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}}}""".formatted(key, value, role);
    }

    private static Answer create(TestUser caller, String key, String value, Object role) {
        return caller.post(PATH, body(key, value, role));
    }

    private static Answer update(TestUser caller, String id, String rest) {
        return caller.patch(PATH + "/" + id, """
            {"data":{"type":"authn_mappings","id":"%s",%s}}""".formatted(id, rest));
    }

    @Test
    void a_mapping_is_made_shown_and_deleted() {
        var ada = roster.newOrg("acme").founder();
        var role = role(ada, "Ops");

        var created = create(ada, " department ", "Sales", role);

        assertThat(created.status()).isEqualTo(200);
        assertThat(created.text("/data/attributes/attribute_key")).isEqualTo("department");
        assertThat(created.text("/data/attributes/attribute_value")).isEqualTo("Sales");
        assertThat(created.text("/data/attributes/saml_assertion_attribute_id")).isEqualTo("1");
        assertThat(created.text("/data/relationships/role/data/id")).isEqualTo(role);
        assertThat(created.at("/data/relationships/team/data").isNull()).isTrue();
        assertThat(created.each("/included", "/type")).containsExactly("saml_assertion_attributes", "roles");
        assertThat(created.each("/included", "/id")).containsExactly("1", role);
        var path = PATH + "/" + created.id();
        assertThat(ada.get(path).bytes()).isEqualTo(created.bytes());
        assertThat(ada.delete(path).status()).isEqualTo(204);
        assertThat(ada.get(path).errors()).containsExactly("Mapping with id %s not found".formatted(created.id()));
        assertThat(ada.delete(path).status()).isEqualTo(404);
    }

    @Test
    void equal_pairs_share_one_id_and_the_same_mapping_is_made_once() {
        var ada = roster.newOrg("acme").founder();
        var role = role(ada, "Ops");
        create(ada, "department", "Sales", role);

        assertThat(create(ada, "department", "Sales", role).errors()).containsExactly("Mapping already exists");
        assertThat(create(ada, "department", "Sales", role).status()).isEqualTo(409);
        assertThat(create(ada, "department", "Sales", role(ada, "Other"))
            .text("/data/attributes/saml_assertion_attribute_id")).isEqualTo("1");
        assertThat(create(ada, "department", "sales", role).text("/data/attributes/saml_assertion_attribute_id"))
            .isEqualTo("2");
    }

    @Test
    void an_update_changes_what_is_sent() {
        var ada = roster.newOrg("acme").founder();
        var role = role(ada, "Ops");
        var other = role(ada, "Other");
        var id = create(ada, "department", "Sales", role).id();

        assertThat(update(ada, id, "\"attributes\":{\"attribute_value\":\"Legal\"}")
            .text("/data/attributes/attribute_value")).isEqualTo("Legal");
        var moved = update(ada, id, """
            "relationships":{"role":{"data":{"type":"roles","id":"%s"}}}""".formatted(other));
        assertThat(moved.text("/data/relationships/role/data/id")).isEqualTo(other);
        assertThat(moved.text("/data/attributes/attribute_key")).isEqualTo("department");
        var version = ada.org().version();
        assertThat(update(ada, id, "\"attributes\":{\"attribute_value\":\"Legal\"}").bytes()).isEqualTo(moved.bytes());
        assertThat(ada.org().version()).isEqualTo(version);
        create(ada, "department", "Sales", other);
        assertThat(update(ada, id, "\"attributes\":{\"attribute_value\":\"Sales\"}").status()).isEqualTo(409);
        assertThat(ada.patch(PATH + "/" + id, """
            {"data":{"type":"authn_mappings","id":"%s"}}""".formatted(UUID.randomUUID())).status()).isEqualTo(422);
        var unknown = UUID.randomUUID().toString();
        assertThat(update(ada, unknown, "\"attributes\":{}").errors())
            .containsExactly("Mapping with id %s not found".formatted(unknown));
    }

    @Test
    void mappings_end_with_their_role() {
        var ada = roster.newOrg("acme").founder();
        var role = role(ada, "Ops");
        var id = create(ada, "department", "Sales", role).id();
        create(ada, "department", "Legal", role(ada, "Other"));

        assertThat(ada.delete("/api/v2/roles/" + role).status()).isEqualTo(204);

        assertThat(ada.get(PATH + "/" + id).status()).isEqualTo(404);
        assertThat(ada.get(PATH).at("/data")).hasSize(1);
        assertThat(roster.sqlValue("""
            SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = 'authn_mapping.deleted'
            """, ada.org().id().value())).isEqualTo(1L);
    }

    @Test
    void lists_are_filtered_sorted_and_counted() {
        var ada = roster.newOrg("acme").founder();
        var ops = role(ada, "Ops");
        var night = role(ada, "Night shift");
        var first = create(ada, "b-key", "x-value", ops).id();
        var second = create(ada, "a-key", "z-value", night).id();
        var third = create(ada, "C-key", "y-value", ops).id();

        assertThat(ada.get(PATH).each("/data", "/id")).containsExactly(first, second, third);
        for (var expected : List.of(List.of("-created_at", third, second, first),
            List.of("saml_assertion_attribute.attribute_key", second, first, third),
            List.of("saml_assertion_attribute.attribute_value", first, third, second),
            List.of("-saml_assertion_attribute_id", third, second, first))) {
            assertThat(ada.get(PATH + "?sort=" + expected.getFirst()).each("/data", "/id"))
                .isEqualTo(expected.subList(1, 4));
        }
        assertThat(ada.get(PATH + "?sort=role.name").each("/data", "/id")).startsWith(second);
        assertThat(ada.get(PATH + "?sort=-role_id").at("/data")).hasSize(3);
        for (var filter : List.of("A-K", "z-v", "NIGHT")) {
            var found = ada.get(PATH + "?filter=" + filter);
            assertThat(found.each("/data", "/id")).as(filter).containsExactly(second);
            assertThat(found.at("/meta/page/total_count").asInt()).isEqualTo(3);
            assertThat(found.at("/meta/page/total_filtered_count").asInt()).isEqualTo(1);
        }
        var page = ada.get(PATH + "?page[size]=2&page[number]=1");
        assertThat(page.each("/data", "/id")).containsExactly(third);
        assertThat(ada.get(PATH + "?resource_type=team").at("/data")).isEmpty();
        assertThat(ada.get(PATH + "?resource_type=team").at("/meta/page/total_count").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sort=name", "resource_type=user", "page[size]=0", "page[number]=-1"})
    void a_bad_parameter_is_400(String parameter) {
        assertThat(roster.newOrg("acme").founder().get(PATH + "?" + parameter).status()).isEqualTo(400);
    }

    @Test
    void bad_bodies_are_400_and_an_unknown_role_is_404() {
        var ada = roster.newOrg("acme").founder();
        var role = role(ada, "Ops");
        var version = ada.org().version();

        assertThat(create(ada, " ", "x", role).status()).isEqualTo(400);
        assertThat(create(ada, "x".repeat(256), "x", role).status()).isEqualTo(400);
        assertThat(ada.post(PATH, body("a", "b", role).replace("\"role\"", "\"team\"")).status()).isEqualTo(400);
        assertThat(ada.post(PATH, "{\"data\":{\"type\":\"authn_mappings\"}}").status()).isEqualTo(400);
        assertThat(ada.post(PATH, body("a", "b", role).replace("authn_mappings", "roles")).status()).isEqualTo(400);
        var unknown = UUID.randomUUID();
        assertThat(create(ada, "a", "b", unknown).errors()).containsExactly(unknown + " not found");
        assertThat(create(ada, "a", "b", unknown).status()).isEqualTo(404);
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void all_may_look_and_only_user_access_manage_may_change() {
        var org = roster.newOrg("acme");
        var id = create(org.founder(), "a", "b", role(org.founder(), "Ops")).id();
        var bob = org.newStandard("bob@acme.test");

        assertThat(bob.get(PATH).status()).isEqualTo(200);
        assertThat(bob.get(PATH + "/" + id).status()).isEqualTo(200);
        assertThat(bob.delete(PATH + "/" + id).status()).isEqualTo(403);
    }
}
