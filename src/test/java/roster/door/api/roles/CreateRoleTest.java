package roster.door.api.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Permission;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

class CreateRoleTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("POST /api/v2/roles",
        org -> new Call("/api/v2/roles", "{\"data\":{\"type\":\"roles\",\"attributes\":{\"name\":\"new\"}}}")));

    private static final List<String> DEFAULTS = List.of("dashboards_read", "monitors_read", "apm_read",
        "incident_read", "rum_apps_read", "notebooks_read", "slos_read", "ci_visibility_read", "cd_visibility_read",
        "appsec_vm_read");

    private static Answer create(TestUser caller, String attributes, Object... permissions) {
        var references = List.of(permissions).stream().map("{\"type\":\"permissions\",\"id\":\"%s\"}"::formatted)
            .toList();
        return caller.post("/api/v2/roles", """
            {"data":{"type":"roles","attributes":%s,"relationships":{"permissions":{"data":%s}}}}
            """.formatted(attributes, references));
    }

    private static UUID id(String permission) {
        return roster.program().kernel().catalogue().find(new Permission(permission)).orElseThrow().id();
    }

    private static List<String> held(TestUser caller, Answer role) {
        var ids = role.each("/data/relationships/permissions/data", "/id");
        var all = caller.get("/api/v2/permissions");
        var names = all.each("/data", "/attributes/name");
        return ids.stream().map(all.each("/data", "/id")::indexOf).map(names::get).toList();
    }

    @Test
    void a_new_role_holds_what_is_named_and_the_ten_defaults_in_catalogue_order() {
        var ada = roster.newOrg("acme").founder();

        var answer = create(ada, "{\"name\":\"ops\"}", id("user_access_manage"), id("dashboards_read"),
            id("user_access_manage"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/data/attributes/name")).isEqualTo("ops");
        assertThat(answer.at("/data/attributes/managed").asBoolean()).isFalse();
        assertThat(answer.at("/data/attributes/user_count").asInt()).isZero();
        var held = held(ada, answer);
        assertThat(held).containsAll(DEFAULTS).contains("user_access_manage").hasSize(11);
        assertThat(ada.get("/api/v2/permissions").each("/data", "/attributes/name")).containsSubsequence(held);
        assertThat(ada.get("/api/v2/roles/" + answer.id()).at("/data")).isEqualTo(answer.at("/data"));
    }

    @Test
    void defaults_can_be_left_out_and_the_wish_is_not_shown() {
        var ada = roster.newOrg("acme").founder();

        var answer = create(ada, "{\"name\":\"bare\",\"default_permissions_opt_out\":true}");

        assertThat(held(ada, answer)).isEmpty();
        assertThat(answer.at("/data/attributes").has("default_permissions_opt_out")).isFalse();
    }

    @Test
    void the_legacy_admin_permission_brings_its_lesser() {
        var ada = roster.newOrg("acme").founder();

        assertThat(held(ada, create(ada, "{\"name\":\"old\",\"default_permissions_opt_out\":true}", id("admin"))))
            .containsExactlyInAnyOrder("admin", "standard");
    }

    @Test
    void what_it_receives_permissions_from_is_kept() {
        var ada = roster.newOrg("acme").founder();

        var answer = create(ada, "{\"name\":\"ops\",\"receives_permissions_from\":[\"Datadog Standard Role\"]}");

        assertThat(ada.get("/api/v2/roles/" + answer.id()).texts("/data/attributes/receives_permissions_from"))
            .containsExactly("Datadog Standard Role");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"attributes\":{\"name\":\"ops\"}}",
        "{\"type\":\"roles\",\"attributes\":{\"name\":\"ops\"},\"relationships\":{}}",
        "{\"type\":\"roles\",\"id\":\"x\",\"attributes\":{\"name\":\"ops\",\"user_count\":9},\"relationships\":null}",
        "{\"attributes\":{\"name\":\"ops\"},\"relationships\":{\"permissions\":{}}}",
        "{\"attributes\":{\"name\":\"ops\"},\"relationships\":{\"permissions\":{\"data\":[]}}}"})
    void type_and_relationships_may_be_left_out(String data) {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.post("/api/v2/roles", "{\"data\":%s}".formatted(data));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(held(ada, answer)).containsExactlyInAnyOrderElementsOf(DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {}                                    | API input validation failed: {'name': ['Missing data for required field.']}
        {"name": null}                        | API input validation failed: {'name': ['Not a valid string.']}
        {"name": 7}                           | API input validation failed: {'name': ['Not a valid string.']}
        {"name": ""}                          | Role names cannot be only whitespace
        {"name": " \\t"}                      | Role names cannot be only whitespace
        {"name": "\\u00a0\\u3000"}            | Role names cannot be only whitespace
        {"name": "a\\u0000b"}                 | API input validation failed: {'name': ['Not a valid string.']}
        {"name": "x", "default_permissions_opt_out": "no"} | API input validation failed: {'default_permissions_opt_out': ['Not a valid boolean.']}
        {"name": "x", "receives_permissions_from": "y"} | API input validation failed: {'receives_permissions_from': ['Not a valid list.']}
        {"name": "x", "receives_permissions_from": [7]} | API input validation failed: {'receives_permissions_from': ['Not a valid string.']}
        null                                  | API input validation failed: {'attributes': ['Not a valid object.']}
        """)
    void what_is_wrong_is_said(String attributes, String error) {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        var answer = create(ada, attributes);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly(error);
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void a_name_has_at_most_255_characters() {
        var ada = roster.newOrg("acme").founder();

        assertThat(create(ada, "{\"name\":\"%s\"}".formatted("r".repeat(255))).status()).isEqualTo(200);
        assertThat(create(ada, "{\"name\":\"%s\"}".formatted("r".repeat(256))).errors())
            .containsExactly("API input validation failed: {'name': ['Longer than maximum length 255.']}");
    }

    @Test
    void a_name_in_use_is_a_conflict_until_its_role_is_deleted() {
        var ada = roster.newOrg("acme").founder();
        var first = create(ada, "{\"name\":\"ops\"}");

        var second = create(ada, "{\"name\":\"ops\"}");

        assertThat(second.status()).isEqualTo(409);
        assertThat(second.errors()).containsExactly("A role with the same name already exists");
        assertThat(create(ada, "{\"name\":\"Datadog Admin Role\"}").status()).isEqualTo(409);
        ada.delete("/api/v2/roles/" + first.id());
        assertThat(create(ada, "{\"name\":\"ops\"}").status()).isEqualTo(200);
        assertThat(create(roster.newOrg("other").founder(), "{\"name\":\"ops\"}").status()).isEqualTo(200);
    }

    @Test
    void names_are_unique_without_regard_to_letter_case() {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.post("/api/v2/roles", """
            {"data": {"type": "roles", "attributes": {"name": " datadog admin role "}}}
            """);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.errors()).containsExactly("A role with the same name already exists");
    }

    @Test
    void an_unknown_permission_is_named_and_nothing_is_made() {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();
        var unknown = UUID.randomUUID();

        for (Object permission : List.of(unknown, "dashboards_read")) {
            var answer = create(ada, "{\"name\":\"ops\"}", id("dashboards_read"), permission);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.errors()).containsExactly("Invalid permission id: " + permission);
        }
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void creating_needs_the_permission_to_manage() {
        var answer = create(roster.newOrg("acme").newStandard("sam@acme.test"), "{\"name\":\"ops\"}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
    }
}
