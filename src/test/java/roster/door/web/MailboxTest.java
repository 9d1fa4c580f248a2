package roster.door.web;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.support.Inviting.invite;
import static roster.support.Inviting.invited;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Inviting;
import roster.support.TestOrg;
import roster.support.TestRoster;

class MailboxTest {
    // A server of its own: the mailbox shows the letters of the whole installation.
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_RATE_LIMIT", "off"));

    @Test
    void it_lists_and_shows_letters_whose_links_work() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var bob = ada.org().newPending("bob@acme.test");
        invite(ada, bob.id());
        var list = roster.send("GET", path(), null);
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.text()).contains("Invitation to join acme", "bob@acme.test");

        var letter = roster.send("GET", path() + "/" + letterId(ada.org()), null);
        assertThat(letter.text()).contains("has invited you to join acme", "<iframe sandbox=");
        var link = href(letter.text());
        assertThat(link).startsWith(roster.address() + "/invitations/");
        assertThat(Inviting.accept(roster, link.substring(roster.address().length())).text())
            .contains("You have joined acme");
        assertThat(roster.send("GET", path() + "/" + letterId(ada.org()), null).text())
            .contains("Expired or cancelled");
    }

    @Test
    void letters_stay_queued() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        var id = invited(ada, ada.org().newPending("bob@acme.test").id());
        roster.send("GET", path(), null);

        assertThat(Inviting.letterState(ada.org(), id)).isEqualTo("queued");
    }

    @Test
    void the_html_of_a_letter_is_caged() {
        var ada = roster.newOrg("acme").newAdmin("ada@acme.test");
        invite(ada, ada.org().newPending("bob@acme.test").id());
        var html = roster.send("GET", path() + "/" + letterId(ada.org()) + "/html", null);

        assertThat(html.status()).isEqualTo(200);
        assertThat(html.text()).contains("has invited you to join");
        assertThat(html.header("Content-Security-Policy").orElseThrow()).contains("default-src 'none'", "sandbox ",
            "frame-ancestors 'self'").doesNotContain("allow-scripts", "allow-same-origin");
    }

    @Test
    void a_wrong_token_or_letter_is_an_unknown_path() {
        for (var wrong : List.of("/mailbox/" + "0".repeat(48), "/mailbox/x", path() + "0", path() + "/x",
            path() + "/00000000-0000-7000-8000-000000000000/html", "/mailbox")) {
            var answer = roster.send("GET", wrong, null);
            assertThat(answer.status()).as(wrong).isEqualTo(404);
            assertThat(answer.errors()).containsExactly("Not Found");
        }
    }

    @Test
    void it_answers_only_to_the_names_of_this_machine() throws IOException {
        for (var host : List.of("localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:8080")) {
            assertThat(statusFor(host)).as(host).isEqualTo("200");
        }
        for (var host : List.of("evil.test", "localhost.evil.test", "127.0.0.1.evil.test", "10.0.0.1", "0.0.0.0",
            "localhost:x", "evil.test:80")) {
            assertThat(statusFor(host)).as(host).isIn("421", "400");
        }
    }

    @Test
    void its_address_survives_a_restart_and_only_its_owner_can_read_it() throws IOException {
        var file = roster.folder().resolve("mailbox-token");

        assertThat(path()).endsWith(Files.readString(file).strip());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        try (var again = roster.anotherNode(Map.of())) {
            assertThat(URI.create(again.mailboxAddress().orElseThrow()).getPath()).isEqualTo(path());
        }
    }

    @Test
    void there_is_none_once_a_public_url_is_set() {
        try (var node = roster.anotherNode(Map.of("ROSTER_PUBLIC_URL", "https://people.example.test"))) {
            assertThat(node.mailboxAddress()).isEmpty();
            assertThat(TestRoster.send(node.address(), "GET", path(), null, Map.of()).status()).isEqualTo(404);
        }
    }

    private static String path() {
        return URI.create(roster.node().mailboxAddress().orElseThrow()).getPath();
    }

    private static Object letterId(TestOrg org) {
        return roster.sqlValue("SELECT id FROM letters WHERE org_id = ?", org.id().value());
    }

    private static String href(String html) {
        var start = html.indexOf("href=\"http") + "href=\"".length();
        return html.substring(start, html.indexOf('"', start));
    }

    /// The usual client writes its own Host.
    private static String statusFor(String host) throws IOException {
        var address = URI.create(roster.address());
        try (var socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                .formatted(path(), host).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ")[1];
        }
    }
}
