package roster.core.overview;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.work.Stop;
import roster.core.user.Users;
import roster.support.Await;
import roster.support.SignedIn;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Past days, as the trail tells them.
@Timeout(60)
class OrgDaysTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static void age(TestOrg org, String what, Object id, int days) {
        roster.sql("UPDATE audit_entries SET at = at - make_interval(days => ?) WHERE org_id = ? AND " + what + " = ?",
            days, org.id().value(), id);
    }

    @Test
    void a_day_has_the_people_that_there_were_at_its_end() {
        var org = roster.newOrg("acme");
        var founder = org.founder();
        age(org, "subject_id", founder.user().id().value(), 9);
        var ada = org.newUser("ada@acme.test");
        age(org, "subject_id", ada.user().id().value(), 5);
        var bob = org.newPending("bob@acme.test");
        age(org, "subject_id", bob.id().value(), 3);
        org.newServiceAccount("robot@acme.test", List.of());
        org.write(tx -> roster.program().user.users.update(tx, ada.id(),
            new Users.Edit(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(true))));
        roster.sql("UPDATE audit_entries SET at = at - interval '2 days' WHERE org_id = ? AND action = 'user.disabled'",
            org.id().value());
        SignedIn.in(founder);
        roster.sql("UPDATE audit_entries SET at = at - interval '1 day' WHERE org_id = ? "
            + "AND action = 'sign_in.succeeded'", org.id().value());
        // Last: from here on, the worker too takes the days as they are.
        roster.sql("UPDATE orgs SET created_at = created_at - interval '10 days' WHERE id = ?", org.id().value());

        roster.program().overview.days.complete(new Stop());

        var today = LocalDate.now(ZoneOffset.UTC);
        var days =
            Await.read(roster.db(), tx -> roster.program().overview.days.since(tx, org.id(), today.minusDays(30)));
        assertThat(days).extracting(OrgDay::day).containsExactlyElementsOf(
            today.minusDays(10).datesUntil(today).toList());
        assertThat(days).extracting(OrgDay::active).containsExactly(0L, 1L, 1L, 1L, 1L, 2L, 2L, 2L, 1L, 1L);
        assertThat(days).extracting(OrgDay::pending).containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L, 1L);
        assertThat(days).extracting(OrgDay::disabled).containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L, 1L);
        assertThat(days.getLast().signIns()).isEqualTo(1);
        roster.program().overview.days.complete(new Stop());
        assertThat(roster.sql("SELECT 1 FROM org_days WHERE org_id = ?", org.id().value())).hasSize(10);
    }
}
