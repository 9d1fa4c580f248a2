package roster.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import roster.support.BrowserUser;
import roster.support.Inviting;
import roster.support.Resetting;
import roster.support.SignedIn;
import roster.support.TestRoster;

@Timeout(120)
class BreachedPasswordsTest {
    private static final Path LIST = list();

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_BREACHED_PASSWORDS_FILE", LIST.toString()));

    @TempDir
    Path folder;

    @BeforeAll
    static void thereIsOne() {
        assertThat(LIST).exists();
    }

    private static Path list() {
        try {
            return Files.write(Files.createTempFile("breached", ".txt"), lines(List.of(Inviting.PASSWORD, "b", "c")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> lines(List<String> passwords) {
        return passwords.stream().map(BreachedPasswordsTest::sha1).sorted().toList();
    }

    private static String sha1(String password) {
        try {
            return HexFormat.of().withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-1").digest(password.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path file(List<String> lines, String end) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "list", ".txt"), String.join(end, lines) + end);
    }

    @Test
    void each_line_is_found_and_nothing_else() throws IOException {
        for (var number : List.of(1, 2, 3, 7, 1000)) {
            var passwords = Stream.iterate(0, i -> i + 1).limit(number).map(i -> "password " + i).toList();
            for (var end : List.of("\n", ":12\n", ":3\r\n")) {
                var list = BreachedPasswords.in(file(lines(passwords), end));
                assertThat(passwords).as(number + end).allMatch(list::has);
                for (int i = 0; i < 200; i++) {
                    assertThat(list.has("other " + i)).isFalse();
                }
            }
        }
    }

    @Test
    void what_is_no_sorted_list_stops_the_start() throws IOException {
        var sorted = new ArrayList<>(lines(List.of("a", "b", "c", "d")));
        Collections.swap(sorted, 1, 2);
        for (var bad : List.of(file(sorted, "\n"), file(List.of("x"), "\n"), file(List.of(), ""),
            file(List.of(sha1("a") + "0"), "\n"), folder.resolve("missing"), folder)) {
            assertThatThrownBy(() -> BreachedPasswords.in(bad)).as(bad.toString())
                .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_password_in_it_is_refused_wherever_it_is_chosen() {
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@acme.test");
        var changed = SignedIn.in(ada).form("/me/security/password", Map.of("password", Inviting.PASSWORD));
        var accepted = Inviting.accept(roster, Inviting.link(org, Inviting.newInvitation(org)));
        org.founder().post("/api/v2/roster/users/" + ada.id() + "/password_reset", null);
        var link = Resetting.link(org);
        var reset = new BrowserUser(roster).submit(link, link, Map.of("password", Inviting.PASSWORD));

        for (var answer : List.of(changed, accepted, reset)) {
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.text()).contains("found in a breach");
        }
        assertThat(roster.sql("SELECT 1 FROM passwords WHERE org_id = ?", org.id().value())).isEmpty();
        assertThat(Resetting.reset(new BrowserUser(roster), link).status()).isEqualTo(303);
    }
}
