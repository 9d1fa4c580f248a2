package roster.door.api.invitations;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.PATH;
import static roster.support.Inviting.invite;
import static roster.support.Inviting.invited;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Inviting;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;

class GetInvitationTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("GET /api/v2/user_invitations/{user_invitation_uuid}",
        org -> new Call(Inviting.PATH + "/" + Inviting.newInvitation(org))));

    @Test
    void an_invitation_is_read_as_it_was_answered_when_sent() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var sent = invite(ada, ada.org().newPending("bob@acme.test").id());
        var read = ada.get(PATH + "/" + sent.text("/data/0/id"));

        assertThat(read.status()).isEqualTo(200);
        assertThat(read.at("/data")).isEqualTo(sent.at("/data/0"));
        assertThat(read.json().propertyNames()).containsExactly("data");
    }

    @Test
    void an_expired_or_accepted_invitation_can_still_be_read() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        Inviting.expire(ada.org(), id);
        var accepted = invited(ada, ada.org().newPending("eve@acme.test").id());
        Inviting.accept(roster, Inviting.link(ada.org(), accepted));

        assertThat(ada.get(PATH + "/" + id).status()).isEqualTo(200);
        assertThat(ada.get(PATH + "/" + accepted).status()).isEqualTo(200);
    }

    @Test
    void an_id_is_compared_without_regard_to_letter_case() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());

        assertThat(ada.get(PATH + "/" + id.toUpperCase(java.util.Locale.ROOT)).id()).isEqualTo(id);
    }

    @Test
    void what_is_unknown_malformed_or_of_another_organisation_is_not_found() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var other = roster.newOrg("other").newAdmin("ada@other.test");
        var theirs = invited(other, other.org().newPending("bob@other.test").id());

        for (var id : new String[] {UUID.randomUUID().toString(), "nothing", theirs}) {
            var answer = ada.get(PATH + "/" + id);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.errors()).containsExactly(id + " not found");
        }
    }

    @Test
    void it_takes_the_permission_to_invite() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        var answer = ada.org().newUser("eve@acme.test").get(PATH + "/" + id);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.errors()).containsExactly("Forbidden", "Failed permission authorization checks");
    }
}
