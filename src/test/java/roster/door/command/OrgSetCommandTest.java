package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.org.IpAllowlists;
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
    void an_organization_is_disabled_and_enabled() {
        var keys = Keys.made();

        assertThat(operator.json("org", "set", "--disabled", "yes", "--org", keys.org()).path("disabled").asBoolean())
            .isTrue();
        assertThat(keys.status()).isEqualTo(403);
        assertThat(operator.run("org", "set", "--disabled", "no", "--org", keys.org()).out())
            .isEqualTo("Acme is enabled.\n");
        assertThat(keys.status()).isEqualTo(200);
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
