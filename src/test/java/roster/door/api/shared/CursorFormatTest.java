package roster.door.api.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.secret.LengthPrefixed;
import roster.base.secret.Secrets;
import roster.base.source.Sources;
import roster.support.TestRoster;
import roster.support.TestUser;

/// What is sealed into cursors stays as release 0.1.0 had it, so that a client pages on across an upgrade.
class CursorFormatTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final TestUser ada = roster.newOrg("acme").founder();

    private byte[] opened(String cursor) {
        var secrets = new Secrets(List.of(Base64.getDecoder().decode(TestRoster.SECRET_KEY)),
            Sources.system().randomness());
        return secrets.openCursor(ada.org().id().value(), cursor).orElseThrow();
    }

    @Test
    void users() {
        var bob = ada.org().newStandard("bob@acme.test");
        var next = ada.get("/api/v2/users?page[size]=1&sort=email").text("/links/next");

        assertThat(opened(next.replaceAll(".*cursor%5D=", ""))).isEqualTo(new LengthPrefixed().add("1")
            .add(false).add("").add(false).add("").add("EMAIL").add(false).add(1).add("").add("bob@acme.test")
            .add(bob.id())
            .bytes());
    }

    @Test
    void audit_events() {
        var search = "/api/v2/audit/events?filter[from]=2026-01-01T00:00:00Z&filter[to]=now-0s&page[limit]=1";
        var cursor = ada.get(search).text("/meta/page/after");

        assertThat(new String(opened(cursor), StandardCharsets.UTF_8))
            .matches("audit\n1767225600000000\n\\d{16}\ntrue\n\\d{16}\n\\d+\n\\d+\n\\*");
    }

    @Test
    void organisations_of_the_caller() {
        var other = roster.newOrg("acme").founder();
        for (var user : List.of(ada, other)) {
            roster.sql("UPDATE users SET email = ?, email_proved = true WHERE org_id = ?", "founder@" + ada.org().id(),
                user.org().id().value());
            roster.sql("INSERT INTO address_pointers (email, org_id, user_id) VALUES (?, ?, ?)",
                "founder@" + ada.org().id(), user.org().id().value(), user.user().id().value());
        }

        var first = ada.get("/api/v2/global_orgs?user_handle=founder%40acme.test&page%5Blimit%5D=1");

        assertThat(new String(opened(first.text("/meta/page/next_cursor")), StandardCharsets.UTF_8))
            .isEqualTo("global_orgs 1");
    }
}
