package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
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
        assertThat(operator.run("idp", "check", "Example").out()).contains("ok", "metadata", "keys");
        assertThat(operator.run("idp", "set", "Example", "--link", "automatic").exit()).isZero();
        provider.metadata = all -> {
            all.put("issuer", "https://evil.example");
            return all;
        };
        var checked = operator.run("idp", "check", "Example");
        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.err()).contains("another issuer");
        assertThat(operator.run("idp", "remove", "Example").exit()).isZero();
        assertThat(operator.run("idp", "list").out()).isEqualTo("No providers.\n");
        assertThat(operator.run("idp", "remove", "Example").exit()).isEqualTo(1);
    }
}
