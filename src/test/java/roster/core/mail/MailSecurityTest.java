package roster.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.MailServer.eventually;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.source.Ids;
import roster.model.Org;
import roster.support.Inviting;
import roster.support.MailServer;
import roster.support.Relay;
import roster.support.TestRoster;

/// Neither an e-mail nor a password goes to a server that cannot show that it is the mail server.
class MailSecurityTest {
    private static final MailServer mail = new MailServer();

    // Its certificate is not trusted.
    private static final GreenMail tls =
        new GreenMail(new ServerSetup(0, ServerSetup.getLocalHostAddress(), ServerSetup.PROTOCOL_SMTPS));

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_SMTP_URL", startedTls(), "ROSTER_PUBLIC_URL",
        "https://people.example.test"));

    /// An operator who names a certificate authority wants certificates to be checked.
    @Test
    void where_an_authority_is_named_nothing_goes_out_in_clear() throws Exception {
        var url = mail.url().replaceFirst("//.*@", "//");
        var smtp = new Smtp(URI.create(url), "people@example.test", "people.example.test",
            Optional.of(SSLContext.getDefault()));
        try (var line = smtp.line()) {
            assertThat(
                line.send(new Outbox.Queued(new Org.Id(new Ids().next()), UUID.randomUUID(), "test", UUID.randomUUID(),
                    "clear@acme.test", Instant.now(), 1, Optional.empty()), new Letter("a", "b", "c")))
                .isInstanceOf(Smtp.Outcome.NotNow.class);
        }
        assertThat(mail.relay().heard()).noneMatch(line -> line.contains("clear@acme.test"));
    }

    private static String startedTls() {
        tls.start();
        return "smtps://roster:s3cret@127.0.0.1:" + tls.getSmtps().getPort();
    }

    @AfterAll
    static void stop() {
        mail.close();
        tls.stop();
    }

    @Test
    void a_server_with_an_untrusted_certificate_gets_no_email() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = Inviting.invited(ada, ada.org().newPending("bob@acme.test").id());
        eventually(() -> Inviting.letterState(ada.org(), id).equals("deferred"));

        assertThat(tls.getReceivedMessages()).isEmpty();
        assertThat((String) roster.sqlValue("SELECT last_error FROM letters WHERE subject_id = ?",
            UUID.fromString(id))).doesNotContain("s3cret").isNotBlank();
    }

    @Test
    @EnabledOnOs(OS.LINUX) // other systems have but one loopback address
    void a_password_leaves_this_machine_under_tls_only() {
        var url = mail.url().replace("127.0.0.1", "127.0.0.2");
        var smtp = new Smtp(URI.create(url), "people@example.test", "people.example.test", Optional.empty());
        try (var line = smtp.line()) {
            var outcome = line.send(new Outbox.Queued(new Org.Id(new Ids().next()), UUID.randomUUID(), "test",
                UUID.randomUUID(), "bob@acme.test", Instant.now(), 1, Optional.empty()),
                new Letter("a", "b", "c"));
            assertThat(outcome).isInstanceOf(Smtp.Outcome.NotNow.class);
        }
        assertThat(mail.relay().heard()).contains(Relay.CONNECT).noneMatch(line -> line.startsWith("AUTH"));
        assertThat(mail.letters("bob@acme.test")).isEmpty();
    }
}
