package roster.core.invitation;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.MailServer.eventually;
import static roster.support.MailServer.part;
import static roster.support.MailServer.raw;

import com.datadog.api.client.ApiClient;
import com.datadog.api.client.v2.api.UsersApi;
import com.datadog.api.client.v2.model.RelationshipToUser;
import com.datadog.api.client.v2.model.RelationshipToUserData;
import com.datadog.api.client.v2.model.UserInvitationData;
import com.datadog.api.client.v2.model.UserInvitationRelationships;
import com.datadog.api.client.v2.model.UserInvitationsRequest;
import com.datadog.api.client.v2.model.UserInvitationsType;
import com.datadog.api.client.v2.model.UsersType;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Inviting;
import roster.support.MailServer;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// From SendInvitations of the official client to the mail server to the user who is in.
class InvitationMailTest {
    private static final MailServer mail = new MailServer();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_SMTP_URL", mail.url(), "ROSTER_PUBLIC_URL",
        "https://people.example.test/roster/"));

    @AfterAll
    static void stop() {
        mail.close();
    }

    @Test
    void an_invitation_arrives_once_though_the_server_refuses_twice_and_its_link_works_once() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        mail.relay().refuse("RCPT", "450 4.2.1 come back later", 1);
        mail.relay().refuse("CONNECT", "421 4.3.2 too busy", 1);
        var sent = new UsersApi(client(ada)).sendInvitations(new UserInvitationsRequest(List.of(new UserInvitationData(
            new UserInvitationRelationships(new RelationshipToUser(
                new RelationshipToUserData(bob.id().toString(), UsersType.USERS))),
            UserInvitationsType.USER_INVITATIONS))));
        var id = sent.getData().getFirst().getId();
        var letter = mail.letter("bob@acme.test");
        eventually(() -> Inviting.letterState(ada.org(), id).equals("sent"));

        assertThat(mail.letters("bob@acme.test")).hasSize(1);
        assertThat(roster.sqlValue("SELECT attempts FROM letters WHERE org_id = ?", ada.org().id().value()))
            .isEqualTo(3);
        assertThat(part(letter, "text/plain")).contains("https://people.example.test/roster/invitations/");

        var link = MailServer.link(letter);
        for (int i = 0; i < 3; i++) {
            assertThat(roster.send("HEAD", link, null).status()).isEqualTo(200);
            assertThat(roster.send("GET", link, null).status()).isEqualTo(200);
        }
        assertThat(Inviting.accept(roster, link).text()).contains("You have joined acme");
        assertThat(ada.get("/api/v2/users/" + bob.id()).text("/data/attributes/status")).isEqualTo("Active");
        assertThat(Inviting.accept(roster, link).text()).contains("This invitation has been used");
    }

    @Test
    void a_letter_says_who_invites_where_until_when_in_text_and_html() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        Inviting.invite(ada, ada.org().newPending("carl@acme.test").id());
        var letter = mail.letter("carl@acme.test");

        assertThat(letter.getSubject()).isEqualTo("Invitation to join acme");
        assertThat(letter.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(letter.getMessageID()).matches("<[0-9a-f-]{36}@people\\.example\\.test>");
        assertThat(letter.getFrom()[0].toString()).isEqualTo("Roster <roster@people.example.test>");
        for (var type : List.of("text/plain", "text/html")) {
            assertThat(part(letter, type)).contains("ada@acme.test", "acme", "carl@acme.test", " UTC",
                "can be used once",
                "https://people.example.test/roster/invitations/");
        }
        assertThat(part(letter, "text/html")).doesNotContain("<script", "<img", "src=");
        assertThat(part(letter, "text/plain").lines().filter(line -> !line.contains("://")))
            .allMatch(line -> line.length() <= 78);
    }

    @Test
    void names_arrive_harmless_and_whole() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var name = "Ada \"<b>\"\r\nBcc: eve\r\n\r\n\uD83D\uDC69\u200D\uD83D\uDE80 Žlutý";
        roster.sql("UPDATE users SET name = ? WHERE org_id = ? AND id = ?", name, ada.org().id().value(),
            ada.user().id().value());
        roster.sql("UPDATE orgs SET name = ? WHERE id = ?", name, ada.org().id().value());
        Inviting.invite(ada, ada.org().newPending("dora@acme.test").id());
        var letter = mail.letter("dora@acme.test");
        var oneLine = "Ada \"<b>\" Bcc: eve \uD83D\uDC69\u200D\uD83D\uDE80 Žlutý";

        assertThat(letter.getSubject()).isEqualTo("Invitation to join " + oneLine);
        assertThat(letter.getAllRecipients()).hasSize(1);
        assertThat(letter.getHeader("Bcc")).isNull();
        assertThat(raw(letter).split("\r\n\r\n", 2)[0].lines()).noneMatch(line -> line.startsWith("Bcc"));
        assertThat(part(letter, "text/plain"))
            .startsWith(oneLine + " (ada@acme.test) has invited you to join " + oneLine);
        assertThat(part(letter, "text/html")).contains("Ada \"&lt;b&gt;\" Bcc").doesNotContain("<b>");
    }

    /// It is the operator's domain that such an e-mail comes from.
    @Test
    void names_bring_no_link_and_addresses_that_are_not_proved_are_not_told() throws Exception {
        var org = roster.newOrg("acme");
        var evil = "Acme. Your account is locked, sign in at https://evil.test/x \u202egro.live";
        rename(org, org.founder(), evil, "Support evil.test");
        var letter = invitation(org, org.founder(), "gina@acme.test");

        assertThat(letter.getSubject())
            .isEqualTo("Invitation to join Acme. Your account is locked, sign in at");
        assertThat(part(letter, "text/plain"))
            .startsWith("Support evil has invited you to join Acme. Your account is locked, sign in at.\n");
        assertThat(letter.getHeader("Reply-To")).isNull();
        assertThat(letter.getHeader("Sender")).isNull();
        for (var text : List.of(letter.getSubject(), part(letter, "text/plain"), part(letter, "text/html"))) {
            assertThat(text).doesNotContain("evil.test", "evil.org", "live", "founder@", "\u202e");
        }
        var page = roster.send("GET", MailServer.link(letter), null).text();
        assertThat(page).contains("Acme. Your account is locked").doesNotContain("evil.test", "founder@");

        rename(org, org.founder(), "www.evil.test", null);
        var nameless = invitation(org, org.founder(), "hugo@acme.test");
        assertThat(nameless.getSubject()).matches("Invitation to join [0-9a-f]{12}");
        assertThat(part(nameless, "text/plain")).startsWith("You have been invited to join ")
            .doesNotContain("Optional", "founder@");
        assertThat(part(nameless, "text/html")).contains(">You have been invited to join <strong>");
        assertThat(roster.send("GET", MailServer.link(nameless), null).text())
            .contains("<p>You have been invited to join <strong>");

        var proved = org.newAdmin("proved@acme.test");
        assertThat(part(invitation(org, proved, "ida@acme.test"), "text/plain"))
            .startsWith("proved@acme.test has invited you to join ");
        proved.patch("/api/v2/users/" + proved.id(), """
            {"data": {"type": "users", "id": "%s", "attributes": {"email": "ceo@bank.test"}}}
            """.formatted(proved.id()));
        assertThat(part(invitation(org, proved, "jim@acme.test"), "text/plain")).doesNotContain("ceo@bank.test");
    }

    private static void rename(TestOrg org, TestUser user, String orgName, String userName) {
        roster.sql("UPDATE orgs SET name = ? WHERE id = ?", orgName, org.id().value());
        roster.sql("UPDATE users SET name = ? WHERE org_id = ? AND id = ?", userName, org.id().value(),
            user.user().id().value());
    }

    private static MimeMessage invitation(TestOrg org, TestUser inviter, String email) {
        Inviting.invite(inviter, org.newPending(email).id());
        return mail.letter(email);
    }

    @Test
    void links_never_follow_what_a_request_says_of_the_host() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var eve = ada.org().newPending("emil@acme.test");
        ada.send("POST", Inviting.PATH, Inviting.body(eve.id()),
            Map.of("X-Forwarded-Host", "evil.test", "Forwarded", "host=evil.test;proto=http", "X-Forwarded-Proto",
                "gopher"));

        assertThat(raw(mail.letter("emil@acme.test"))).doesNotContain("evil.test", "gopher");
    }

    /// The usual client writes its own Host.
    @Test
    void links_never_follow_a_forged_host_when_sent_or_sent_again() throws Exception {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var body = Inviting.body(ada.org().newPending("frida@acme.test").id());
        assertThat(forged(ada, Inviting.PATH, body)).contains(" 201 ");
        var id = ada.get(Inviting.OWN_PATH).text("/data/0/id");
        eventually(() -> mail.letters("frida@acme.test").size() == 1);
        assertThat(forged(ada, Inviting.OWN_PATH + "/" + id + "/resend", "")).contains(" 200 ");
        eventually(() -> mail.letters("frida@acme.test").size() == 2);

        assertThat(mail.letters("frida@acme.test")).allSatisfy(letter -> assertThat(part(letter, "text/plain"))
            .contains("https://people.example.test/roster/invitations/").doesNotContain("evil.test"));
    }

    /// @return the first line of the answer
    private static String forged(TestUser user, String path, String body) throws IOException {
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write("""
                POST %s HTTP/1.1
                Host: evil.test
                X-Forwarded-Host: evil.test
                Forwarded: host=evil.test
                DD-API-KEY: %s
                DD-APPLICATION-KEY: %s
                Content-Type: application/json
                Content-Length: %d
                Connection: close

                """.formatted(path, user.apiKey(), user.applicationKey(), body.length()).replace("\n", "\r\n")
                .concat(body).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\r\n", 2)[0];
        }
    }

    private static ApiClient client(TestUser user) {
        var client = new ApiClient();
        client.setServerIndex(null);
        client.setBasePath(roster.address());
        client.configureApiKeys(Map.of("apiKeyAuth", user.apiKey(), "appKeyAuth", user.applicationKey()));
        return client;
    }
}
