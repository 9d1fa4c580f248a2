package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Await;
import roster.support.FakeProvider;
import roster.support.OpenId;
import roster.support.Operator;

/// `roster idp`.
@Timeout(180)
class ProviderCommandsTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    @RegisterExtension
    static final FakeProvider provider = new FakeProvider();

    private static String secret() {
        var kernel = operator.server().roster.kernel();
        var sealed =
            Await.read(kernel.db(), tx -> tx.query("SELECT secret_sealed FROM oidc_providers WHERE removed_at IS NULL")
                .one(row -> row.text("secret_sealed")));
        var opened = new String(kernel.secrets().purpose("provider secrets").open(sealed).orElseThrow(),
            StandardCharsets.UTF_8);
        return opened.substring(opened.lastIndexOf(' ') + 1);
    }

    private static String configured() {
        return Await.read(operator.server().roster.kernel().db(), tx -> tx.query("""
            SELECT concat_ws(' ', client_auth, scopes::text, second_factor, second_factor_values::text) AS shown
              FROM oidc_providers WHERE removed_at IS NULL
            """).one(row -> row.text("shown")));
    }

    @Test
    void an_operator_configures_checks_and_removes_a_provider() throws IOException {
        var secret = Files.writeString(operator.folder().resolve("secret").toAbsolutePath(), OpenId.SECRET + "\n");
        var wrong = operator.run("idp", "set", "Example", "--profile", "generic", "--issuer", "http://idp.example",
            "--client-id", "roster", "--secret-file", secret);
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err()).contains("issuer").doesNotContain(OpenId.SECRET);
        var made = operator.run("idp", "set", "Example", "--profile", "generic", "--issuer", provider.issuer(),
            "--client-id", "roster", "--secret-file", secret, "--domain", "acme.test", "--domain", "acme.example");
        assertThat(made.exit()).as(made.toString()).isZero();
        assertThat(made.out()).contains("Example", "/sign-in/callback/").doesNotContain(OpenId.SECRET);

        assertThat(operator.run("idp", "list").out()).contains("Example", provider.issuer());
        var typed = operator.runReading("another-secret\n", "idp", "set", "Example", "--secret-file", "-");
        assertThat(typed.exit()).as(typed.toString()).isZero();
        assertThat(secret()).isEqualTo("another-secret");
        for (var input : List.of("", " \n", "x".repeat(9000), "two\nlines")) {
            assertThat(operator.runReading(input, "idp", "set", "Example", "--secret-file", "-").exit()).isEqualTo(1);
        }
        var missing = operator.run("idp", "set", "Example", "--secret-file", operator.folder().resolve("none"));
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains("there is no file");
        assertThat(operator.run("idp", "set", "Example", "--client-secret", "shown").exit()).isEqualTo(2);
        assertThat(secret()).isEqualTo("another-secret");
        assertThat(operator.run("idp", "check", "Example").out()).contains("ok", "metadata", "keys");
        assertThat(operator.run("idp", "set", "Example", "--link", "automatic").exit()).isZero();
        var role = operator.run("idp", "set", "Example", "--default-role", "datadog standard role");
        assertThat(role.exit()).as("%s", role).isZero();
        var factor =
            operator.run("idp", "set", "Example", "--second-factor", "provider", "--second-factor-value", "mfa",
                "--second-factor-value", "otp", "--client-auth", "post", "--scope", "openid", "--scope", "email");
        assertThat(factor.exit()).as("%s", factor).isZero();
        assertThat(configured()).isEqualTo("post {openid,email} provider {mfa,otp}");
        for (var wrongly : List.of("--second-factor", "--client-auth", "--scope")) {
            var refused = operator.run("idp", "set", "Example", wrongly, "any thing");
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains(wrongly.substring(2).replace('-', '_'));
        }
        assertThat(configured()).isEqualTo("post {openid,email} provider {mfa,otp}");
        provider.metadata = all -> {
            all.put("issuer", "https://evil.example");
            return all;
        };
        var checked = operator.run("idp", "check", "Example");
        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.err()).contains("by it: metadata: of another issuer");
        assertThat(checked.out()).contains("FAIL  metadata: of another issuer");
        assertThat(operator.run("idp", "remove", "Example").exit()).isZero();
        assertThat(operator.run("idp", "list").out()).isEqualTo("No providers.\n");
        assertThat(operator.run("idp", "remove", "Example").exit()).isEqualTo(1);
    }
}
