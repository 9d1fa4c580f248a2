package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.org.IpAllowlists;
import roster.model.LoginMethod;
import roster.support.Operator;
import roster.support.TestRoster;

/// `roster org set`, the operator's way back in for those who are shut out.
class OrgSetCommandTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    /// An organisation, and the headers of its administrator.
    private record Keys(String org, Map<String, String> headers) {
        static Keys made() {
            var made = operator.json("org", "create", "Acme", "--admin-email", "ada@acme.test", "--again");
            return new Keys(made.path("id").asString(), Map.of("DD-API-KEY", made.path("api_key").asString(),
                "DD-APPLICATION-KEY", made.path("application_key").asString()));
        }

        int status() {
            return TestRoster.send(operator.server().address(), "GET", "/api/v2/users", null, headers).status();
        }
    }

    @Test
    void the_ip_allowlist_is_switched_off_for_who_is_shut_out() {
        var keys = Keys.made();
        operator.write(keys.org(), tx -> operator.server().roster.org.ipAllowlists.update(tx, Optional.of(true),
            Optional.of(List.of(new IpAllowlists.Wish("192.0.2.0/24", Optional.empty())))));
        assertThat(keys.status()).isEqualTo(403);

        var ran = operator.run("org", "set", "--ip-allowlist", "off", "--org", keys.org());

        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).isEqualTo("Acme can be called from all addresses.\n");
        assertThat(keys.status()).isEqualTo(200);
        assertThat(operator.column("SELECT cidr_block AS it FROM ip_allowlist_entries WHERE org_id = ?", keys.org()))
            .containsExactly("192.0.2.0/24");
    }

    @Test
    void a_new_organization_says_how_its_administrator_signs_in() {
        var made = operator.run("org", "create", "Hint", "--admin-email", "ada@hint.test").out().lines().toList();
        var command = made.getLast().replaceFirst(".*: roster ", "").split(" ");
        assertThat(operator.run((Object[]) command).out()).startsWith("/sign-in/once/");
    }

    @Test
    void an_organization_is_disabled_and_enabled() {
        var keys = Keys.made();

        assertThat(operator.json("org", "set", "--disabled", "yes", "--org", keys.org()).path("disabled").asBoolean())
            .isTrue();
        assertThat(operator.run("org", "set", "--disabled", "yes", "--org", keys.org()).out())
            .isEqualTo("Acme is disabled: its keys and sessions are refused, and no user can sign in.\n");
        assertThat(keys.status()).isEqualTo(403);
        assertThat(operator.run("org", "set", "--disabled", "no", "--org", keys.org()).out())
            .isEqualTo("Acme is enabled.\n");
        assertThat(keys.status()).isEqualTo(200);
    }

    @Test
    void what_the_contract_lets_an_organization_set_of_signing_in() {
        var keys = Keys.made();
        var ran = operator.run("org", "set", "--session-idle", "900", "--max-session-duration", "28800",
            "--authn-mappings", "replace", "--second-factor", "everyone", "--org", keys.org());
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("Sessions at Acme end without use: after 900 s.", "after 28800 s",
            "AuthN mappings of Acme: replace.");
        assertThat(configs(keys)).containsExactly("max_session_duration 28800", "roster_authn_mappings \"replace\"",
            "roster_second_factor \"everyone\"", "roster_session_idle 900");
        assertThat(operator.run("org", "set", "--max-session-duration", "9999999999", "--org", keys.org()).out())
            .isEqualTo("Sessions at Acme end: after 2592000 s.\n");
        assertThat(
            operator.json("org", "set", "--session-idle", "0", "--org", keys.org()).path("session_idle").asLong())
            .isZero();
        for (var wrong : List.of(List.of("--session-idle", "299"), List.of("--session-idle", "86401"),
            List.of("--session-idle", "-1"), List.of("--session-idle", "15m"), List.of("--max-session-duration", "-1"),
            List.of("--authn-mappings", "on"))) {
            var before = operator.version(keys.org());
            assertThat(operator.run("org", "set", wrong.getFirst(), wrong.getLast(), "--org", keys.org()).exit())
                .as(wrong.toString()).isEqualTo(2);
            assertThat(operator.version(keys.org())).isEqualTo(before);
        }
    }

    private static List<String> configs(Keys keys) {
        return operator.column("SELECT name || ' ' || value AS it FROM org_configs WHERE org_id = ? ORDER BY name",
            keys.org());
    }

    @Test
    void the_operator_is_told_that_no_way_to_sign_in_works() {
        var org = operator.newOrg("Shut");
        assertThat(operator.run("idp", "list", "--org", org).out()).isEqualTo("No providers.\n");
        operator.write(org, tx -> operator.server().roster.saml.identityProviders.setEnabled(tx, LoginMethod.STANDARD,
            false));
        // Google is enabled, and has no client.
        assertThat(operator.run("idp", "list", "--org", org).out())
            .isEqualTo("No providers.\nNo way to sign in to Shut "
                + "works now. Keys go on working, and so does `roster user sign-in-link`.\n");
    }

    @Test
    void what_is_none_of_the_choices_is_a_wrong_use() {
        for (var wrong : List.of(List.of("--ip-allowlist", "on"), List.of("--disabled", "maybe"),
            List.<String>of())) {
            var args = new ArrayList<Object>(List.of("org", "set"));
            args.addAll(wrong);
            assertThat(operator.run(args.toArray()).exit()).as(args.toString()).isEqualTo(2);
        }
    }
}
