package roster.door.api.invitations;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.PATH;
import static roster.support.Inviting.body;
import static roster.support.Inviting.invite;
import static roster.support.Inviting.invited;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.model.LoginMethod;
import roster.support.Inviting;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

class SendInvitationsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("POST /api/v2/user_invitations",
        org -> new Call(Inviting.PATH, Inviting.body(org.newPending("invited@acme.test").id()))));

    @Test
    void a_pending_user_is_invited_for_48_hours_and_sent_an_email() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var answer = invite(ada, bob.id());

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().propertyNames()).containsExactly("data");
        assertThat(answer.at("/data/0").propertyNames()).containsExactly("type", "id", "attributes", "relationships");
        assertThat(answer.at("/data/0/attributes").propertyNames())
            .containsExactly("uuid", "login_method", "invite_type", "created_at", "expires_at");
        assertThat(answer.text("/data/0/type")).isEqualTo("user_invitations");
        assertThat(answer.text("/data/0/attributes/uuid")).isEqualTo(answer.text("/data/0/id"));
        assertThat(answer.at("/data/0/attributes/login_method").isNull()).isTrue();
        assertThat(answer.text("/data/0/attributes/invite_type")).isEqualTo("basic_invite");
        assertThat(answer.text("/data/0/relationships/user/data/id")).isEqualTo(bob.id().toString());
        var created = OffsetDateTime.parse(answer.text("/data/0/attributes/created_at"));
        var expires = OffsetDateTime.parse(answer.text("/data/0/attributes/expires_at"));
        assertThat(Duration.between(created, expires)).isEqualTo(Duration.ofHours(48));
        assertThat(letters(ada.org())).containsExactly("bob@acme.test");
    }

    @Test
    void the_answer_is_an_array_in_the_order_of_the_request() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var eve = ada.org().newPending("eve@acme.test").id();
        var answer = invite(ada, eve, bob, eve);

        assertThat(answer.each("/data", "/relationships/user/data/id"))
            .containsExactly(eve.toString(), bob.toString(), eve.toString());
        assertThat(answer.each("/data", "/id")).doesNotHaveDuplicates();
        assertThat(answer.each("/data", "/attributes/invite_type"))
            .containsExactly("basic_invite", "basic_invite", "basic_reminder");
    }

    @Test
    void a_user_invited_before_is_reminded_also_after_being_disabled_and_enabled() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var first = invited(ada, bob.id());
        ada.delete("/api/v2/users/" + bob.id());
        ada.patch("/api/v2/users/" + bob.id(), """
            {"data": {"type": "users", "id": "%s", "attributes": {"disabled": false}}}""".formatted(bob.id()));
        var again = invite(ada, bob.id());

        assertThat(again.text("/data/0/attributes/invite_type")).isEqualTo("basic_reminder");
        assertThat(roster.send("GET", Inviting.link(ada.org(), first), null).status()).isEqualTo(200);
    }

    @Test
    void an_active_user_gets_an_invitation_that_can_be_read_but_no_email() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newUser("bob@acme.test");
        var modified = ada.get("/api/v2/users/" + bob.id()).text("/data/attributes/modified_at");
        var answer = invite(ada, bob.id());

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.text("/data/0/attributes/invite_type")).isEqualTo("basic_reminder");
        assertThat(ada.get(PATH + "/" + answer.text("/data/0/id")).status()).isEqualTo(200);
        assertThat(letters(ada.org())).isEmpty();
        assertThat(ada.get("/api/v2/users/" + bob.id()).text("/data/attributes/modified_at")).isEqualTo(modified);
    }

    @Test
    void a_service_account_gets_an_invitation_that_can_be_read_but_no_email() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var robot = ada.org().newServiceAccount("robot@acme.test", List.of()).id();
        var before = ada.get("/api/v2/users/" + robot).at("/data");
        for (int i = 0; i < 2; i++) {
            var answer = invite(ada, robot);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
            assertThat(answer.text("/data/0/attributes/invite_type")).isEqualTo("basic_invite");
            assertThat(ada.get(PATH + "/" + answer.text("/data/0/id")).at("/data")).isEqualTo(answer.at("/data/0"));
        }
        assertThat(letters(ada.org())).isEmpty();
        assertThat(ada.get("/api/v2/users/" + robot).at("/data")).isEqualTo(before);
    }

    @Test
    void where_google_is_the_only_way_to_sign_in_invitations_say_so() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        enable(ada, LoginMethod.STANDARD, false);

        var first = invite(ada, bob);
        assertThat(first.text("/data/0/attributes/invite_type")).isEqualTo("openid_invite");
        assertThat(ada.get(PATH + "/" + first.text("/data/0/id")).at("/data")).isEqualTo(first.at("/data/0"));
        assertThat(invite(ada, bob).text("/data/0/attributes/invite_type")).as("a later one is a reminder [R]")
            .isEqualTo("basic_reminder");
        var carl = ada.org().newPending("carl@acme.test").id();
        assertThat(ada.patch("/api/v2/users/%s/relationships/identity_providers".formatted(carl), """
            {"data":[{"type":"identity_providers","id":"%s"}]}""".formatted(
            LoginMethod.STANDARD.id(ada.org().id()).value())).status()).isEqualTo(204);
        assertThat(invite(ada, carl).text("/data/0/attributes/invite_type")).as("by their own methods")
            .isEqualTo("basic_invite");
        enable(ada, LoginMethod.STANDARD, true);
        enable(ada, LoginMethod.GOOGLE_OIDC, false);
        assertThat(invite(ada, bob).text("/data/0/attributes/invite_type")).isEqualTo("basic_reminder");
    }

    private static void enable(TestUser caller, LoginMethod method, boolean enabled) {
        var id = method.id(caller.org().id()).value();
        assertThat(caller.patch("/api/v2/identity_providers/" + id, """
            {"data":{"type":"identity_providers","id":"%s","attributes":{"enabled":%s}}}""".formatted(id, enabled))
            .status()).isEqualTo(200);
    }

    @Test
    void each_user_who_cannot_be_invited_is_named_and_no_one_is_invited() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var gone = ada.org().newUser("gone@acme.test");
        ada.delete("/api/v2/users/" + gone.id());
        var robot = ada.org().newServiceAccount("robot@acme.test", List.of()).id();
        ada.delete("/api/v2/users/" + robot);
        var stranger = UUID.randomUUID();
        var answer = invite(ada, bob, gone.id(), robot, stranger, "no-user");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("User %s is disabled".formatted(gone.id()),
            "User %s is disabled".formatted(robot), "User %s not found".formatted(stranger),
            "User no-user not found");
        assertThat(invitations(ada.org())).isZero();
        assertThat(letters(ada.org())).isEmpty();
    }

    @Test
    void a_user_of_another_organisation_is_unknown() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var other = roster.newOrg("other").newPending("bob@other.test");
        var answer = invite(ada, other.id());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errors()).containsExactly("User %s not found".formatted(other.id()));
    }

    @Test
    void it_takes_1_to_100_entries() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();

        assertThat(ada.post(PATH, "{\"data\": []}").errors())
            .containsExactly("API input validation failed: {'data': ['Shorter than minimum length 1.']}");
        assertThat(invite(ada, Collections.nCopies(101, bob).toArray()).errors())
            .containsExactly("API input validation failed: {'data': ['Longer than maximum length 100.']}");
        assertThat(invite(ada, Collections.nCopies(100, bob).toArray()).status()).isEqualTo(201);
    }

    @Test
    void all_faults_of_the_body_are_named_in_its_order() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");

        assertThat(ada.post(PATH, """
            {"data": [{"type": "users", "relationships": {"user": {"data": {"type": "users", "id": 7}}}}, 3,
                      {"type": "user_invitations"}]}
            """).errors()).containsExactly(
            "API input validation failed: {'_schema': [{'detail': 'Invalid type. Expected \"user_invitations\".', "
                + "'source': {'pointer': '/data/0/type'}}]}",
            "API input validation failed: {'id': ['Not a valid string.']}",
            "API input validation failed: {'data': ['Not a valid object.']}",
            "API input validation failed: {'relationships': ['Missing data for required field.']}");
        assertThat(ada.post(PATH, "{\"data\": [null, 3]}").errors())
            .containsExactly("API input validation failed: {'data': ['Not a valid object.']}");
        assertThat(ada.post(PATH, "{\"data\": {}}").errors())
            .containsExactly("API input validation failed: {'data': ['Not a valid list.']}");
        assertThat(ada.post(PATH, "{}").errors().getFirst()).contains("Object must include `data` key.");
    }

    @Test
    void it_takes_the_permission_to_invite() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();

        assertThat(ada.org().newStandard("standard@acme.test").post(PATH, body(bob)).status()).isEqualTo(201);
        for (var without : List.of(ada.org().newUser("eve@acme.test"), ada.scopedTo("user_access_read"))) {
            var answer = invite(without, bob);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
        }
    }

    @Test
    void the_audit_tells_who_invited_whom_and_no_token_is_kept_anywhere() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var id = invited(ada, bob.id());
        var token = Inviting.link(ada.org(), id).substring("/invitations/".length());
        var entries = roster.sql("""
            SELECT action, subject_name, actor_name, actor_id, after::text FROM audit_entries
             WHERE org_id = ? AND subject_id = ?
            """, ada.org().id().value(), UUID.fromString(id));

        assertThat(entries).hasSize(1);
        assertThat(entries.getFirst().subList(0, 4)).containsExactly("invitation.sent", "bob@acme.test",
            "ada@acme.test", ada.user().id().value());
        for (var table : List.of("audit_entries", "invitations", "letters", "invitation_pointers", "users")) {
            assertThat(roster.sql("SELECT t::text FROM " + table + " t").toString()).as(table).doesNotContain(token);
        }
    }

    private static List<Object> letters(TestOrg org) {
        return roster.sql("SELECT recipient FROM letters WHERE org_id = ? ORDER BY created_at, id", org.id().value())
            .stream().map(List::getFirst).toList();
    }

    private static long invitations(TestOrg org) {
        return (Long) roster.sqlValue("SELECT count(*) FROM invitations WHERE org_id = ?", org.id().value());
    }
}
