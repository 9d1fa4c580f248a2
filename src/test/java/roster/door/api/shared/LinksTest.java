package roster.door.api.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import roster.support.Answer;
import roster.support.TestRoster;
import roster.support.TestUser;

/// Links that lead to Roster from outside: all begin as the operator has set it.
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LinksTest {
    private static final String USERS = "/api/v2/users";
    private static final String AUDIT = "/api/v2/audit/events";

    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @ParameterizedTest
    @CsvSource({"https://people.example.test, https://people.example.test, /",
        "https://people.example.test/, https://people.example.test, /",
        "https://people.example.test//, https://people.example.test, /",
        "https://people.example.test:8443/roster, https://people.example.test:8443/roster, /roster/",
        "https://people.example.test/a%20b/roster/, https://people.example.test/a%20b/roster, /a%20b/roster/"})
    void every_link_begins_with_the_public_url(String setting, String begin, String path) {
        var ada = roster.newOrg("acme").founder();
        ada.org().newPending("bob@acme.test");
        ada.org().newPending("carl@acme.test");
        try (var node = roster.anotherNode(Map.of("ROSTER_PUBLIC_URL", setting))) {
            var at = node.address();
            var globally = "/api/v2/global_orgs?user_handle=" + ada.email();

            assertThat(get(at, ada, USERS + "?page[size]=1").text("/links/next")).startsWith(begin + USERS + "?page");
            assertThat(get(at, ada, AUDIT + "?page[limit]=1").text("/links/next"))
                .startsWith(begin + AUDIT + "?filter");
            assertThat(get(at, ada, globally).text("/links/self"))
                .startsWith(begin + "/api/v2/global_orgs?user_handle=");
            assertThat(
                TestRoster.send(at, "GET", "/", null, Map.of("Host", URI.create(setting).getRawAuthority())).text())
                .contains("href=\"%sdocs\"".formatted(path), "href=\"%ssign-in\"".formatted(path));
            assertThat(TestRoster.send(at, "GET", "/openapi.yaml", null, Map.of()).text())
                .contains("\nservers:\n  - url: " + path + "\n");
        }
    }

    @Test
    void without_it_all_nodes_give_the_same_links() {
        var ada = roster.newOrg("acme").founder();
        ada.org().newPending("bob@acme.test");
        try (var node = roster.anotherNode(Map.of())) {
            for (var path : new String[] {USERS + "?page[size]=1", AUDIT + "?page[limit]=1"}) {
                var one = get(roster.address(), ada, path).text("/links/next");
                var other = get(node.address(), ada, path).text("/links/next");

                assertThat(one).startsWith("/api/v2/");
                assertThat(other.split("\\?")[0]).isEqualTo(one.split("\\?")[0]);
                assertThat(get(node.address(), ada, one).status()).isEqualTo(200);
                assertThat(get(roster.address(), ada, other).status()).isEqualTo(200);
            }
        }
    }

    /// Of clients whose base address ends with a slash.
    @Test
    void slashes_before_a_path_are_one() {
        var ada = roster.newOrg("acme").founder();

        for (var path : new String[] {"//api/v2/users", "///api/v2/users?page[size]=1", "//health/live"}) {
            assertThat(ada.get(path).status()).as(path).isEqualTo(200);
        }
        assertThat(ada.get("//api/v2/users").text()).isEqualTo(ada.get("/api/v2/users").text());
        assertThat(ada.get("/api/v2//users").status()).isEqualTo(404);
        assertThat(roster.send("GET", "//api/v2/users", null).status()).isEqualTo(403);
        assertThat(roster.send("GET", "//", null).text()).contains("href=\"/docs\"");
    }

    private static Answer get(String address, TestUser user, String path) {
        return user.sendTo(address, "GET", path, null, Map.of());
    }
}
