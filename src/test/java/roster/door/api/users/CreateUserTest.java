package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

class CreateUserTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("POST /api/v2/users", org -> new Call("/api/v2/users", """
        {"data":{"type":"users","attributes":{"email":"new@acme.test"},
         "relationships":{"roles":{"data":[{"type":"roles","id":"%s"}]}}}}
        """.formatted(org.newRole("ops", List.of("dashboards_read"))))));

    static Answer create(TestUser caller, String attributes) {
        return caller.post("/api/v2/users", "{\"data\":{\"type\":\"users\",\"attributes\":%s}}".formatted(attributes));
    }

    private static Answer createWithRoles(TestUser caller, String email, Object... roles) {
        var references = List.of(roles).stream().map("{\"type\":\"roles\",\"id\":\"%s\"}"::formatted).toList();
        return caller.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"%s"},"relationships":{"roles":{"data":%s}}}}
            """.formatted(email, references));
    }

    @Test
    void a_new_user_is_pending_and_answered_whole_in_compact_json() {
        var ada = roster.newOrg("acme").founder();

        var answer = create(ada, """
            {"email": "Ann.Lee@Acme.Test", "title": "R&D / Éngineering"}
            """);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.text()).isEqualTo("""
            {"data":{"type":"users","id":"%1$s","attributes":{"uuid":"%1$s","name":null,\
            "handle":"ann.lee@acme.test","created_at":"%2$s","modified_at":"%2$s","email":"ann.lee@acme.test",\
            "icon":"https://secure.gravatar.com/avatar/e10ab540eaee7fa8e284c285ff722581?s=48&d=retro",\
            "title":"R&D / Éngineering","verified":false,"service_account":false,"disabled":false,\
            "allowed_login_methods":[],"status":"Pending","last_login_time":null},\
            "relationships":{"roles":{"data":[]},"org":{"data":{"type":"orgs","id":"%3$s"}}}}}\
            """.formatted(answer.id(), answer.text("/data/attributes/created_at"), ada.org().id()));
    }

    @Test
    void times_have_six_digits_and_an_offset_in_digits() {
        var ada = roster.newOrg("acme").founder();

        assertThat(create(ada, "{\"email\":\"ann@acme.test\"}").text("/data/attributes/created_at"))
            .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00");
    }

    @Test
    void name_and_title_are_kept_and_null_counts_as_absent() {
        var ada = roster.newOrg("acme").founder();

        var ann = create(ada, "{\"email\":\"ann@acme.test\",\"name\":\"Ann Lee\",\"title\":\"Boss\"}");
        var bob = create(ada, "{\"email\":\"bob@acme.test\",\"name\":null,\"title\":null}");

        assertThat(ann.text("/data/attributes/name")).isEqualTo("Ann Lee");
        assertThat(ann.text("/data/attributes/title")).isEqualTo("Boss");
        assertThat(bob.status()).isEqualTo(201);
        assertThat(bob.at("/data/attributes/name").isNull()).isTrue();
        assertThat(bob.at("/data/attributes/title").isNull()).isTrue();
    }

    @Test
    void read_only_and_unknown_members_are_ignored() {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.post("/api/v2/users", """
            {"jsonapi": {"version": "1.0"}, "data": {"id": "mine", "type": "users", "attributes": {
              "email": "ann@acme.test", "handle": "root", "icon": "x", "status": "Active", "verified": true,
              "disabled": true, "service_account": true, "created_at": "1999", "modified_at": 7, "uuid": [],
              "shoe_size": 44}, "relationships": {"org": {"data": null}}}}
            """);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("/data/attributes/handle")).isEqualTo("ann@acme.test");
        assertThat(answer.text("/data/attributes/status")).isEqualTo("Pending");
        assertThat(answer.at("/data/attributes/service_account").asBoolean()).isFalse();
        assertThat(answer.text("/data/attributes/created_at")).startsWith("20");
    }

    @Test
    void the_last_of_two_members_of_one_name_counts() {
        var ada = roster.newOrg("acme").founder();

        assertThat(create(ada, "{\"email\":\"ann@acme.test\",\"email\":\"bob@acme.test\"}")
            .text("/data/attributes/email")).isEqualTo("bob@acme.test");
    }

    @Test
    void no_invitation_is_sent() {
        var ada = roster.newOrg("acme").founder();

        create(ada, "{\"email\":\"ann@acme.test\"}");

        assertThat(roster.sql("SELECT 1 FROM invitations WHERE org_id = ?", ada.org().id().value())).isEmpty();
        assertThat(roster.sql("SELECT 1 FROM letters WHERE org_id = ?", ada.org().id().value())).isEmpty();
    }

    @Test
    void roles_and_their_permissions_are_included_each_once_and_in_order() {
        var ada = roster.newOrg("acme").founder();
        var org = ada.org();
        var zoo = org.newRole("zoo", List.of("user_access_manage", "dashboards_read"));
        var ant = org.newRole("Ant", List.of("dashboards_read", "user_access_invite"));

        var answer = createWithRoles(ada, "ann@acme.test", zoo, ant, zoo.toString().toUpperCase(Locale.ROOT), zoo);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.each("/data/relationships/roles/data", "/id"))
            .containsExactlyInAnyOrder(zoo.toString(), ant.toString());
        assertThat(answer.each("/included", "/type"))
            .containsExactly("roles", "roles", "permissions", "permissions", "permissions");
        var permissions = answer.each("/included", "/attributes/name").subList(2, 5);
        assertThat(permissions).isSubsetOf(catalogueOrder(ada)).containsExactlyInAnyOrder("dashboards_read",
            "user_access_invite", "user_access_manage");
        assertThat(catalogueOrder(ada).stream().filter(permissions::contains)).containsExactlyElementsOf(permissions);
    }

    private static List<String> catalogueOrder(TestUser caller) {
        return caller.get("/api/v2/permissions").each("/data", "/attributes/name");
    }

    @Test
    void an_included_role_tells_no_member_count() {
        var ada = roster.newOrg("acme").founder();
        var role = ada.org().newRole("ops", List.of());

        var answer = createWithRoles(ada, "ann@acme.test", role);

        assertThat(answer.at("/included/0").toString()).isEqualTo("""
            {"type":"roles","id":"%s","attributes":{"name":"ops","managed":false,"created_at":"%2$s",\
            "modified_at":"%2$s"},"relationships":{"permissions":{"data":[]}}}\
            """.formatted(role, answer.text("/included/0/attributes/created_at")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"roles\":null}", "{\"roles\":{}}", "{\"roles\":{\"data\":null}}",
        "{\"roles\":{\"data\":[]}}", "null"})
    void no_role_is_given_when_none_is_named(String relationships) {
        var ada = roster.newOrg("acme").founder();

        var answer = ada.post("/api/v2/users", """
            {"data":{"type":"users","attributes":{"email":"ann@acme.test"},"relationships":%s}}
            """.formatted(relationships));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.at("/data/relationships/roles/data")).isEmpty();
        assertThat(answer.json().has("included")).isFalse();
    }

    @Test
    void an_unknown_role_is_refused_and_no_user_is_created() {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();
        var unknown = UUID.randomUUID();
        var foreign = roster.newOrg("other").managed(Role.Managed.READ_ONLY);

        assertThat(createWithRoles(ada, "ann@acme.test", unknown).errors())
            .containsExactly("Role %s not found".formatted(unknown));
        assertThat(createWithRoles(ada, "ann@acme.test", foreign).errors())
            .containsExactly("Role %s not found".formatted(foreign));
        var noId = createWithRoles(ada, "ann@acme.test", "admins");
        assertThat(noId.status()).isEqualTo(400);
        assertThat(noId.errors()).containsExactly("Role admins not found");
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void callers_who_manage_users_may_give_any_role() {
        var org = roster.newOrg("acme");
        var manager = org.newUserWith("max@acme.test",
            List.of(org.newRole("managers", List.of("user_access_manage", "user_access_invite")).toString()));

        assertThat(createWithRoles(manager, "ann@acme.test", org.managed(Role.Managed.ADMIN)).status())
            .isEqualTo(201);
    }

    @Test
    void callers_who_only_invite_may_give_the_roles_they_have_and_no_others() {
        var org = roster.newOrg("acme");
        var sam = org.newStandard("sam@acme.test");
        var before = org.version();

        var refused = createWithRoles(sam, "ann@acme.test", org.managed(Role.Managed.READ_ONLY));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        assertThat(org.version()).isEqualTo(before);
        assertThat(createWithRoles(sam, "ann@acme.test", org.managed(Role.Managed.STANDARD)).status()).isEqualTo(201);
    }

    @Test
    void a_scoped_key_gives_no_role_that_can_do_more_than_the_key() {
        var org = roster.newOrg("acme");

        var standard = org.newStandard("sam@acme.test").scopedTo("user_access_invite");
        var admin = org.founder().scopedTo("user_access_invite");

        assertThat(createWithRoles(standard, "a@acme.test", org.managed(Role.Managed.STANDARD)).status())
            .isEqualTo(403);
        assertThat(createWithRoles(admin, "b@acme.test", org.managed(Role.Managed.ADMIN)).status()).isEqualTo(403);
        assertThat(createWithRoles(admin, "c@acme.test").status()).isEqualTo(201);
    }

    @Test
    void creating_needs_the_permission_to_invite() {
        var answer = create(roster.newOrg("acme").newUser("bob@acme.test"), "{\"email\":\"ann@acme.test\"}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
    }

    @Test
    void permission_is_looked_at_before_the_body() {
        var bob = roster.newOrg("acme").newUser("bob@acme.test");

        assertThat(bob.post("/api/v2/users", "no json").status()).isEqualTo(403);
        assertThat(bob.post("/api/v2/users", "{}").status()).isEqualTo(403);
    }

    @Test
    void an_address_stays_taken_after_its_user_is_disabled() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newUser("bob@acme.test");
        ada.delete("/api/v2/users/" + bob.id());

        var answer = create(ada, "{\"email\":\"Bob@ACME.test\"}");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.errors()).containsExactly("User bob@acme.test already exists");
    }

    @Test
    void an_address_stays_taken_as_a_handle_after_its_user_has_another() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        ada.patch("/api/v2/users/" + bob.id(), """
            {"data":{"type":"users","id":"%s","attributes":{"email":"robert@acme.test"}}}
            """.formatted(bob.id()));
        var before = ada.org().version();

        assertThat(create(ada, "{\"email\":\"bob@acme.test\"}").errors())
            .containsExactly("User bob@acme.test already exists");
        assertThat(create(ada, "{\"email\":\"robert@acme.test\"}").errors())
            .containsExactly("User robert@acme.test already exists");
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void the_address_of_a_service_account_is_free_for_people() {
        var ada = roster.newOrg("acme").founder();
        ada.org().newServiceAccount("bot@acme.test", List.of());

        assertThat(create(ada, "{\"email\":\"bot@acme.test\"}").status()).isEqualTo(201);
    }

    @Test
    void the_same_address_is_another_user_in_another_organisation() {
        var acme = roster.newOrg("acme").founder();
        var other = roster.newOrg("other").founder();

        assertThat(create(acme, "{\"email\":\"ann@acme.test\"}").status()).isEqualTo(201);
        assertThat(create(other, "{\"email\":\"ann@acme.test\"}").status()).isEqualTo(201);
    }
}
