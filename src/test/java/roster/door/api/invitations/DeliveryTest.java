package roster.door.api.invitations;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.bounce;
import static roster.support.Inviting.invited;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Inviting;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// The delivery of invitation e-mails, as the API shows it. `MailerTest` has the deliveries themselves.
class DeliveryTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final String PATH = "/api/v2/roster/invitations/";

    static final List<Recipe> RECIPES = List.of(
        new Recipe("GET /api/v2/roster/invitations/{invitation_id}/delivery",
            org -> new Call(PATH + Inviting.newInvitation(org) + "/delivery")),
        new Recipe("POST /api/v2/roster/invitations/{invitation_id}/bounce", org -> {
            var id = Inviting.newInvitation(org);
            Inviting.sent(org, id);
            return new Call(PATH + id + "/bounce", Inviting.bounce("550 no such user"));
        }));

    @Test
    void a_new_email_is_queued() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        var answer = ada.get(PATH + id + "/delivery");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("/data/id")).isEqualTo(id);
        assertThat(answer.text("/data/attributes/state")).isEqualTo("queued");
        assertThat(answer.text("/data/attributes/recipient")).isEqualTo("bob@acme.test");
        assertThat(answer.at("/data/attributes/reason").isNull()).isTrue();
        assertThat(answer.at("/data/attributes/sent_at").isNull()).isTrue();
        assertThat(answer.at("/data/attributes/attempts").asInt()).isZero();
    }

    @Test
    void the_contracts_invitation_stays_as_it_is() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());

        assertThat(ada.get(Inviting.PATH + "/" + id).at("/data/attributes").propertyNames())
            .containsExactly("uuid", "login_method", "invite_type", "created_at", "expires_at");
    }

    @Test
    void no_email_was_sent_to_an_active_user() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newUser("bob@acme.test").id());

        assertThat(ada.get(PATH + id + "/delivery").text("/data/attributes/state")).isEqualTo("none");
    }

    @Test
    void a_bounce_is_reported_once_and_audited_with_its_reason() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        Inviting.sent(ada.org(), id);
        var told = ada.post(PATH + id + "/bounce", bounce("550 5.1.1 no\\r\\nsuch user"));
        var version = ada.org().version();
        var again = ada.post(PATH + id + "/bounce", bounce("another reason"));

        assertThat(told.status()).isEqualTo(200);
        assertThat(told.text("/data/attributes/state")).isEqualTo("bounced");
        assertThat(told.text("/data/attributes/reason")).isEqualTo("550 5.1.1 no such user");
        assertThat(again.text("/data/attributes/reason")).isEqualTo("550 5.1.1 no such user");
        assertThat(ada.org().version()).isEqualTo(version);
        assertThat(roster.sql("""
            SELECT action, after ->> 'why' FROM audit_entries WHERE org_id = ? AND version = ?
            """, ada.org().id().value(), version))
            .containsExactly(List.of("invitation.bounced", "550 5.1.1 no such user"));
    }

    @Test
    void a_bounce_is_known_by_the_message_id_too() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        Inviting.sent(ada.org(), id);
        var letter = ada.get(PATH + id + "/delivery").text("/data/attributes/letter_id");

        assertThat(ada.post(PATH + letter + "/bounce", bounce("gone")).text("/data/id")).isEqualTo(id);
        assertThat(ada.get(PATH + id + "/delivery").text("/data/attributes/state")).isEqualTo("bounced");
    }

    @Test
    void what_was_never_sent_cannot_come_back() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        var answer = ada.post(PATH + id + "/bounce", bounce("gone"));

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.errors()).containsExactly("Only a letter that was sent can bounce; this one is queued");
    }

    @Test
    void a_reason_is_needed_and_bounded() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        Inviting.sent(ada.org(), id);
        for (var reason : List.of("", " \\n ", "x".repeat(301))) {
            assertThat(ada.post(PATH + id + "/bounce", bounce(reason)).status()).as(reason).isEqualTo(400);
        }
        assertThat(ada.get(PATH + id + "/delivery").text("/data/attributes/state")).isEqualTo("sent");
    }

    @Test
    void the_email_of_a_cancelled_invitation_is_dropped_and_not_found() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        ada.delete(PATH + id);

        assertThat(ada.get(PATH + id + "/delivery").status()).isEqualTo(404);
        assertThat(ada.get(PATH + id + "/delivery").errors()).containsExactly(id + " not found");
        assertThat(letters(ada.org())).containsExactly(List.of("dropped", "cancelled"));
    }

    @Test
    void a_new_address_drops_the_emails_to_the_old_one() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        invited(ada, bob);
        ada.patch("/api/v2/users/" + bob, """
            {"data": {"type": "users", "id": "%s", "attributes": {"email": "robert@acme.test"}}}""".formatted(bob));

        assertThat(letters(ada.org())).containsExactly(List.of("dropped", "cancelled"));
    }

    @Test
    void a_user_who_has_joined_gets_no_other_emails() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test").id();
        var first = invited(ada, bob);
        var second = invited(ada, bob);
        Inviting.accept(roster, Inviting.link(ada.org(), first));

        assertThat(letters(ada.org())).containsExactly(List.of("dropped", "the user has joined"),
            List.of("dropped", "the user has joined"));
        assertThat(ada.get(PATH + second + "/delivery").text("/data/attributes/state")).isEqualTo("dropped");
    }

    private static List<List<Object>> letters(TestOrg org) {
        return roster.sql("SELECT state, last_error FROM letters WHERE org_id = ? ORDER BY created_at, id",
            org.id().value());
    }

    @Test
    void unknown_ids_are_not_found() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        for (var unknown : List.of(UUID.randomUUID().toString(), "x")) {
            assertThat(ada.get(PATH + unknown + "/delivery").errors()).containsExactly(unknown + " not found");
            assertThat(ada.post(PATH + unknown + "/bounce", bounce("gone")).errors())
                .containsExactly(unknown + " not found");
        }
    }
}
