package roster.door.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.Role;
import roster.support.Answer;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

class UpdateUserTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("PATCH /api/v2/users/{user_id}", org -> {
        var bob = org.newPending("bob@acme.test").id();
        return new Call("/api/v2/users/" + bob, body(bob, "{\"name\":\"Changed\"}"));
    }));

    static Answer update(TestUser caller, Object id, String attributes) {
        return caller.patch("/api/v2/users/" + id, body(id, attributes));
    }

    static String body(Object id, String attributes) {
        return "{\"data\":{\"type\":\"users\",\"id\":\"%s\",\"attributes\":%s}}".formatted(id, attributes);
    }

    static Answer read(TestUser caller, Object id) {
        return caller.get("/api/v2/users/" + id);
    }

    @Test
    void only_the_members_sent_are_changed() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        update(ada, bob.id(), "{\"name\":\"Bob\",\"title\":\"Cook\"}");

        var answer = update(ada, bob.id(), "{\"name\":\"Robert\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/data/attributes/name")).isEqualTo("Robert");
        assertThat(answer.text("/data/attributes/title")).isEqualTo("Cook");
        assertThat(answer.text("/data/attributes/email")).isEqualTo("bob@acme.test");
        assertThat(answer.text("/data/attributes/status")).isEqualTo("Active");
        assertThat(answer.text("/data/attributes/modified_at"))
            .isGreaterThan(answer.text("/data/attributes/created_at"));
        assertThat(read(ada, bob.id()).text("/data/attributes/name")).isEqualTo("Robert");
    }

    @Test
    void the_answer_is_the_user_as_a_create_answers_them() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUserWith("bob@acme.test",
            List.of(ada.org().newRole("cooks", List.of("dashboards_read")).toString()));

        var answer = update(ada, bob.id(), "{\"title\":\"Cook\"}");

        assertThat(answer.at("/data/attributes").propertyNames()).containsExactly("uuid", "name", "handle",
            "created_at", "modified_at", "email", "icon", "title", "verified", "service_account", "disabled",
            "allowed_login_methods", "status", "last_login_time");
        assertThat(answer.at("/data/relationships").propertyNames()).containsExactly("roles", "org");
        assertThat(answer.each("/included", "/type")).containsExactly("roles", "permissions");
    }

    @Test
    void a_title_may_be_taken_away_and_a_name_may_not() {
        var ada = roster.newOrg("acme").founder();
        update(ada, ada.id(), "{\"name\":\"Ada\",\"title\":\"Boss\"}");

        var untitled = update(ada, ada.id(), "{\"title\":null}");
        var unnamed = update(ada, ada.id(), "{\"name\":null}");

        assertThat(untitled.at("/data/attributes/title").isNull()).isTrue();
        assertThat(unnamed.status()).isEqualTo(400);
        assertThat(unnamed.errors())
            .containsExactly("API input validation failed: {'name': ['Not a valid string.']}");
    }

    @Test
    void a_new_address_changes_the_icon_and_leaves_the_handle() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");

        var answer = update(ada, bob.id(), "{\"email\":\"Ann.Lee@ACME.test\"}");

        assertThat(answer.text("/data/attributes/email")).isEqualTo("ann.lee@acme.test");
        assertThat(answer.text("/data/attributes/handle")).isEqualTo("bob@acme.test");
        assertThat(answer.text("/data/attributes/icon"))
            .isEqualTo("https://secure.gravatar.com/avatar/e10ab540eaee7fa8e284c285ff722581?s=48&d=retro");
        assertThat(answer.text("/data/attributes/status")).isEqualTo("Active");
    }

    @Test
    void an_address_can_be_taken_back_while_it_is_the_users_own_handle() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        update(ada, bob.id(), "{\"email\":\"robert@acme.test\"}");

        assertThat(update(ada, bob.id(), "{\"email\":\"bob@acme.test\"}").status()).isEqualTo(200);
    }

    @Test
    void another_humans_address_or_handle_is_taken() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        var eve = ada.org().newUser("eve@acme.test");
        update(ada, eve.id(), "{\"email\":\"evelyn@acme.test\"}");
        ada.delete("/api/v2/users/" + eve.id());
        var before = ada.org().version();

        var email = update(ada, bob.id(), "{\"email\":\"Evelyn@acme.test\"}");
        var handle = update(ada, bob.id(), "{\"email\":\"eve@acme.test\",\"name\":\"Bob\"}");

        assertThat(email.status()).isEqualTo(409);
        assertThat(email.errors()).containsExactly("User evelyn@acme.test already exists");
        assertThat(handle.status()).isEqualTo(409);
        assertThat(handle.errors()).containsExactly("User eve@acme.test already exists");
        assertThat(ada.org().version()).isEqualTo(before);
    }

    @Test
    void service_accounts_share_addresses() {
        var ada = roster.newOrg("acme").founder();
        var bot = ada.org().newServiceAccount("bot@acme.test", List.of());
        var bob = ada.org().newUser("bob@acme.test");

        assertThat(update(ada, bot.id(), "{\"email\":\"bob@acme.test\"}").status()).isEqualTo(200);
        assertThat(update(ada, bob.id(), "{\"email\":\"bot@acme.test\"}").status()).isEqualTo(200);
    }

    @Test
    void a_new_address_is_yet_to_be_proved_though_it_be_the_old_one_again() {
        var ada = roster.newOrg("acme").founder();
        var email = "bob-%s@acme.test".formatted(UUID.randomUUID());
        var elsewhere = roster.newOrg("other").newUser(email).org().id().toString();
        var bob = ada.org().newUser(email);
        assertThat(bob.get("/api/v2/users/%s/orgs".formatted(bob.id())).each("/included", "/id")).contains(elsewhere);

        update(ada, bob.id(), "{\"email\":\"robert@acme.test\"}");
        update(ada, bob.id(), "{\"email\":\"%s\"}".formatted(email));

        assertThat(bob.get("/api/v2/users/%s/orgs".formatted(bob.id())).each("/included", "/id"))
            .doesNotContain(elsewhere);
    }

    @Test
    void sending_what_is_there_already_changes_nothing() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        update(ada, bob.id(), "{\"name\":\"Bob\"}");
        var before = read(ada, bob.id()).text();
        var version = ada.org().version();

        var answer = update(ada, bob.id(), "{\"name\":\"Bob\",\"email\":\"BOB@acme.test\",\"disabled\":false}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(update(ada, bob.id(), "{}").status()).isEqualTo(200);
        assertThat(read(ada, bob.id()).text()).isEqualTo(before);
        assertThat(ada.org().version()).isEqualTo(version);
    }

    @Test
    void roles_and_read_only_members_are_ignored() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");

        var answer = ada.patch("/api/v2/users/" + bob.id(), """
            {"data": {"type": "users", "id": "%s", "attributes": {"handle": "x", "verified": false, "status": 9,
              "created_at": null}, "relationships": {"roles": {"data": [{"type": "roles", "id": "%s"}]}}}}
            """.formatted(bob.id(), ada.org().managed(Role.Managed.ADMIN)));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/data/attributes/handle")).isEqualTo("bob@acme.test");
        assertThat(answer.at("/data/attributes/verified").asBoolean()).isTrue();
        assertThat(answer.at("/data/relationships/roles/data")).isEmpty();
    }

    @Test
    void disabling_cuts_off_and_enabling_brings_back_status_and_roles_but_no_keys() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newStandard("bob@acme.test");
        var roles = read(ada, bob.id()).at("/data/relationships/roles");

        var disabled = update(ada, bob.id(), "{\"disabled\":true}");
        assertThat(disabled.text("/data/attributes/status")).isEqualTo("Disabled");
        assertThat(bob.get("/api/v2/users").status()).isEqualTo(403);

        var enabled = update(ada, bob.id(), "{\"disabled\":false}");
        assertThat(enabled.text("/data/attributes/status")).isEqualTo("Active");
        assertThat(enabled.at("/data/relationships/roles")).isEqualTo(roles);
        assertThat(bob.get("/api/v2/users").status()).isEqualTo(403);
    }

    @Test
    void a_pending_user_is_pending_again_after_they_were_disabled() {
        var ada = roster.newOrg("acme").founder();
        var ann = ada.org().newPending("ann@acme.test");
        update(ada, ann.id(), "{\"disabled\":true}");

        assertThat(update(ada, ann.id(), "{\"disabled\":false}").text("/data/attributes/status"))
            .isEqualTo("Pending");
    }

    @Test
    void a_disabled_user_can_be_edited_and_disabled_again_without_effect() {
        var ada = roster.newOrg("acme").founder();
        var bob = ada.org().newUser("bob@acme.test");
        ada.delete("/api/v2/users/" + bob.id());

        assertThat(update(ada, bob.id(), "{\"name\":\"Bob\"}").status()).isEqualTo(200);
        assertThat(update(ada, bob.id(), "{\"disabled\":true}").status()).isEqualTo(200);
    }

    @Test
    void the_last_active_administrator_stays() {
        var ada = roster.newOrg("acme").founder();
        var before = ada.org().version();

        var answer = update(ada, ada.id(), "{\"disabled\":true}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden",
            "An organization must keep at least one active administrator");
        assertThat(ada.org().version()).isEqualTo(before);
        assertThat(read(ada, ada.id()).text("/data/attributes/status")).isEqualTo("Active");
    }

    @Test
    void an_unknown_id_is_named_as_it_was_sent() {
        var ada = roster.newOrg("acme").founder();
        var unknown = UUID.randomUUID().toString().toUpperCase(Locale.ROOT);
        var stranger = roster.newOrg("other").newUser("bob@other.test");

        assertThat(update(ada, unknown, "{}").status()).isEqualTo(404);
        assertThat(update(ada, unknown, "{}").errors()).containsExactly(unknown + " not found");
        assertThat(update(ada, stranger.id(), "{\"name\":\"x\"}").errors())
            .containsExactly(stranger.id() + " not found");
        assertThat(update(ada, "bob", "{}").errors()).containsExactly("bob not found");
    }

    @Test
    void editing_needs_the_permission_to_manage() {
        var sam = roster.newOrg("acme").newStandard("sam@acme.test");

        var answer = update(sam, sam.id(), "{\"name\":\"Sam\"}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
    }

    @Test
    void who_may_write_service_accounts_edits_these_and_no_people() {
        var org = roster.newOrg("acme");
        var bot = org.newServiceAccount("bot@acme.test", List.of());
        var keeper = org.newUserWith("kim@acme.test",
            List.of(org.newRole("keepers", List.of("service_account_write")).toString()));

        var edited = update(keeper, bot.id(), "{\"name\":\"Bot\"}");
        var refused = update(keeper, org.founder().id(), "{\"name\":\"Founder\"}");

        assertThat(edited.status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        assertThat(update(keeper, UUID.randomUUID(), "{}").status()).isEqualTo(404);
    }
}
