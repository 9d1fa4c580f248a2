package roster.door.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Answer;
import roster.support.Await;
import roster.support.SignedIn;
import roster.support.TestRoster;

/// `/console/audit/verification`, and how far the trail was verified on other pages.
@Timeout(120)
class VerificationPagesTest {
    private static final String PATH = "/console/audit/verification";

    /// A server of one's own: its tables are locked.
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_INVITES_PER_ORG", "1000/1h"));

    private static Answer verified(SignedIn reader, String whole) {
        var asked = reader.form(PATH, Map.of("whole", whole));
        assertThat(asked.status()).isEqualTo(303);
        Await.until("it is verified", () -> !reader.page(PATH).text().contains("<progress"));
        return reader.page(PATH);
    }

    @Test
    void a_trail_is_verified_now_and_a_broken_one_is_told_everywhere() {
        var org = roster.newOrg("broken");
        var reader = SignedIn.in(org.founder());
        var support = SignedIn.in(org.newUserWith("support@broken.test",
            List.of(org.newRole("Support", List.of("user_access_read")).toString())));

        assertThat(ConsoleUser.read(verified(reader, "yes"))).contains("Verified to entry ", " today, ",
            "The whole trail", "Nothing is missing or altered");
        assertThat(reader.page(PATH).text())
            .contains("value=\"" + roster.program().audit().trail.head(org.id()) + "\"");
        assertThat(reader.page("/console/audit").text()).contains("Verified to entry " + org.version() + " today, ");

        var was = roster.sqlValue("SELECT action FROM audit_entries WHERE org_id = ? AND version = 2 AND entry = 1",
            org.id().value());
        roster.sql("UPDATE audit_entries SET action = 'user.enabled' WHERE org_id = ? AND version = 2 AND entry = 1 "
            + "RETURNING 1", org.id().value());
        assertThat(ConsoleUser.read(verified(reader, "yes"))).contains("Broken at entry 2", "Entry 2.1 was altered",
            "Look at the entry");
        for (var path : List.of("/console/", "/console/people", "/console/me", "/console/audit", "/console/nothing")) {
            assertThat(reader.page(path).text()).as(path).contains("The audit trail is not as Roster wrote it.",
                "href=\"/console/audit/verification\">", "Broken at entry 2");
            assertThat(support.page(path).text()).as(path).doesNotContain("Broken at entry");
        }
        assertThat(ConsoleUser.read(reader.page("/console/"))).contains("1 broken audit trail");
        assertThat(SignedIn.in(roster.newOrg("whole").founder()).page("/console/").text())
            .doesNotContain("Broken at entry");

        roster.sql("UPDATE audit_entries SET action = ? WHERE org_id = ? AND version = 2 AND entry = 1 RETURNING 1",
            was,
            org.id().value());
        assertThat(ConsoleUser.read(verified(reader, ""))).contains("Verified to entry ").doesNotContain("Broken at");
        assertThat(reader.page("/console/people").text()).doesNotContain("The audit trail is not");
    }

    @Test
    void a_head_that_was_kept_is_looked_for() {
        var org = roster.newOrg("kept");
        var reader = SignedIn.in(org.founder());
        var head = roster.program().audit().trail.head(org.id()).toString();
        org.newPending("later@kept.test");

        assertThat(reader.page(PATH + "?kept=" + head).text())
            .contains("The trail has entry " + head.substring(0, head.indexOf('.')));
        var other = roster.program().audit().trail.head(roster.newOrg("other").id()).toString();
        assertThat(reader.page(PATH + "?kept=" + other).text()).contains("The trail has no entry ",
            "its end was cut off, or written anew");
        var faulty = reader.page(PATH + "?kept=x");
        assertThat(faulty.status()).isEqualTo(422);
        assertThat(faulty.text()).contains("This is no head, like 17.1.wY3…", "value=\"x\"");
    }

    @Test
    void it_is_not_verified_before_it_was() {
        var org = roster.newOrg("new");
        var reader = SignedIn.in(org.founder());
        assertThat(ConsoleUser.read(reader.page("/console/audit"))).containsAnyOf("Not verified yet",
            "Verifying", "Verified to entry"); // the server may have begun by itself
        assertThat(reader.form(PATH, Map.of()).status()).isEqualTo(303);
    }

    @Test
    void a_search_that_has_to_wait_too_long_is_told_in_the_page() throws SQLException {
        var reader = SignedIn.in(roster.newOrg("busy").founder());
        try (var connection = DriverManager.getConnection(roster.databaseUrl());
            var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE audit_entries IN ACCESS EXCLUSIVE MODE");

            var answer = roster.send("GET", "/console/audit?q=ada&what=roles", null, reader.cookie());
            connection.rollback();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isEqualTo(Optional.of("1"));
            assertThat(ConsoleUser.read(answer)).contains("The search did not end within 2 seconds",
                "Try again in 1 second.", "A shorter time is searched faster.");
            assertThat(answer.text()).contains("value=\"ada\"", "class=\"nav\"",
                "<option value=\"roles\" selected>Roles</option>");
        }
        assertThat(reader.page("/console/audit?q=ada").status()).isEqualTo(200);
    }
}
