package roster.core.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.work.Stop;
import roster.core.session.Passwords.Candidate;
import roster.support.TestRoster;

/// What many failed sign-ins leave in the trail.
@Timeout(600)
class FailedSignInsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void g10_100000_failures_leave_few_entries_and_their_number_and_writes_go_on() {
        var program = roster.program();
        var failed = new FailedSignIns(program.kernel().db(), program.kernel().audit(), program.user.users,
            program.org.orgs, program.signIn.guesses);
        var org = roster.newOrg("acme");
        var ada = org.newUser("ada@g10.test");
        var failures = List.of(new Candidate(org.id(), ada.user().id(), "", 1));
        for (int i = 0; i < 100_000; i++) {
            failed.note(failures, "01a20000-0000-7000-8000-000000000000", "192.0.2.7");
            if (i % 25_000 == 0) {
                failed.record(new Stop());
                assertThat(org.founder().post("/api/v2/users", """
                    {"data":{"type":"users","attributes":{"email":"bob%d@g10.test"}}}""".formatted(i)).status())
                    .isEqualTo(201);
            }
        }
        failed.record(new Stop());
        roster.sql("UPDATE guesses SET first_at = first_at - interval '1 minute'"); // the minute of the entry with a number
        failed.record(new Stop());

        var entries = roster.sql("SELECT subject_kind, COALESCE((after->>'failures')::bigint, 1) FROM audit_entries "
            + "WHERE org_id = ? AND action = 'sign_in.failed'", org.id().value());
        assertThat(entries.stream().filter(row -> row.get(0).equals("user"))).hasSize(20);
        assertThat(entries.stream().filter(row -> row.get(0).equals("org")).count()).isBetween(1L, 20L);
        assertThat(entries.stream().mapToLong(row -> (long) row.get(1)).sum()).isEqualTo(100_000);
        assertThat(roster.sql("SELECT DISTINCT evt_name, verb, status, after->>'reason' IS NOT NULL FROM audit_events "
            + "WHERE org_id = ? AND action = 'sign_in.failed'", org.id().value()))
            .containsExactly(List.of("Authentication", "login", "error", true));
    }
}
