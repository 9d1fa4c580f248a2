package roster.core.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import roster.base.source.Ids;
import roster.core.bulk.JobItems.Segment;
import roster.core.user.NewUsers.Made;
import roster.core.user.NewUsers.Wish;
import roster.model.Caller;
import roster.model.Permission;
import roster.model.User;
import roster.support.Await;
import roster.support.TestOrg;
import roster.support.TestRoster;
import roster.support.TestUser;

/// An organisation in which tests act on many people.
record BulkOrg(TestRoster roster, TestOrg org) {
    static BulkOrg in(TestRoster roster, String name) {
        return new BulkOrg(roster, roster.newOrg(name));
    }

    Bulk bulk() {
        return roster.program().bulk.bulk;
    }

    Job begin(Caller caller, Order order, List<Item> items) {
        return bulk().begin(caller, bulk().newId(), order, items);
    }

    /// Pending people `p0@…` and so on.
    List<User> people(int count) {
        return people("p", count);
    }

    List<User> people(String prefix, int count) {
        var wishes = IntStream.range(0, count).mapToObj(i -> new Wish("%s%d@bulk.test".formatted(prefix, i),
            Optional.of("Person " + i), Optional.empty(), List.of())).toList();
        return org.write(tx -> roster.program().user.newUsers.createAll(tx, wishes)).stream()
            .map(made -> ((Made.Created) made).user()).toList();
    }

    static List<Item> items(List<User> users) {
        return new ArrayList<>(users.stream().map(user -> new Item.OfUser(user.id())).toList());
    }

    /// The administrator it was founded with, as a caller.
    Caller founder() {
        return caller(org.founder(), Permission.USER_ACCESS_MANAGE, Permission.USER_ACCESS_INVITE,
            Permission.USER_ACCESS_READ);
    }

    Caller caller(TestUser user, Permission... permissions) {
        return new Caller(Caller.Kind.USER, org.id(), Optional.of(user.user().id()), user.user().handle(),
            Caller.Credentials.NONE, Set.of(permissions), 0, 0, List.of(), new Ids().next().toString(),
            Optional.of("192.0.2.7"));
    }

    /// The job once it is over.
    Job over(Job job) {
        Await.until("job " + job.id() + " is over", () -> find(job.id()).isOver());
        return find(job.id());
    }

    Job find(UUID job) {
        return bulk().find(founder(), job).orElseThrow();
    }

    List<String> lines(Job job, Segment segment) {
        return roster.program().bulk.items.page(job, segment, -1, 1000).stream()
            .map(line -> line.outcome().map(Result.Outcome::text).orElse("-")
                + line.reason().map(reason -> " " + reason.text()).orElse("")
                + (line.detail().isEmpty() ? "" : " " + line.detail()))
            .toList();
    }

    long entries(String action) {
        return (long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = ?",
            org.id().value(), action);
    }

    /// That counts, lines and the sum agree.
    void assertCounted(Job job) {
        for (var outcome : EnumSet.allOf(Result.Outcome.class)) {
            assertThat(roster.sqlValue("""
                SELECT count(*) FROM bulk_items WHERE org_id = ? AND job_id = ? AND outcome = ?
                """, org.id().value(), job.id(), outcome.text())).as(outcome.text()).isEqualTo(switch (outcome) {
                case DONE -> job.done();
                case SKIPPED -> job.skipped();
                case REFUSED -> job.refused();
            });
        }
        assertThat(roster.sqlValue("SELECT count(*) FROM bulk_items WHERE org_id = ? AND job_id = ?", org.id().value(),
            job.id())).isEqualTo(job.people());
    }
}
