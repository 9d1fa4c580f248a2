package roster.door.api.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.App;
import roster.support.Recipe;
import roster.support.Recipe.Call;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Administrators reset the second factors of users who lost them.
@Timeout(120)
class SecondFactorsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    static final List<Recipe> RECIPES =
        List.of(new Recipe("DELETE /api/v2/roster/users/{user_id}/second_factors", org -> {
            var user = org.newUser("lost-%s@acme.test".formatted(UUID.randomUUID()));
            App.of(user);
            return new Call(path(user));
        }));

    private static String path(TestUser user) {
        return "/api/v2/roster/users/%s/second_factors".formatted(user.id());
    }

    @Test
    void all_of_a_users_factors_go() {
        var org = roster.newOrg("acme");
        var ada = org.founder();
        var bob = org.newUser("bob@acme.test");
        App.of(bob);
        org.write(tx -> roster.program().factor.codes.make(tx, bob.user()));
        assertThat(ada.get("/api/v2/users/" + bob.id()).json().at("/data/attributes/mfa_enabled").asBoolean()).isTrue();

        assertThat(ada.delete(path(bob)).status()).isEqualTo(204);

        assertThat(ada.get("/api/v2/users/" + bob.id()).json().at("/data/attributes/mfa_enabled").asBoolean())
            .isFalse();
        for (var table : List.of("totp_secrets", "recovery_codes")) {
            assertThat(roster.sql("SELECT 1 FROM %s WHERE org_id = ?".formatted(table), org.id().value())).isEmpty();
        }
        assertThat(roster.sql("SELECT before::text FROM audit_entries WHERE org_id = ? "
            + "AND action = 'second_factor.reset'", org.id().value()))
            .containsExactly(List.of("{\"factors\": [\"totp\"], \"mfa_enabled\": true, \"recovery_codes\": 10}"));
        var version = org.version();
        assertThat(ada.delete(path(bob)).status()).as("there are none").isEqualTo(204);
        assertThat(org.version()).isEqualTo(version);
    }

    @Test
    void ones_own_are_refused_also_by_key_and_those_of_other_organisations_are_not_found() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        App.of(ada);
        var refused = ada.delete(path(ada));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().at("/errors").toString())
            .isEqualTo("[\"Forbidden\",\"Ask another administrator to reset yours\"]");
        assertThat(roster.sql("SELECT 1 FROM totp_secrets WHERE org_id = ?", org.id().value())).hasSize(1);
        assertThat(roster.newOrg("other").founder().delete(path(ada)).status()).isEqualTo(404);
    }

    @Test
    void anonymising_erases_them() {
        var org = roster.newOrg("acme");
        var bob = org.newUser("bob@acme.test");
        App.of(bob);
        org.founder().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}""".formatted(bob.id()));
        assertThat(roster.sql("SELECT 1 FROM totp_secrets WHERE org_id = ?", org.id().value())).isEmpty();
        assertThat(roster.sqlValue("SELECT second_factor FROM users WHERE org_id = ? AND id = ?", org.id().value(),
            bob.user().id().value())).isEqualTo(false);
    }
}
