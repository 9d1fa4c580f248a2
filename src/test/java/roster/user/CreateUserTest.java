package roster.user;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.TestRoster;

class CreateUserTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void an_address_stays_taken_after_its_user_is_disabled() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newUser("bob@acme.test");
        ada.delete("/api/v2/users/" + bob.id());
        var answer = ada.post("/api/v2/users", """
            {"data": {"type": "users", "attributes": {"email": "Bob@ACME.test"}}}
            """);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.errors()).containsExactly("User bob@acme.test already exists");
    }
}
