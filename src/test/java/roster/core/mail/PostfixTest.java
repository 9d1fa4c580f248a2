package roster.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invited;
import static roster.support.Inviting.letterState;
import static roster.support.MailServer.eventually;

import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.source.Ids;
import roster.model.Org;
import roster.support.MailServer;
import roster.support.Postfix;
import roster.support.TestRoster;

/// A mail server as people run it: Postfix, with STARTTLS, a password, and an authority that Java does not know.
class PostfixTest {
    private static Postfix postfix;

    // The outbox of a server without a mail server: each test starts the node that sends.
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_PUBLIC_URL", "https://people.example.test"));

    @BeforeAll
    static void start() throws Exception {
        var missing = Postfix.missing();
        Assumptions.assumeTrue(missing.isEmpty(), () -> "skipped: " + missing.orElseThrow());
        postfix = new Postfix();
        postfix.start();
    }

    @AfterAll
    static void stop() {
        if (postfix != null) {
            postfix.close();
        }
    }

    @Test
    void a_letter_goes_through_starttls_and_sign_in_and_its_link_accepts() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var id = invited(ada, bob.id());
        var settings = new HashMap<String, String>();
        settings.put("ROSTER_SMTP_URL", postfix.url("localhost"));
        settings.put("ROSTER_SMTP_CA_FILE", postfix.authority().toString());
        try (var node = roster.anotherNode(settings)) {
            assertThat(node.mailboxAddress()).isEmpty();
            eventually(() -> letterState(ada.org(), id).equals("sent"));
        }
        eventually(() -> postfix.letters().stream().anyMatch(mail -> mail.contains("bob@acme.test")));
        var raw = postfix.letters().stream().filter(mail -> mail.contains("bob@acme.test")).toList();
        var mail =
            new MimeMessage(null, new ByteArrayInputStream(raw.getFirst().getBytes(StandardCharsets.ISO_8859_1)));

        assertThat(raw).hasSize(1);
        assertThat(raw.getFirst()).contains("with ESMTPSA id", "using TLSv1.3")
            .contains("Delivered-To: bob@acme.test", "Return-Path: <roster@people.example.test>");
        assertThat(postfix.log()).contains("sasl_method=", "sasl_username=roster@localhost");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getMessageID()).isEqualTo("<%s@people.example.test>".formatted(
            ada.get("/api/v2/roster/invitations/" + id + "/delivery").text("/data/attributes/letter_id")));
        assertThat(roster.send("GET", MailServer.link(mail), null).status()).isEqualTo(200);
    }

    @Test
    void an_authority_that_is_not_named_is_not_believed() throws IOException {
        var before = postfix.letters().size();

        assertThat(sent(postfix.url("localhost"), false)).isInstanceOfSatisfying(Smtp.Outcome.NotNow.class,
            refused -> assertThat(refused.forAll()).isTrue());
        assertThat(postfix.letters()).hasSize(before);
        assertThat(postfix.log()).doesNotContain("carl@acme.test");
    }

    @Test
    void what_java_trusts_does_not_count_beside_a_named_authority() throws Exception {
        var url = postfix.tlsUrl();
        var named = SSLContext.getDefault(); // it does not know the authority of this server
        SSLContext.setDefault(MailCertificates.inFile(postfix.authority()));
        try {
            assertThat(sent(url, Optional.empty(), "dora@acme.test")).isInstanceOf(Smtp.Outcome.Sent.class);
            eventually(() -> signIns("dora@acme.test") > 0);
            var before = signIns("dora@acme.test");
            assertThat(sent(url, Optional.of(named), "eve@acme.test")).isInstanceOf(Smtp.Outcome.NotNow.class);
            // Whatever the log has to say of that is there before this one arrives.
            assertThat(sent(url, Optional.empty(), "frida@acme.test")).isInstanceOf(Smtp.Outcome.Sent.class);
            eventually(() -> signIns("frida@acme.test") > 0);
            assertThat(signIns("frida@acme.test")).isEqualTo(before + 1);
        } finally {
            SSLContext.setDefault(named);
        }
    }

    /// How often a client has signed in, once the log knows of an e-mail to this address; else 0.
    private static long signIns(String arrived) {
        try {
            var log = postfix.log();
            return log.contains(arrived) ? log.lines().filter(line -> line.contains("sasl_username=")).count() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_certificate_for_another_name_is_not_believed() throws IOException {
        assertThat(sent(postfix.url("127.0.0.1"), true)).isInstanceOf(Smtp.Outcome.NotNow.class);
        assertThat(postfix.log()).doesNotContain("carl@acme.test");
    }

    @Test
    void a_wrong_password_is_tried_again_some_day_and_told_without_it() {
        var outcome = sent(postfix.url("localhost").replace("s3cret", "other-s3cret"), true);

        assertThat(outcome).isInstanceOfSatisfying(Smtp.Outcome.NotNow.class, refused -> {
            assertThat(refused.why()).contains("535").doesNotContain("s3cret");
            assertThat(refused.forAll()).isTrue();
        });
    }

    /// The extension for such addresses is one that many servers lack: no other letter may ask for it.
    @Test
    void an_address_of_another_script_is_reached_by_the_extension_for_it() {
        assertThat(sent(postfix.url("localhost"), true, "jürgen@acme.test")).isInstanceOf(Smtp.Outcome.Sent.class);
        eventually(() -> postfix.letters().stream().anyMatch(mail -> mail.contains("with UTF8SMTPSA id")));
    }

    private static Smtp.Outcome sent(String url, boolean trusting) {
        return sent(url, trusting, "carl@acme.test");
    }

    private static Smtp.Outcome sent(String url, boolean trusting, String recipient) {
        return sent(url, trusting ? Optional.of(MailCertificates.inFile(postfix.authority())) : Optional.empty(),
            recipient);
    }

    private static Smtp.Outcome sent(String url, Optional<SSLContext> trust, String recipient) {
        try (var line = new Smtp(URI.create(url), "people@example.test", "people.example.test", trust).line()) {
            return line
                .send(new Outbox.Queued(new Org.Id(new Ids().next()), UUID.randomUUID(), "test", UUID.randomUUID(),
                    recipient, Instant.now(), 1, Optional.empty()), new Letter("a", "b", "c"));
        }
    }
}
