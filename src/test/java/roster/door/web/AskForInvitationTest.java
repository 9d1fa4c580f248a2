package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invited;
import static roster.support.Inviting.link;
import static roster.support.MailServer.eventually;
import static roster.support.MailServer.part;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.invitation.ReinviteRequests;
import roster.support.Answer;
import roster.support.Inviting;
import roster.support.MailServer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;
import roster.support.Threads;

/// The button on the page of an invitation that can no longer be accepted: its sender is told, and not too often.
class AskForInvitationTest {
    private static final MailServer mail = new MailServer();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_SMTP_URL", mail.url(), "ROSTER_PUBLIC_URL",
        "https://people.example.test/roster"));

    @AfterAll
    static void stop() {
        mail.close();
    }

    @Test
    void the_inviter_gets_one_email_per_link_and_it_is_audited() {
        var ada = roster.newOrg("acme").newAdmin("ada.once@acme.test");
        var link = lapsed(ada, "bob@acme.test");
        assertThat(roster.send("GET", link, null).text()).contains("Ask for a new invitation");

        var asked = ask(link);
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.text()).contains("You asked for a new invitation", "ada.once@acme.test gets an e-mail");
        var version = ada.org().version();
        assertThat(ask(link).status()).isEqualTo(410);
        assertThat(ask(link).text()).contains("has been asked for a new one").doesNotContain("<form");
        assertThat(ada.org().version()).isEqualTo(version);
        assertThat(letters(ada.org())).isEqualTo(1);
        assertThat(roster.sql("""
            SELECT actor_kind, after->>'asked' FROM audit_entries WHERE org_id = ? AND action = 'invitation.requested'
            """, ada.org().id().value())).containsExactly(List.of("INVITEE", ada.id().toString()));
        var letter = mail.letter("ada.once@acme.test");
        assertThat(part(letter, "text/plain")).contains("bob@acme.test asks for a new invitation", "acme");
        assertThat(MailServer.raw(letter)).doesNotContain("/invitations/", link.substring("/invitations/".length()));
    }

    /// A first administrator has neither before they have given a name.
    @Test
    void an_inviter_without_a_name_and_a_proved_address_is_told_of_in_plain_words() {
        var org = roster.newOrg("acme");
        roster.sql("UPDATE users SET name = NULL WHERE org_id = ? AND id = ?", org.id().value(),
            org.founder().user().id().value());
        var link = lapsed(org.founder(), "bob@acme.test");

        assertThat(roster.send("GET", link, null).text())
            .contains("The person who invited you sent it, and can send a new one.");
        assertThat(ask(link).text()).contains("The person who invited you gets an e-mail about it.")
            .doesNotContain("founder@");
        assertThat(roster.send("GET", link, null).text())
            .contains("The person who invited you has been asked for a new one.");
    }

    @Test
    void presses_at_once_on_two_nodes_make_one_letter() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada.many@acme.test");
        var link = lapsed(ada, "bob@acme.test");
        var statuses = new ArrayList<Integer>();
        try (var second = roster.anotherNode(Map.of()); var threads = new Threads()) {
            var presses = new ArrayList<Callable<Integer>>();
            for (var i = 0; i < 20; i++) {
                var node = i % 2 == 0 ? roster.address() : second.address();
                presses.add(() -> TestRoster
                    .send(node, "POST", link + "/ask", "", Map.of("Host", "people.example.test")).status());
            }
            for (var press : threads.invokeAll(presses)) {
                statuses.add(press.get());
            }
        }

        assertThat(statuses).containsOnly(200, 410).containsOnlyOnce(200);
        assertThat(letters(ada.org())).isEqualTo(1);
    }

    @Test
    void one_inviter_gets_twenty_an_hour_and_another_their_own() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada.often@acme.test");
        var eve = org.newAdmin("eve.often@acme.test");
        for (var i = 0; i < ReinviteRequests.AN_HOUR_MAX; i++) {
            assertThat(ask(lapsed(ada, "bob%d@acme.test".formatted(i))).status()).isEqualTo(200);
        }
        var oneMore = lapsed(ada, "more@acme.test");
        var version = org.version();

        var refused = ask(oneMore);
        assertThat(refused.status()).isEqualTo(410);
        assertThat(refused.text()).contains("has been asked by many lately").doesNotContain("<form");
        assertThat(org.version()).isEqualTo(version);
        assertThat(ask(lapsed(eve, "eves@acme.test")).status()).isEqualTo(200);

        org.founder().send("PUT", "/api/v2/anonymize_users", """
            {"data":{"type":"anonymize_users_request","attributes":{"user_ids":["%s"]}}}
            """.formatted(roster.sqlValue("SELECT id FROM users WHERE org_id = ? AND email = 'bob0@acme.test'",
            org.id().value())));
        assertThat(ask(oneMore).status()).as("anonymising who asked does not begin a new count").isEqualTo(410);

        roster.sql("""
            UPDATE invitation_requests SET asked_at = asked_at - interval '1 hour'
             WHERE org_id = ? AND inviter_id = ? AND invitation_id = (
                   SELECT invitation_id FROM invitation_requests WHERE org_id = ? AND inviter_id = ? LIMIT 1)
            """, org.id().value(), ada.user().id().value(), org.id().value(), ada.user().id().value());
        assertThat(ask(oneMore).status()).isEqualTo(200);
    }

    @Test
    void where_the_command_line_invited_or_the_inviter_is_gone_no_one_is_asked() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var gone = org.newAdmin("gone@acme.test");
        var bob = org.newPending("bob@acme.test").id().toString();
        var byOperator =
            org.write(tx -> roster.program().invitation.invitations.send(tx, List.of(bob))).getFirst().id();
        Inviting.expire(org, byOperator.toString());
        var orphaned = lapsed(gone, "eve@acme.test");
        ada.delete("/api/v2/users/" + gone.id());

        for (var link : List.of(link(org, byOperator.toString()), orphaned)) {
            assertThat(roster.send("GET", link, null).text()).doesNotContain("<form");
            var answer = ask(link);
            assertThat(answer.status()).isEqualTo(410);
            assertThat(answer.text()).contains("Ask an administrator of acme for a new one.");
        }
        assertThat(letters(org)).isZero();
    }

    @Test
    void what_is_good_used_or_of_no_use_is_not_asked_for() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada@acme.test");
        var open = link(org, invited(ada, org.newPending("open@acme.test").id()));
        var used = link(org, invited(ada, org.newPending("used@acme.test").id()));
        Inviting.accept(roster, used);
        var disabled = org.newPending("disabled@acme.test").id();
        var toDisabled = link(org, invited(ada, disabled));
        ada.delete("/api/v2/users/" + disabled);
        var again = org.newPending("again@acme.test").id();
        var old = invited(ada, again);
        Inviting.expire(org, old);
        var newer = link(org, invited(ada, again));
        var version = org.version();

        assertThat(ask(open).status()).isEqualTo(409);
        assertThat(ask(used).status()).isEqualTo(410);
        assertThat(ask(toDisabled).status()).isEqualTo(410);
        assertThat(ask(link(org, old)).text()).contains("A newer invitation has been sent");
        assertThat(ask(newer).status()).isEqualTo(409);
        assertThat(ask(open + "A").status()).isEqualTo(404);
        assertThat(org.version()).isEqualTo(version);
        assertThat(letters(org)).isZero();
    }

    @Test
    void the_email_names_the_new_address_of_a_user_who_has_one() {
        var ada = roster.newOrg("acme").newAdmin("ada.moved@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        var link = link(ada.org(), invited(ada, bob.id()));
        ada.patch("/api/v2/users/" + bob.id(), """
            {"data": {"type": "users", "id": "%s", "attributes": {"email": "robert@acme.test"}}}"""
            .formatted(bob.id()));
        assertThat(roster.send("GET", link, null).text()).contains("went to an old address")
            .doesNotContain("robert@acme.test");

        var answer = ask(link);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).doesNotContain("robert@acme.test");
        var letter = mail.letter("ada.moved@acme.test");
        assertThat(part(letter, "text/plain")).contains("bob@acme.test asks",
            "The user's address is now robert@acme.test",
            bob.id().toString());
        assertThat(part(letter, "text/html")).contains("The user's address is now robert@acme.test");
    }

    @Test
    void an_inviter_who_has_another_address_by_now_is_not_written_to_at_the_old_one() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada.left@acme.test");
        var id = invited(ada, org.newPending("bob.left@acme.test").id());
        mail.letter("bob.left@acme.test");
        Inviting.expire(org, id);
        var held = mail.relay().hold("RCPT");
        assertThat(ask(link(org, id)).status()).isEqualTo(200);
        eventually(() -> mail.relay().heard().contains("RCPT TO:<ada.left@acme.test>"));
        var patched = org.newAdmin("eve.left@acme.test").patch("/api/v2/users/" + ada.id(), """
            {"data": {"type": "users", "id": "%s", "attributes": {"email": "ada.new@acme.test"}}}"""
            .formatted(ada.id()));
        assertThat(patched.status()).isEqualTo(200);
        held.countDown();
        eventually(() -> roster.sqlValue("SELECT state FROM letters WHERE org_id = ? AND kind = 'invitation_request'",
            org.id().value()).equals("dropped"));

        eventually(() -> mail.letters("ada.left@acme.test").size() == 1);
        assertThat(MailServer.raw(mail.letter("ada.left@acme.test"))).as("it is told of the change, and nothing else")
            .contains("Subject: The e-mail address of your account was changed");
    }

    @Test
    void stored_markup_is_text_in_the_page_and_in_the_letter() {
        var org = roster.newOrg("acme");
        var ada = org.newAdmin("ada.markup@acme.test");
        roster.sql("UPDATE orgs SET name = ? WHERE id = ?", "<img src=x>\r\nBcc: eve@evil.test", org.id().value());
        roster.sql("UPDATE users SET name = '<i>Ada</i>' WHERE org_id = ? AND id = ?", org.id().value(),
            ada.user().id().value());
        var link = lapsed(ada, "bob@acme.test");
        assertThat(roster.send("GET", link, null).text()).contains("&lt;img src=x&gt;", "&lt;i&gt;Ada&lt;/i&gt;")
            .doesNotContain("<img", "<i>");
        assertThat(ask(link).text()).contains("&lt;i&gt;Ada&lt;/i&gt;").doesNotContain("<i>");

        var letter = mail.letter("ada.markup@acme.test");
        assertThat(part(letter, "text/html")).contains("&lt;img src=x&gt;").doesNotContain("<img");
        assertThat(MailServer.raw(letter).split("\r\n\r\n", 2)[0].lines()).noneMatch(line -> line.startsWith("Bcc"));
        assertThat(mail.letters("eve@evil.test")).isEmpty();
    }

    @Test
    void a_forged_host_reaches_neither_letter_nor_page() throws IOException {
        var ada = roster.newOrg("acme").newAdmin("ada.forged@acme.test");
        var link = lapsed(ada, "bob@acme.test");
        for (var line : List.of("POST " + link + "/ask", "GET " + link + "/ask")) {
            assertThat(forged(line, "evil.test")).startsWith("HTTP/1.1 421 ").doesNotContain("evil.test");
        }
        var own = "people.example.test";
        assertThat(forged("POST " + link + "/ask", own)).startsWith("HTTP/1.1 200 ").doesNotContain("evil.test");
        assertThat(forged("GET " + link + "/ask", own)).startsWith("HTTP/1.1 303 ").doesNotContain("evil.test");

        assertThat(MailServer.raw(mail.letter("ada.forged@acme.test"))).doesNotContain("evil.test", "gopher");
    }

    private static String forged(String line, String host) throws IOException {
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("""
                %s HTTP/1.1\r
                Host: %s\r
                X-Forwarded-Host: %s\r
                X-Forwarded-Proto: gopher\r
                Forwarded: host=%s;proto=gopher\r
                Connection: close\r
                Content-Length: 0\r
                \r
                """.formatted(line, host, "evil.test", "evil.test").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void loading_the_answer_again_leads_to_the_invitation_and_asks_no_one() {
        var ada = roster.newOrg("acme").newAdmin("ada.reload@acme.test");
        var link = lapsed(ada, "bob@acme.test");
        var version = ada.org().version();
        for (var method : List.of("GET", "HEAD")) {
            var answer = roster.send(method, link + "/ask", null);
            assertThat(answer.status()).isEqualTo(303);
            var target = URI.create(link + "/ask").resolve(answer.header("Location").orElseThrow()).toString();
            assertThat(target).isEqualTo(link);
            assertThat(answer.header("Referrer-Policy")).contains("no-referrer");
            assertThat(answer.header("Cache-Control")).contains("no-store");
            var unknown = roster.send(method, "/invitations/x/ask", null);
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.header("Content-Type")).contains("text/html; charset=utf-8");
        }
        assertThat(ada.org().version()).isEqualTo(version);
    }

    /// The link of an invitation that can no longer be accepted.
    private static String lapsed(TestUser inviter, String email) {
        var id = invited(inviter, inviter.org().newPending(email).id());
        Inviting.expire(inviter.org(), id);
        return link(inviter.org(), id);
    }

    private static Answer ask(String link) {
        return roster.send("POST", link + "/ask", "");
    }

    /// Letters to inviters, sent or not.
    private static long letters(TestOrg org) {
        return (Long) roster.sqlValue("SELECT count(*) FROM letters WHERE org_id = ? AND kind = 'invitation_request'",
            org.id().value());
    }
}
