package roster.core.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.bulk.Selection.Chosen;
import roster.core.index.PeopleFilter;
import roster.core.index.PeopleQuery;
import roster.core.index.UserQuery;
import roster.core.reader.PastedText;
import roster.model.Permission;
import roster.model.Problem;
import roster.model.Refused;
import roster.model.Role;
import roster.model.User;
import roster.support.Await;
import roster.support.HeldOrg;
import roster.support.TestRoster;

/// Jobs: in pieces, with the rights of the moment, one at a time, stopped and undone, by any node.
@Timeout(120)
class BulkJobsTest {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_INVITES_PER_INVITER", "150/3s"));

    private static final Order DISABLE = Order.of(Act.DISABLE);

    @Test
    void a_large_job_is_done_piece_by_piece_and_undone() {
        var b = BulkOrg.in(roster, "large");
        var people = b.people(1500);
        var version = b.org().version();

        var job = b.over(b.begin(b.founder(), DISABLE, BulkOrg.items(people)));

        assertThat(job.state()).isEqualTo(Job.State.FINISHED);
        assertThat(job.done()).isEqualTo(1500);
        assertThat(b.org().version()).as("writes").isBetween(version + 2, version + 300);
        assertThat(b.entries("user.disabled")).isEqualTo(1500);
        b.assertCounted(job);
        var undo = b.over(b.bulk().undo(b.founder(), job).orElseThrow());
        assertThat(undo.done()).isEqualTo(1500);
        assertThat(undo.undoes()).contains(job.id());
        assertThat(b.bulk().undo(b.founder(), b.find(job.id()))).isEmpty();
        assertThat(roster.sqlValue("SELECT count(*) FROM users WHERE org_id = ? AND disabled", b.org().id().value()))
            .isEqualTo(0L);
        assertThat(b.org().founder().get("/api/v2/users?filter[status]=Disabled").each("/data", "/id")).isEmpty();
    }

    @Test
    void a_stopped_job_reaches_no_more() throws Exception {
        var b = BulkOrg.in(roster, "stopped");
        var people = b.people(3000);
        Job job;
        try (var held = new HeldOrg(b.org())) {
            job = b.begin(b.founder(), DISABLE, BulkOrg.items(people));
            held.awaitWaiting(1);
            assertThat(b.bulk().stop(b.founder(), job)).isTrue();
            held.release();
        }
        var over = b.over(job);
        assertThat(over.state()).isEqualTo(Job.State.STOPPED);
        assertThat(over.reached()).isZero();
        assertThat(over.notReached()).isEqualTo(3000);
        assertThat(b.bulk().stop(b.founder(), over)).isFalse();
        b.assertCounted(over);
        b.org().newUser("next@bulk.test");
        assertThat(b.entries("user.disabled")).isZero();
    }

    /// P4 and P5: the maker's rights are those of each piece.
    @Test
    void a_maker_who_may_no_longer_do_it_does_no_more() throws Exception {
        var b = BulkOrg.in(roster, "rights");
        var people = b.people(200);
        var taken = b.org().newAdmin("taken@bulk.test");
        var disabled = b.org().newAdmin("disabled@bulk.test");
        for (var maker : List.of(taken, disabled)) {
            Job job;
            try (var held = new HeldOrg(b.org())) {
                job = b.begin(b.caller(maker, Permission.USER_ACCESS_MANAGE), DISABLE, BulkOrg.items(people));
                held.awaitWaiting(1);
                var sql = maker.equals(taken) ? "DELETE FROM role_members WHERE org_id = ? AND user_id = ?"
                    : "UPDATE users SET disabled = true WHERE org_id = ? AND id = ?";
                try (var cut = held.connection().prepareStatement(sql)) {
                    cut.setObject(1, b.org().id().value());
                    cut.setObject(2, maker.user().id().value());
                    cut.execute();
                }
                held.connection().commit();
            }
            var over = b.over(job);
            assertThat(over.state()).isEqualTo(Job.State.NOT_ALLOWED);
            assertThat(over.notReached()).isEqualTo(200);
        }
        assertThat(b.entries("user.disabled")).isZero();
    }

    @Test
    void one_job_of_an_organisation_runs_at_a_time_and_the_next_waits() throws Exception {
        var b = BulkOrg.in(roster, "turns");
        var people = b.people(300);
        Job first;
        Job second;
        try (var held = new HeldOrg(b.org())) {
            first = b.begin(b.founder(), DISABLE, BulkOrg.items(people));
            held.awaitWaiting(1);
            second = b.begin(b.founder(), Order.of(Act.ENABLE), BulkOrg.items(people.subList(0, 10)));
            assertThat(second.state()).as("though it is small").isEqualTo(Job.State.WAITING);
            held.release();
        }
        assertThat(b.over(first).done()).isEqualTo(300);
        assertThat(b.over(second).done()).isEqualTo(10);
        assertThat(b.over(second).startedAt().orElseThrow()).isAfterOrEqualTo(b.over(first).endedAt().orElseThrow());
    }

    @Test
    void invitations_beyond_the_limit_follow_by_themselves() {
        var b = BulkOrg.in(roster, "limit");
        var job = b.begin(b.founder(), Order.of(Act.INVITE), BulkOrg.items(b.people(400)));
        var small = b.begin(b.founder(), DISABLE, BulkOrg.items(b.people("others", 3)));
        assertThat(b.over(small).done()).as("while the other waits").isEqualTo(3);
        var over = b.over(job);
        assertThat(over.done()).isEqualTo(400);
        assertThat(b.entries("invitation.sent")).isEqualTo(400);
    }

    /// Its node was killed: the claim runs out, and any node goes on.
    @Test
    void a_job_of_a_node_that_died_goes_on() {
        var b = BulkOrg.in(roster, "died");
        var id = claimed(b, b.people(150));
        assertThat(b.find(id).reached()).as("claimed").isZero();
        expire(id);
        Await.until("the job goes on", () -> b.find(id).isOver());
        assertThat(b.find(id).done()).isEqualTo(150);
        assertThat(b.entries("user.disabled")).isEqualTo(150);
    }

    /// A job to disable people that another node is at, which has done nothing of it yet.
    private static UUID claimed(BulkOrg b, List<User> people) {
        var id = roster.db().sources().ids().next();
        roster.db().note(tx -> {
            var job =
                new Jobs.New(id, b.org().id(), DISABLE, b.org().founder().user().id(), "request", Optional.empty(),
                    Optional.empty(), people.size());
            Jobs.add(tx, job, Bulk.CLAIM);
            Jobs.addItems(tx, job, BulkOrg.items(people));
            return true;
        });
        return id;
    }

    private static void expire(UUID job) {
        roster.sql("UPDATE bulk_jobs SET claimed_until = roster_now() + interval '200 ms' WHERE id = ?", job);
    }

    /// No one is reached twice for those who are not there any more.
    @Test
    void who_is_anonymised_before_a_job_reaches_them_is_skipped() {
        var b = BulkOrg.in(roster, "gaps");
        var people = b.people(180);
        var id = claimed(b, people);
        for (int gone : new int[] {0, 20, 49, 50, 179}) {
            roster.program().anonymisation.anonymisation.anonymise(b.founder(),
                List.of(people.get(gone).id().toString()));
        }
        expire(id);
        Await.until("the job is over", () -> b.find(id).isOver());
        var over = b.find(id);
        assertThat(over.state()).isEqualTo(Job.State.FINISHED);
        assertThat(over.done()).isEqualTo(175);
        assertThat(over.skipped()).isEqualTo(5);
        assertThat(over.notReached()).isZero();
        assertThat(b.lines(over, JobItems.Segment.ALL)).hasSize(175).containsOnly("done");
        assertThat(b.entries("user.disabled")).isEqualTo(175);
        var undo = b.over(b.bulk().undo(b.founder(), over).orElseThrow());
        assertThat(undo.done()).isEqualTo(175);
    }

    /// What became of each is stored with each, however it lies between the others.
    @Test
    void results_of_all_kinds_are_stored_with_whom_they_are_of() {
        var b = BulkOrg.in(roster, "kinds");
        var people = b.people(140);
        var support = b.org().newRole("Support", List.of());
        b.org().write(tx -> {
            for (int i = 0; i < people.size(); i += 7) {
                roster.program().user.users.disable(tx, people.get(i).id().toString());
            }
            return null;
        });
        var items = BulkOrg.items(people);
        for (int i = 0; i < 20; i++) {
            items.add(i * 7 + 3, new Item.Newcomer("new%d@bulk.test".formatted(i),
                i % 2 == 0 ? Optional.of("New " + i) : Optional.of("x".repeat(56)), Optional.empty(),
                List.of(support)));
        }
        var job = b.over(b.begin(b.founder(), new Order(Act.INVITE, List.of(), false), items));
        b.assertCounted(job);
        var lines = b.lines(job, JobItems.Segment.ALL);
        for (int i = 0; i < items.size(); i++) {
            assertThat(lines.get(i)).as("line %d", i).isEqualTo(switch (items.get(i)) {
                case Item.Newcomer one when one.name().orElse("").startsWith("New") -> "done";
                case Item.Newcomer _ -> "refused invalid name: Longer than maximum length 55.";
                case Item.OfUser(var id) when people.stream().map(User::id).toList().indexOf(id) % 7 == 0 ->
                    "refused disabled";
                default -> "done";
            });
        }
        assertThat(roster.sqlValue("""
            SELECT count(*) FROM bulk_items i JOIN users u ON u.org_id = i.org_id AND u.id = i.user_id
             WHERE i.org_id = ? AND i.job_id = ? AND u.email LIKE 'new%' AND i.email IS NULL AND i.name IS NULL
            """, b.org().id().value(), job.id())).as("known by their user from then on").isEqualTo(10L);
    }

    @Test
    void two_nodes_share_jobs_and_do_everything_once() {
        var b = BulkOrg.in(roster, "shared");
        try (var _ = roster.anotherNode(Map.of())) {
            var jobs = new ArrayList<Job>();
            for (int i = 0; i < 4; i++) {
                jobs.add(b.begin(b.founder(), DISABLE, BulkOrg.items(b.people("n%d-".formatted(i), 300))));
            }
            jobs.forEach(job -> assertThat(b.over(job).done()).isEqualTo(300));
        }
        assertThat(b.entries("user.disabled")).isEqualTo(1200);
    }

    @Test
    void selections_are_their_makers_and_mean_all_who_match_at_the_time() {
        var b = BulkOrg.in(roster, "selected");
        b.people(30);
        var query = new PeopleQuery(Optional.of("p1"), PeopleFilter.of(PeopleFilter.Kind.PEOPLE), UserQuery.Sort.EMAIL,
            false);
        var selections = roster.program().bulk.selections;
        var made = selections.add(b.founder(), new Chosen.Matching(query, ZoneId.of("Europe/Vienna")));
        var found = selections.find(b.founder(), made.id()).orElseThrow();
        assertThat(found).isEqualTo(made);
        assertThat(b.bulk().items(b.founder(), found.chosen())).hasSize(11);
        b.people("p1x", 1);
        assertThat(b.bulk().items(b.founder(), found.chosen())).as("one more by now").hasSize(12);

        assertThat(selections.find(b.caller(b.org().newAdmin("other@bulk.test")), made.id())).isEmpty();
        assertThat(selections.find(BulkOrg.in(roster, "elsewhere").founder(), made.id())).isEmpty();
        roster.sql("UPDATE selections SET good_until = roster_now() WHERE id = ?", made.id());
        assertThat(selections.find(b.founder(), made.id())).as("after a day").isEmpty();
        var pasted =
            new Chosen.Pasted(PastedText.of("Ann <ann@x.example>"), List.of(b.org().managed(Role.Managed.ADMIN)),
                false);
        var kept = selections.add(b.founder(), pasted);
        assertThat(selections.find(b.founder(), kept.id()).orElseThrow().chosen()).isEqualTo(pasted);
    }

    @Test
    void who_may_not_do_it_begins_nothing() {
        var b = BulkOrg.in(roster, "maynot");
        var someone = b.caller(b.org().newUser("someone@bulk.test"), Permission.USER_ACCESS_INVITE);
        var items = BulkOrg.items(b.people(1));
        for (var act : List.of(Act.DISABLE, Act.ENABLE, Act.GIVE_ROLES, Act.TAKE_ROLES)) {
            assertThat(
                catchThrowableOfType(Refused.class, () -> b.begin(someone, Order.of(act), items)).problem())
                .isEqualTo(new Problem.Forbidden(Permission.USER_ACCESS_MANAGE));
            assertThat(catchThrowableOfType(Refused.class, () -> b.bulk().rehearse(someone, Order.of(act), items))
                .problem()).isEqualTo(new Problem.Forbidden(Permission.USER_ACCESS_MANAGE));
        }
        assertThat(roster.sqlValue("SELECT count(*) FROM bulk_jobs WHERE org_id = ?", b.org().id().value()))
            .isEqualTo(0L);
    }

    @Test
    void a_rehearsal_leaves_nothing_and_says_what_the_job_then_does() {
        var b = BulkOrg.in(roster, "rehearsed");
        var items = BulkOrg.items(b.people(600));
        b.begin(b.founder(), DISABLE, items.subList(0, 50));
        var version = b.org().version();
        var rehearsal = b.bulk().rehearse(b.founder(), DISABLE, items);
        assertThat(b.org().version()).isEqualTo(version);
        assertThat(b.entries("user.disabled")).isEqualTo(50);
        var job = b.over(b.begin(b.founder(), DISABLE, items));
        if (rehearsal.isWhole()) { // a busy machine may rehearse fewer
            assertThat(rehearsal.count(Result.Outcome.DONE)).isEqualTo(job.done());
        }
        assertThat(rehearsal.count(Result.Outcome.SKIPPED)).isEqualTo(50);
        assertThat(job.done()).isEqualTo(550);
    }

    @Test
    void nothing_stays_of_who_is_anonymised() {
        var b = BulkOrg.in(roster, "forgotten");
        var people = b.people(2);
        var job = b.begin(b.founder(), DISABLE, BulkOrg.items(people));
        roster.program().bulk.selections.add(b.founder(),
            new Chosen.Pasted(PastedText.of("Ann <P0@bulk.test>"), List.of(), true));
        b.begin(b.founder(), Order.of(Act.INVITE), List.of(
            new Item.Newcomer("p0@bulk.test", Optional.of("Person 0"), Optional.empty(), List.of())));
        var who = people.getFirst();
        roster.program().anonymisation.anonymisation.anonymise(b.founder(), List.of(who.id().toString()));
        assertThat(roster.program().anonymisation.leftovers.of(b.org().id(), who.id(), "p0@bulk.test").places())
            .isEmpty();
        assertThat(b.find(job.id()).done()).isEqualTo(2);
    }
}
