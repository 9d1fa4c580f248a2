package roster.core.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invite;
import static roster.support.Inviting.invited;
import static roster.support.Inviting.letterState;
import static roster.support.MailServer.eventually;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.Inviting;
import roster.support.MailServer;
import roster.support.Relay;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Promise P3, against mail servers that refuse, hang and die.
class MailerTest {
    private static final MailServer mail = new MailServer();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_SMTP_URL", mail.url(), "ROSTER_PUBLIC_URL",
        "https://people.example.test", "ROSTER_MAIL_FROM", "people@example.test"));

    @AfterAll
    static void stop() {
        mail.close();
    }

    @Test
    void it_signs_in_with_the_name_and_password_of_the_setting() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        invite(ada, ada.org().newPending("in@acme.test").id());
        mail.letter("in@acme.test");
        var secret = Base64.getEncoder().encodeToString("s3cret:p@ss".getBytes(StandardCharsets.UTF_8));
        var plain = Base64.getEncoder().encodeToString("\0roster\0s3cret:p@ss".getBytes(StandardCharsets.UTF_8));

        assertThat(mail.relay().heard()).anyMatch(line -> line.contains(plain) || line.equals(secret));
        assertThat(mail.relay().heard()).anyMatch(line -> line.startsWith("MAIL FROM:<people@example.test>"));
    }

    @Test
    void what_the_server_will_never_take_fails_at_once() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        mail.relay().refuse("RCPT", "550 5.1.1 no such user", 1);
        var id = invited(ada, ada.org().newPending("plain@acme.test").id());
        eventually(() -> letterState(ada.org(), id).equals("failed"));

        assertThat(attempts(ada.org(), id)).isEqualTo(1);
        assertThat(lastError(ada.org(), id)).contains("550 5.1.1 no such user");
        assertThat(mail.letters("plain@acme.test")).isEmpty();
    }

    @Test
    void a_refused_password_is_our_fault_and_tried_again() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        mail.relay().refuse("AUTH", "535 5.7.8 not with this password: s3cret:p@ss", 3);
        invite(ada, ada.org().newPending("auth@acme.test").id());
        mail.letter("auth@acme.test");

        assertThat(roster.sql("SELECT l::text FROM letters l").toString()).doesNotContain("s3cret");
    }

    @Test
    void a_lost_answer_may_make_a_second_copy_with_the_same_message_id() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        mail.relay().refuse(Relay.END, Relay.DROP, 1);
        var id = invited(ada, ada.org().newPending("twice@acme.test").id());
        eventually(() -> letterState(ada.org(), id).equals("sent"));
        var copies = mail.letters("twice@acme.test");

        assertThat(copies).hasSize(2);
        assertThat(copies.get(0).getMessageID()).isEqualTo(copies.get(1).getMessageID());
        assertThat(MailServer.link(copies.get(0))).isEqualTo(MailServer.link(copies.get(1)));
    }

    @Test
    void a_server_whose_greeting_never_ends_costs_an_attempt_and_no_memory() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        mail.relay().refuse(Relay.CONNECT, ("220-" + "x".repeat(1000) + "\r\n").repeat(3000), 1);
        var id = invited(ada, ada.org().newPending("endless@acme.test").id());
        eventually(() -> letterState(ada.org(), id).equals("sent"));

        assertThat(attempts(ada.org(), id)).isEqualTo(2);
    }

    @Test
    void a_server_that_hangs_slows_no_request() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var first = mail.relay().hold(Relay.CONNECT);
        var second = mail.relay().hold(Relay.CONNECT);
        var id = invited(ada, ada.org().newPending("patient@acme.test").id());
        invited(ada, ada.org().newPending("patient2@acme.test").id());

        // Both were answered while the mail server hung: it had neither taken nor refused anything yet.
        assertThat(letterState(ada.org(), id)).isEqualTo("queued");
        first.countDown();
        second.countDown();
        mail.letter("patient@acme.test");
        mail.letter("patient2@acme.test");
    }

    @Test
    void what_became_pointless_while_it_was_being_sent_is_not_tried_again() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = attempted("late@acme.test", invitation -> {
            assertThat(ada.delete(Inviting.OWN_PATH + "/" + invitation).status()).isEqualTo(204);
            assertThat(letterState(ada.org(), invitation)).isEqualTo("dropped");
        }, ada);

        assertThat(letterState(ada.org(), id)).isEqualTo("dropped");
        assertThat(lastError(ada.org(), id)).isEqualTo("cancelled");
        assertThat(mail.letters("late@acme.test")).isEmpty();
    }

    @Test
    void what_is_sent_again_while_it_is_being_sent_brings_the_new_link_once() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = attempted("again@acme.test", invitation -> {
            ada.post(Inviting.OWN_PATH + "/" + invitation + "/resend", "");
            mail.letter("again@acme.test");
        }, ada);

        assertThat(roster.sql("SELECT state FROM letters WHERE org_id = ? ORDER BY created_at, id",
            ada.org().id().value())).containsExactly(List.of("dropped"), List.of("sent"));
        assertThat(mail.letters("again@acme.test")).hasSize(1);
        assertThat(MailServer.link(mail.letter("again@acme.test"))).isEqualTo(Inviting.link(ada.org(), id));
    }

    /// Its state alone would let it go: as after a node of an earlier version, which left letters that were being sent.
    @Test
    void a_letter_that_is_not_the_newest_about_its_invitation_is_not_sent() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        attempted("older@acme.test", invitation -> {
            ada.post(Inviting.OWN_PATH + "/" + invitation + "/resend", "");
            mail.letter("older@acme.test");
        }, ada);
        roster.sql("UPDATE letters SET state = 'queued' WHERE org_id = ? AND state = 'dropped'",
            ada.org().id().value());
        eventually(() -> roster.sql("SELECT 1 FROM letters WHERE org_id = ? AND last_error = 'no longer wanted'",
            ada.org().id().value()).size() == 1);

        assertThat(mail.letters("older@acme.test")).hasSize(1);
    }

    @Test
    void an_email_to_a_disabled_user_waits_until_they_are_enabled() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("waits@acme.test");
        var held = mail.relay().hold("RCPT");
        var id = invited(ada, bob.id());
        eventually(() -> mail.relay().heard().contains("RCPT TO:<waits@acme.test>"));
        ada.delete("/api/v2/users/" + bob.id());
        held.countDown();
        eventually(() -> "the user is disabled".equals(lastError(ada.org(), id)));
        assertThat(letterState(ada.org(), id)).isEqualTo("deferred");
        assertThat(mail.letters("waits@acme.test")).isEmpty();
        // As after some attempts: without being enabled its turn would not come.
        roster.sql("UPDATE letters SET next_attempt_at = next_attempt_at + interval '4 hours' WHERE org_id = ?",
            ada.org().id().value());

        ada.patch("/api/v2/users/" + bob.id(), """
            {"data": {"type": "users", "id": "%s", "attributes": {"disabled": false}}}""".formatted(bob.id()));
        mail.letter("waits@acme.test");
        eventually(() -> letterState(ada.org(), id).equals("sent"));
    }

    @Test
    void a_letter_of_an_organisation_that_is_disabled_waits_until_it_is_enabled() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = attempted("closed@acme.test", _ -> disabled(ada.org(), true), ada);
        eventually(() -> "the organization is disabled".equals(lastError(ada.org(), id)));
        assertThat(mail.letters("closed@acme.test")).isEmpty();

        disabled(ada.org(), false);
        mail.letter("closed@acme.test");
    }

    private static void disabled(TestOrg org, boolean so) {
        roster.sql("UPDATE orgs SET disabled = ? WHERE id = ?", so, org.id().value());
    }

    /// Invites a user, does something while the first attempt to send their e-mail is under way, and lets that fail.
    ///
    /// @return the invitation's id
    private static String attempted(String address, Consumer<String> meanwhile, TestUser inviter) {
        var put = roster.program().kernel().meters().counter("roster.mail.letters", "outcome", "deferred");
        var held = mail.relay().hold("RCPT");
        var id = invited(inviter, inviter.org().newPending(address).id());
        eventually(() -> mail.relay().heard().contains("RCPT TO:<%s>".formatted(address)));
        var before = put.count();
        meanwhile.accept(id);
        held.countDown();
        eventually(() -> put.count() > before);
        eventually(() -> roster.sql("SELECT 1 FROM letters WHERE org_id = ? AND claimed_until IS NOT NULL",
            inviter.org().id().value()).isEmpty()); // the counter is raised before the note is made
        return id;
    }

    @Test
    void trying_ends_with_the_invitations_life() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var held = mail.relay().hold("RCPT");
        var id = invited(ada, ada.org().newPending("over@acme.test").id());
        eventually(() -> mail.relay().heard().contains("RCPT TO:<over@acme.test>"));
        roster.sql("UPDATE letters SET good_until = clock_timestamp() WHERE org_id = ?", ada.org().id().value());
        held.countDown();
        eventually(() -> letterState(ada.org(), id).equals("failed"));

        assertThat(lastError(ada.org(), id)).startsWith("gave up: ");
    }

    @Test
    void a_link_that_a_server_quotes_is_not_kept() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var token = "A".repeat(43);
        mail.relay().refuse("RCPT", "554 5.7.1 spam: https://people.example.test/invitations/" + token, 1);
        var id = invited(ada, ada.org().newPending("spam@acme.test").id());
        eventually(() -> letterState(ada.org(), id).equals("failed"));

        assertThat(lastError(ada.org(), id)).contains("spam").doesNotContain(token);
    }

    @Test
    void a_letter_claimed_by_a_node_that_died_is_sent_by_another_once_the_claim_is_over() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var held = mail.relay().hold("RCPT");
        var id = invited(ada, ada.org().newPending("claimed@acme.test").id());
        eventually(() -> mail.relay().heard().contains("RCPT TO:<claimed@acme.test>"));
        // As if the node had died here: its claim is over, and nothing is noted.
        roster.sql("UPDATE letters SET claimed_until = clock_timestamp() WHERE org_id = ?", ada.org().id().value());
        try (var second = roster.anotherNode(Map.of())) {
            assertThat(second.address()).isNotEqualTo(roster.address());
            mail.letter("claimed@acme.test");
            held.countDown();
        }
        eventually(() -> letterState(ada.org(), id).equals("sent"));

        assertThat(mail.letters("claimed@acme.test")).hasSize(1);
        assertThat(attempts(ada.org(), id)).isEqualTo(2);
    }

    @Test
    void stopping_does_not_wait_for_a_server_that_hangs_and_the_letter_goes_out_later() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var held = mail.relay().hold("RCPT");
        var second = roster.anotherNode(Map.of());
        var bob = ada.org().newPending("stopped@acme.test").id();
        ada.sendTo(second.address(), "POST", Inviting.PATH, Inviting.body(bob), Map.of());
        eventually(() -> mail.relay().heard().contains("RCPT TO:<stopped@acme.test>"));
        var began = System.nanoTime();
        second.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
        held.countDown(); // in case the first node has it
        mail.letter("stopped@acme.test");
    }

    @Test
    void an_address_of_another_script_is_reached_by_its_domains_ascii_form() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("uwe@bücher.test").id());
        eventually(() -> letterState(ada.org(), id).equals("sent"));

        assertThat(mail.letters("uwe@xn--bcher-kva.test")).hasSize(1);
    }

    /// The owner of `fussball.test` must not get what is for `fußball.test`.
    @ParameterizedTest
    @CsvSource({"sharp@fußball.test, sharp@xn--fuball-cta.test", "ann@xn--mnchen-3ya.test, ann@xn--mnchen-3ya.test",
        "wide@ＭÜNCHEN.test, wide@xn--mnchen-3ya.test", "new@ꞻcme.test, new@xn--cme-y13l.test"})
    void mail_goes_to_the_domain_as_the_newer_rules_have_it(String typed, String mailed) {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending(typed).id());
        eventually(() -> letterState(ada.org(), id).equals("sent"));

        assertThat(mail.relay().heard()).contains("RCPT TO:<%s>".formatted(mailed));
        assertThat(MailServer.raw(mail.letter(mailed))).contains("\r\nTo: " + mailed + "\r\n");
    }

    /// The server offers no SMTPUTF8 (RFC 6531, 3.2).
    @Test
    void letters_beyond_ascii_before_the_at_sign_are_not_sent_to_a_server_that_lacks_the_extension_for_them() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("jürgen@acme.test").id());
        eventually(() -> letterState(ada.org(), id).equals("failed"));

        assertThat(lastError(ada.org(), id)).contains("SMTPUTF8");
        assertThat(mail.relay().heard()).noneMatch(line -> line.contains("rgen"));
        var next = invited(ada, ada.org().newPending("after@acme.test").id());
        eventually(() -> letterState(ada.org(), next).equals("sent"));
    }

    @Test
    void letters_of_many_organisations_go_out_though_one_has_hundreds() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var many = ada.org().newPending("many@acme.test").id();
        invite(ada, Collections.nCopies(100, many).toArray());
        var eve = roster.newOrg("other").newAdmin("eve@other.test");
        invite(eve, eve.org().newPending("one@other.test").id());
        mail.letter("one@other.test");
        eventually(() -> mail.letters("many@acme.test").size() == 100);

        // Counted after the mail server has taken it.
        eventually(
            () -> roster.program().kernel().meters().counter("roster.mail.letters", "outcome", "sent").count() >= 101);
    }

    private static int attempts(TestOrg org, String invitationId) {
        return (Integer) roster.sqlValue("SELECT attempts FROM letters WHERE org_id = ? AND subject_id = ?",
            org.id().value(), UUID.fromString(invitationId));
    }

    private static String lastError(TestOrg org, String invitationId) {
        return (String) roster.sqlValue("SELECT last_error FROM letters WHERE org_id = ? AND subject_id = ?",
            org.id().value(), UUID.fromString(invitationId));
    }
}
