package roster.door.api.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.signin.PasswordResets;
import roster.support.Answer;
import roster.support.BrowserUser;
import roster.support.Emails;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.Resetting;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// An administrator sends a user the link that sets a password.
@Timeout(120)
class PasswordResetTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES = List.of(new Recipe("POST /api/v2/roster/users/{user_id}/password_reset",
        org -> new Call(path(org.newUser("ada@acme.test").id()))));

    private static String path(Object user) {
        return "/api/v2/roster/users/%s/password_reset".formatted(user);
    }

    private static Answer send(TestOrg org, Object user) {
        return org.founder().post(path(user), null);
    }

    @Test
    void the_user_chooses_the_password_also_where_the_address_is_not_proved() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        roster.sql("UPDATE users SET email_proved = false WHERE org_id = ? AND id = ?", org.id().value(),
            ada.user().id().value());

        var answer = send(org, ada.id());

        assertThat(answer.status()).as(answer.toString()).isEqualTo(204);
        var email = Emails.of(org, PasswordResets.LETTER).getFirst();
        assertThat(email.recipient()).isEqualTo("ada@acme.test");
        assertThat(Resetting.reset(new BrowserUser(roster), Resetting.link(org)).status()).isEqualTo(303);
        assertThat(
            roster.sql("SELECT actor_kind FROM audit_entries WHERE org_id = ? AND action = 'password.reset_sent'",
                org.id().value()))
            .containsExactly(List.of("USER"));
    }

    @Test
    void users_who_cannot_sign_in_by_password_get_none() {
        var org = roster.newOrg("acme");
        var disabled = org.newUser("disabled@acme.test");
        org.founder().delete("/api/v2/users/" + disabled.id());
        var google = org.newUser("google@acme.test");
        roster.sql("UPDATE users SET login_methods = '{google_oidc}' WHERE org_id = ? AND id = ?", org.id().value(),
            google.user().id().value());
        var before = org.version();
        for (var user : List.of(disabled.id(), google.id(), org.newPending("pending@acme.test").id(),
            org.newServiceAccount("robot@acme.test", List.of()).id())) {
            assertThat(send(org, user).status()).as(user.toString()).isEqualTo(409);
        }
        assertThat(send(org, UUID.randomUUID()).status()).isEqualTo(404);
        assertThat(org.version()).isEqualTo(before + 2);
        assertThat(Emails.of(org, PasswordResets.LETTER)).isEmpty();
    }

    @Test
    void one_user_is_sent_ten_an_hour() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        for (int i = 0; i < 10; i++) {
            assertThat(send(org, ada.id()).status()).isEqualTo(204);
        }
        var tooMany = send(org, ada.id());
        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.header("X-RateLimit-Name")).contains("password-resets-per-user");
        assertThat(Emails.of(org, PasswordResets.LETTER)).hasSize(1);
    }
}
