package roster.core.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.core.bulk.JobItems.Segment;
import roster.model.Permission;
import roster.model.Role;
import roster.model.User;
import roster.support.TestRoster;

/// What each act does with each person, and that one refusal stops no other.
@Timeout(120)
class BulkActsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static Order order(Act act, Role.Id... roles) {
        return new Order(act, List.of(roles), true);
    }

    private static List<Item> with(List<Item> some, Item... more) {
        var all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void people_are_disabled_and_enabled_again() {
        var b = BulkOrg.in(roster, "switched");
        var people = b.people(3);
        var keyed = b.org().newUser("keyed@bulk.test");
        var items = with(BulkOrg.items(people), new Item.OfUser(keyed.user().id()),
            new Item.OfUser(new User.Id(UUID.randomUUID())));
        b.org().write(tx -> {
            roster.program().user.users.disable(tx, people.getFirst().id().toString());
            return null;
        });

        var job = b.begin(b.founder(), order(Act.DISABLE), items);

        assertThat(job.state()).as("done before the answer").isEqualTo(Job.State.FINISHED);
        assertThat(b.lines(job, Segment.ALL)).containsExactly("skipped already", "done", "done", "done",
            "skipped not_here");
        assertThat(keyed.get("/api/v2/users").status()).as("its key").isEqualTo(403);
        assertThat(roster.sqlValue("SELECT count(*) FROM application_keys WHERE org_id = ? AND user_id = ?",
            b.org().id().value(), keyed.user().id().value())).isEqualTo(0L);
        assertThat(b.entries("user.disabled")).isEqualTo(4);
        b.assertCounted(job);

        var undone = b.bulk().undo(b.founder(), job).orElseThrow();
        assertThat(b.lines(undone, Segment.ALL)).containsExactly("done", "done", "done");
        assertThat(b.find(job.id()).canBeUndone()).as("twice").isFalse();
        assertThat(b.entries("user.enabled")).isEqualTo(3);
        assertThat(b.org().founder().get("/api/v2/users/" + people.getFirst().id()).text())
            .contains("\"disabled\":true");
        assertThat(b.org().founder().get("/api/v2/users/" + people.getLast().id()).text())
            .contains("\"disabled\":false");
    }

    @Test
    void the_last_administrator_stays_and_all_others_go() {
        var b = BulkOrg.in(roster, "lastone");
        var other = b.org().newAdmin("other@bulk.test");
        var items = with(BulkOrg.items(b.people(2)), new Item.OfUser(other.user().id()),
            new Item.OfUser(b.org().founder().user().id()));
        var rehearsed = b.bulk().rehearse(b.founder(), order(Act.DISABLE), items);
        assertThat(rehearsed.count(Result.Outcome.DONE)).isEqualTo(3);
        assertThat(rehearsed.reasons(Result.Outcome.REFUSED))
            .isEqualTo(Map.of(Result.Reason.LAST_ADMINISTRATOR, 1L));
        assertThat(b.entries("user.disabled")).isZero();

        var job = b.begin(b.founder(), order(Act.DISABLE), items);

        assertThat(b.lines(job, Segment.ALL)).containsExactly("done", "done", "done", "refused last_administrator");
    }

    @Test
    void roles_are_given_and_taken() {
        var b = BulkOrg.in(roster, "roles");
        var support = b.org().newRole("Support", List.of());
        var people = b.people(20);
        b.org().write(tx -> {
            roster.program().user.members.add(tx, roster.program().role.roles.named(tx, tx.org(), support.toString()),
                people.getFirst());
            return null;
        });
        var job = b.begin(b.founder(), order(Act.GIVE_ROLES, support), BulkOrg.items(people));
        assertThat(job.done()).isEqualTo(19);
        assertThat(job.skipped()).isEqualTo(1);
        assertThat(b.org().founder().get("/api/v2/roles/" + support + "/users?page[size]=50").each("/data", "/id"))
            .hasSize(20);
        b.assertCounted(job);

        var back = b.bulk().undo(b.founder(), job).orElseThrow();
        assertThat(back.done()).isEqualTo(19);
        assertThat(b.org().founder().get("/api/v2/roles/" + support + "/users").each("/data", "/id"))
            .containsExactly(people.getFirst().id().toString());
        assertThat(b.entries("role.member_added")).isEqualTo(20);
        assertThat(b.entries("role.member_removed")).isEqualTo(19);
    }

    @Test
    void the_admin_role_is_taken_from_all_but_the_last() {
        var b = BulkOrg.in(roster, "admins");
        var admin = b.org().managed(Role.Managed.ADMIN);
        var items = List.<Item>of(new Item.OfUser(b.org().newAdmin("a@bulk.test").user().id()),
            new Item.OfUser(b.org().founder().user().id()), new Item.OfUser(b.people(1).getFirst().id()));
        var job = b.begin(b.founder(), order(Act.TAKE_ROLES, admin), items);
        assertThat(b.lines(job, Segment.ALL)).containsExactly("done", "refused last_administrator", "skipped already");
    }

    @Test
    void a_role_that_is_gone_is_said_so() {
        var b = BulkOrg.in(roster, "norole");
        var job = b.begin(b.founder(), order(Act.GIVE_ROLES, new Role.Id(UUID.randomUUID())),
            BulkOrg.items(b.people(2)));
        assertThat(b.lines(job, Segment.REFUSED)).containsExactly("refused no_role", "refused no_role");
    }

    @Test
    void people_are_invited_new_or_known() {
        var b = BulkOrg.in(roster, "invited");
        var support = b.org().newRole("Support", List.of());
        var member = b.org().newUser("member@bulk.test");
        var gone = b.people("gone", 1).getFirst();
        b.org().write(tx -> {
            roster.program().user.users.disable(tx, gone.id().toString());
            return null;
        });
        var pending = b.people("pending", 1).getFirst();
        var machine = b.org().newServiceAccount("machine@bulk.test", List.of());
        var items = List.<Item>of(newcomer("new@bulk.test"), newcomer("member@bulk.test"), newcomer("gone0@bulk.test"),
            newcomer("pending0@bulk.test"), new Item.OfUser(machine.id()), new Item.OfUser(member.user().id()),
            new Item.Newcomer("long@bulk.test", Optional.of("x".repeat(56)), Optional.empty(), List.of()),
            new Item.Newcomer("role@bulk.test", Optional.empty(), Optional.empty(),
                List.of(new Role.Id(UUID.randomUUID()))));

        var job = b.begin(b.founder(), order(Act.INVITE, support), items);

        assertThat(b.lines(job, Segment.ALL)).containsExactly("done", "skipped member", "refused disabled", "done",
            "refused service_account", "skipped member", "refused invalid name: Longer than maximum length 55.",
            "refused no_role");
        assertThat(b.entries("invitation.sent")).isEqualTo(2);
        assertThat(b.org().founder().get("/api/v2/roles/" + support + "/users").each("/data", "/attributes/email"))
            .containsExactlyInAnyOrder("new@bulk.test", "pending0@bulk.test");
        assertThat(roster.sqlValue("SELECT count(*) FROM letters WHERE org_id = ?", b.org().id().value()))
            .isEqualTo(2L);
        assertThat(
            roster.sqlValue("SELECT count(*) FROM bulk_items WHERE org_id = ? AND outcome = 'done' AND email IS NULL",
                b.org().id().value()))
            .as("known by their user from then on").isEqualTo(1L);
        assertThat(pending.id()).isNotNull();

        var cancelled = b.begin(b.founder(), order(Act.CANCEL_INVITATIONS),
            List.of(new Item.OfUser(pending.id()), new Item.OfUser(member.user().id())));
        assertThat(b.lines(cancelled, Segment.ALL)).containsExactly("done", "skipped nothing_open");
        assertThat(b.entries("invitation.cancelled")).isEqualTo(1);
    }

    private static Item newcomer(String email) {
        return new Item.Newcomer(email, Optional.empty(), Optional.empty(), List.of());
    }

    @Test
    void people_can_be_added_without_an_email() {
        var b = BulkOrg.in(roster, "added");
        var job =
            b.begin(b.founder(), new Order(Act.INVITE, List.of(), false), List.of(newcomer("a@bulk.test")));
        assertThat(job.done()).isEqualTo(1);
        assertThat(b.entries("user.created")).isEqualTo(2);
        assertThat(b.entries("invitation.sent")).isZero();
    }

    /// P5: inviters give the roles that they have themselves.
    @Test
    void inviters_give_no_more_than_they_hold() {
        var b = BulkOrg.in(roster, "inviters");
        var own = b.org().newRole("Inviters", List.of("user_access_invite"));
        var inviter = b.org().newUserWith("inviter@bulk.test", List.of(own.toString()));
        var caller = b.caller(inviter, Permission.USER_ACCESS_INVITE);
        var admin = b.org().managed(Role.Managed.ADMIN);
        var job = b.begin(caller, order(Act.INVITE, admin), List.of(newcomer("x@bulk.test")));
        assertThat(b.lines(job, Segment.ALL)).containsExactly("refused not_allowed Datadog Admin Role");
        var may = b.begin(caller, order(Act.INVITE, own), List.of(newcomer("x@bulk.test")));
        assertThat(may.done()).isEqualTo(1);
        assertThat(b.bulk().find(caller, may.id())).isPresent();
        assertThat(b.bulk().find(b.caller(b.org().newUser("z@bulk.test")), may.id())).as("to another").isEmpty();
    }
}
