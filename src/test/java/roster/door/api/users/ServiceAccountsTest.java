package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// `/api/v2/service_accounts` and the application keys under it.
class ServiceAccountsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PATH = "/api/v2/service_accounts";

    static final List<Recipe> RECIPES = List.of(
        new Recipe("POST /api/v2/service_accounts", org -> new Call(PATH, """
            {"data":{"type":"users","attributes":{"email":"robot@acme.test","service_account":true}}}
            """)),
        new Recipe("GET /api/v2/service_accounts/{service_account_id}/application_keys",
            org -> new Call(keysOfRobot(org))),
        new Recipe("POST /api/v2/service_accounts/{service_account_id}/application_keys",
            org -> new Call(keysOfRobot(org), body("", "{\"name\":\"first\"}"))),
        new Recipe("GET /api/v2/service_accounts/{service_account_id}/application_keys/{app_key_id}",
            org -> new Call(keyOfRobot(org))),
        new Recipe("PATCH /api/v2/service_accounts/{service_account_id}/application_keys/{app_key_id}", org -> {
            var path = keyOfRobot(org);
            return new Call(path, body(path.substring(path.lastIndexOf('/') + 1), "{\"name\":\"second\"}"));
        }),
        new Recipe("DELETE /api/v2/service_accounts/{service_account_id}/application_keys/{app_key_id}",
            org -> new Call(keyOfRobot(org))));

    private static String keysOfRobot(TestOrg org) {
        return PATH + "/" + org.newServiceAccount("robot@acme.test", List.of()).id() + "/application_keys";
    }

    private static String keyOfRobot(TestOrg org) {
        var keys = keysOfRobot(org);
        return keys + "/" + org.founder().post(keys, body("", "{\"name\":\"first\"}")).id();
    }

    /// @param id empty for none
    private static String body(String id, String attributes) {
        return "{\"data\":{\"type\":\"application_keys\",%s\"attributes\":%s}}"
            .formatted(id.isEmpty() ? "" : "\"id\":\"%s\",".formatted(id), attributes);
    }

    private static Answer create(TestUser caller, String attributes, Object... roles) {
        return caller.post(PATH, """
            {"data":{"type":"users","attributes":%s,"relationships":{"roles":{"data":[%s]}}}}
            """.formatted(attributes, String.join(",", List.of(roles).stream()
            .map("{\"type\":\"roles\",\"id\":\"%s\"}"::formatted).toList())));
    }

    private static final String ROBOT =
        "{\"email\":\"Robot@acme.test\",\"service_account\":true,\"title\":\"machine\"}";

    private static Answer key(TestUser caller, String account, String attributes) {
        return caller.post(PATH + "/" + account + "/application_keys", """
            {"data":{"type":"application_keys","attributes":%s}}""".formatted(attributes));
    }

    @Test
    void an_account_is_active_from_the_start_and_known_by_its_id() {
        var org = roster.newOrg("acme");
        var role = org.managed(Role.Managed.READ_ONLY);

        var created = create(org.founder(), ROBOT, role);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text("/data/attributes/handle")).isEqualTo(created.id());
        assertThat(created.text("/data/attributes/email")).isEqualTo("robot@acme.test");
        assertThat(created.text("/data/attributes/status")).isEqualTo("Active");
        assertThat(created.at("/data/attributes/service_account").asBoolean()).isTrue();
        assertThat(created.at("/data/attributes/verified").asBoolean()).isTrue();
        assertThat(created.each("/data/relationships/roles/data", "/id")).containsExactly(role.toString());
        assertThat(created.text("/included/0/id")).isEqualTo(role.toString());
        assertThat(org.founder().get("/api/v2/users/" + created.id()).text("/data/attributes/title"))
            .isEqualTo("machine");
        assertThat(org.founder().get("/api/v2/users?filter=robot").each("/data", "/id")).containsExactly(created.id());
    }

    @Test
    void an_address_may_be_shared() {
        var org = roster.newOrg("acme");
        org.newPending("robot@acme.test");

        assertThat(create(org.founder(), ROBOT).status()).isEqualTo(201);
        assertThat(create(org.founder(), ROBOT).status()).isEqualTo(201);
        assertThat(org.founder().post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"robot@acme.test"}}}""").status()).isEqualTo(409);
    }

    @Test
    void the_flag_must_be_there_and_true() {
        var org = roster.newOrg("acme");
        var version = org.version();

        assertThat(create(org.founder(), "{\"email\":\"r@acme.test\",\"service_account\":false}").errors())
            .containsExactly("API input validation failed: {'service_account': ['Must be true.']}");
        for (var attributes : List.of("{\"email\":\"r@acme.test\"}", "{\"service_account\":true}",
            "{\"email\":\"r@acme.test\",\"service_account\":\"yes\"}")) {
            assertThat(create(org.founder(), attributes).status()).as(attributes).isEqualTo(400);
        }
        assertThat(create(org.founder(), ROBOT, UUID.randomUUID()).status()).isEqualTo(400);
        assertThat(org.version()).isEqualTo(version);
    }

    @Test
    void without_user_access_manage_only_roles_that_can_do_no_more_than_the_caller() {
        var org = roster.newOrg("acme");
        var keeper = org.newUserWith("keeper@acme.test",
            List.of(org.newRole("keepers", List.of("service_account_write", "api_keys_read")).toString()));
        var small = org.newRole("small", List.of("api_keys_read"));
        var large = org.newRole("large", List.of("api_keys_delete"));

        assertThat(create(keeper, ROBOT, small).status()).isEqualTo(201);
        assertThat(create(keeper, ROBOT, large).status()).isEqualTo(403);
        assertThat(create(org.founder(), ROBOT, large).status()).isEqualTo(201);
        assertThat(create(org.newStandard("sam@acme.test"), ROBOT).status()).isEqualTo(403);
    }

    @Test
    void an_account_is_edited_and_disabled_by_callers_who_manage_it_and_its_keys_end() {
        var org = roster.newOrg("acme");
        var keeper = org.newUserWith("keeper@acme.test",
            List.of(org.newRole("keepers", List.of("service_account_write")).toString()));
        var robot = create(keeper, ROBOT).id();
        var secret = key(keeper, robot, "{\"name\":\"one\"}").text("/data/attributes/key");
        var machine = new TestUser(org, org.founder().user(), org.apiKey(), secret);
        assertThat(machine.get("/api/v2/current_user").id()).isEqualTo(robot);

        assertThat(keeper.patch("/api/v2/users/" + robot, """
            {"data":{"type":"users","id":"%s","attributes":{"name":"Robo"}}}""".formatted(robot)).status())
            .isEqualTo(200);
        assertThat(keeper.patch("/api/v2/users/" + org.founder().id(), """
            {"data":{"type":"users","id":"%s","attributes":{"name":"X"}}}""".formatted(org.founder().id())).status())
            .isEqualTo(403);
        assertThat(keeper.delete("/api/v2/users/" + robot).status()).isEqualTo(204);
        assertThat(machine.get("/api/v2/current_user").status()).isEqualTo(403);
        assertThat(key(keeper, robot, "{\"name\":\"two\"}").status()).isEqualTo(400);
    }

    @Test
    void keys_are_made_shown_changed_and_deleted() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var robot = create(ada, ROBOT).id();
        var keys = PATH + "/" + robot + "/application_keys";

        var created = key(ada, robot, "{\"name\":\"nightly\",\"scopes\":[\"user_access_read\"]}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text("/data/attributes/key")).matches("[0-9a-f]{40}");
        assertThat(created.text("/data/relationships/owned_by/data/id")).isEqualTo(robot);
        assertThat(created.text("/data/relationships/owned_by/data/type")).isEqualTo("users");
        var path = keys + "/" + created.id();
        for (var shown : List.of(ada.get(path), ada.patch(path, """
            {"data":{"type":"application_keys","id":"%s","attributes":{"name":"daily"}}}""".formatted(created.id())))) {
            assertThat(shown.status()).isEqualTo(200);
            assertThat(shown.at("/data/attributes").has("key")).isFalse();
            assertThat(shown.at("/data/relationships").has("owned_by")).isFalse();
        }
        var listed = ada.get(keys + "?include=owned_by");
        assertThat(listed.text("/data/0/attributes/name")).isEqualTo("daily");
        assertThat(listed.text("/included/0/id")).isEqualTo(robot);
        assertThat(listed.at("/meta/page/total_filtered_count").asInt()).isEqualTo(1);
        assertThat(ada.get(keys).at("/data/0/relationships").has("owned_by")).isFalse();
        assertThat(ada.delete(path).status()).isEqualTo(204);
        assertThat(ada.delete(path).errors()).containsExactly("Application key not found");
        assertThat(ada.get(path).status()).isEqualTo(404);
        assertThat(ada.patch(path, """
            {"data":{"type":"application_keys","id":"%s","attributes":{}}}""".formatted(UUID.randomUUID())).status())
            .isEqualTo(422);
    }

    @Test
    void a_person_is_no_service_account() {
        var org = roster.newOrg("acme");
        for (var id : List.of(org.founder().id(), UUID.randomUUID().toString(), "x")) {
            for (var path : List.of("/application_keys", "/access_tokens")) {
                assertThat(org.founder().get(PATH + "/" + id + path).errors()).containsExactly(id + " not found");
            }
            assertThat(key(org.founder(), id, "{\"name\":\"x\"}").status()).isEqualTo(404);
        }
    }

    @Test
    void callers_cannot_act_through_an_account_that_may_do_more_than_they() {
        var org = roster.newOrg("acme");
        var keeper = org.newUserWith("keeper@acme.test",
            List.of(org.newRole("keepers", List.of("service_account_write", "api_keys_read")).toString()));
        var strong = create(org.founder(), ROBOT, org.managed(Role.Managed.ADMIN)).id();
        var weak = create(org.founder(), ROBOT, org.newRole("weak", List.of("api_keys_read"))).id();

        assertThat(key(keeper, strong, "{\"name\":\"x\"}").status()).isEqualTo(403);
        assertThat(key(keeper, strong, "{\"name\":\"x\",\"scopes\":[\"api_keys_read\"]}").status()).isEqualTo(403);
        assertThat(key(keeper, weak, "{\"name\":\"x\"}").status()).isEqualTo(201);
        assertThat(key(keeper, weak, "{\"name\":\"x\",\"scopes\":[\"api_keys_delete\"]}").status()).isEqualTo(403);
        var narrow = key(org.founder(), strong, "{\"name\":\"narrow\",\"scopes\":[\"api_keys_read\"]}").id();
        assertThat(keeper.patch(PATH + "/%s/application_keys/%s".formatted(strong, narrow), """
            {"data":{"type":"application_keys","id":"%s","attributes":{"scopes":null}}}""".formatted(narrow)).status())
            .isEqualTo(403);
        assertThat(key(org.founder().scopedTo("service_account_write"), weak, "{\"name\":\"x\"}").status())
            .isEqualTo(403);
    }

    @Test
    void where_only_administrators_invite_only_they_make_accounts() {
        var org = roster.newOrg("acme");
        var keeper = org.newUserWith("keeper@acme.test",
            List.of(org.newRole("keepers", List.of("service_account_write")).toString()));
        org.founder().patch("/api/v2/org_configs/admin_only_invites", """
            {"data":{"type":"org_configs","attributes":{"value":true}}}""");

        assertThat(create(keeper, ROBOT).status()).isEqualTo(403);
        assertThat(create(org.founder(), ROBOT).status()).isEqualTo(201);
    }

    @Test
    void inviting_an_account_sends_nothing() {
        var org = roster.newOrg("acme");
        var robot = create(org.founder(), ROBOT).id();

        var invitation = org.founder().post("/api/v2/user_invitations", """
            {"data":[{"type":"user_invitations","relationships":{"user":{"data":{"type":"users","id":"%s"}}}}]}
            """.formatted(robot)).text("/data/0/id");
        assertThat(org.founder().get("/api/v2/user_invitations/%s/delivery".formatted(invitation)).status())
            .isNotEqualTo(200);
        assertThat(roster.sqlValue("SELECT count(*) FROM letters WHERE org_id = ?", org.id().value())).isEqualTo(0L);
    }
}
