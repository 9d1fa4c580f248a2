package roster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import roster.support.BrowserUser;
import roster.support.TestRoster;

/// How the first administrator signs in.
@Timeout(120)
class FirstSignInTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @TempDir
    private Path folder;

    private static String announced(Node node, boolean onTerminal) {
        var out = new ByteArrayOutputStream();
        Serve.announce(node, new PrintStream(out, true, StandardCharsets.UTF_8), onTerminal);
        return out.toString(StandardCharsets.UTF_8);
    }

    /// Passkeys need a name, and a session at the name is none at the address.
    @Test
    void links_to_open_lead_to_this_machine_by_its_name() throws IOException {
        var data = Files.createDirectory(folder.resolve("named"));
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (var node = roster.anotherNode(Map.of("ROSTER_DATA", data.toString(), "ROSTER_DATABASE_URL",
            TestRoster.newDatabase(), "ROSTER_PORT", Integer.toString(port)))) {
            var here = "http://localhost:" + port;
            var link = Files.readString(data.resolve("first-sign-in")).strip();
            assertThat(link).startsWith(here + "/sign-in/once/");
            assertThat(announced(node, true)).contains("    " + link,
                "The API is documented at " + here + "/docs", "E-mails are shown at " + here + "/mailbox/")
                .contains("listens on http://127.0.0.1:" + port, " http://127.0.0.1:" + port + "/api/v2/users");
            var browser = new BrowserUser(roster).at(here);
            assertThat(browser.get(link.substring(here.length())).text()).contains("admin@roster.invalid");
        }
    }

    @Test
    void r8_the_link_of_the_first_start_works_once_and_its_file_goes() throws IOException {
        var data = Files.createDirectory(folder.resolve("data"));
        try (var node = roster.anotherNode(
            Map.of("ROSTER_DATA", data.toString(), "ROSTER_DATABASE_URL", TestRoster.newDatabase()))) {
            var file = data.resolve("first-sign-in");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            var link = Files.readString(file).strip();
            assertThat(link).matches("/sign-in/once/[A-Za-z0-9_-]{43}");
            assertThat(announced(node, true)).contains("first-sign-in",
                "    http://localhost:%d%s%n".formatted(URI.create(node.address()).getPort(), link));
            assertThat(announced(node, false)).contains("first-sign-in").doesNotContain(link);

            var browser = new BrowserUser(roster).at(node.address());
            assertThat(browser.get(link).text()).contains("admin@roster.invalid");
            assertThat(file).exists();
            assertThat(browser.submit(link, link, Map.of()).status()).isEqualTo(303);
            assertThat(browser.isSignedIn()).isTrue();
            assertThat(file).doesNotExist();
            assertThat(new BrowserUser(roster).at(node.address()).get(link).status()).isEqualTo(410);
        }
    }
}
