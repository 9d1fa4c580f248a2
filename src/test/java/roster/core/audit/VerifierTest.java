package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.work.DueTable.Claim;
import roster.base.work.Stop;
import roster.core.audit.Verification.State;
import roster.core.user.NewUsers;
import roster.support.Await;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Trails are verified in the background: one at a time, in stretches that any node goes on with.
@Timeout(120)
class VerifierTest {
    /// More entries than one stretch has.
    private static final int MANY = 6_000;

    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_INVITES_PER_ORG", "1000/1h"));

    private static Verifications verifications() {
        return roster.program().audit().verifications;
    }

    private static Verifications.Standing standing(TestOrg org) {
        return roster.db().read(tx -> verifications().standing(tx, org.id()));
    }

    private static Verification latest(TestOrg org) {
        return roster.db().read(tx -> verifications().newest(tx, org.id(), 1)).getFirst();
    }

    private static Optional<TrailOfUser.Place> broken(TestOrg org) {
        return roster.db().read(tx -> verifications().brokenLater(tx, org.id()).get());
    }

    /// Asks the running server.
    private static Verification verified(TestOrg org, boolean whole) {
        Await.until("none that the server has begun by itself is open", () -> verifications().ask(org.id(), whole));
        Await.until("it is verified", () -> standing(org).open().isEmpty());
        return latest(org);
    }

    private static long entries(TestOrg org) {
        return (long) roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ?", org.id().value());
    }

    private static void edit(TestOrg org, String sql) {
        roster.sql(sql + " RETURNING 1", org.id().value());
    }

    @Test
    void what_came_since_is_verified_and_the_whole_on_demand() {
        var org = roster.newOrg("since");
        org.newPending("one@since.test");
        var first = verified(org, false);
        assertThat(first).extracting(Verification::whole, Verification::state, Verification::entries)
            .containsExactly(true, State.GOOD, entries(org));
        assertThat(first.place().version()).isEqualTo(org.version());
        assertThat(first.percent()).isEqualTo(100);

        org.newPending("two@since.test");
        var second = verified(org, false);
        assertThat(second).extracting(Verification::whole, Verification::state, Verification::entries)
            .containsExactly(false, State.GOOD, entries(org) - first.entries());

        var whole = verified(org, true);
        assertThat(whole).extracting(Verification::whole, Verification::entries).containsExactly(true, entries(org));
        assertThat(standing(org).broken()).isEmpty();
    }

    @Test
    void a_broken_trail_stays_broken_until_the_whole_of_it_is_good() {
        var org = roster.newOrg("broken");
        org.newPending("one@broken.test");
        org.newPending("two@broken.test");
        var name = (String) roster.sqlValue(
            "SELECT actor_name FROM audit_entries WHERE org_id = ? AND version = 2 AND entry = 1", org.id().value());
        edit(org, "UPDATE audit_entries SET actor_name = 'eve' WHERE org_id = ? AND version = 2");

        var broken = verified(org, true);
        assertThat(broken.state()).isEqualTo(State.BROKEN);
        assertThat(broken.faults()).singleElement().asString().startsWith("entry 2.1 was altered");
        assertThat(standing(org).broken()).contains(new TrailOfUser.Place(2, 1));
        assertThat(broken(org)).contains(new TrailOfUser.Place(2, 1));
        assertThat(roster.sqlValue("SELECT string_agg(t::text, ' ') FROM trail_verifications t WHERE org_id = ?",
            org.id().value()).toString()).as("names are not kept").doesNotContain("broken.test");

        org.newPending("three@broken.test");
        assertThat(verified(org, false)).as("not only what came since").extracting(Verification::whole,
            Verification::state).containsExactly(true, State.BROKEN);

        edit(org, "UPDATE audit_entries SET actor_name = '" + name + "' WHERE org_id = ? AND version = 2");
        assertThat(verified(org, false).state()).isEqualTo(State.GOOD);
        assertThat(standing(org).broken()).isEmpty();
        assertThat(broken(org)).isEmpty();
    }

    @Test
    void an_end_that_was_cut_off_is_missed_by_what_was_verified_before() {
        var org = roster.newOrg("cut");
        IntStream.range(0, 4).forEach(i -> org.newPending("u%d@cut.test".formatted(i)));
        verified(org, true);
        var last = org.version();
        edit(org, "DELETE FROM audit_entries WHERE org_id = ? AND version > 2");
        edit(org, """
            UPDATE orgs o SET version = 2, stamp = e.stamp, trail_version = 2, trail_entry = 1, trail_seal = e.seal
              FROM audit_entries e WHERE o.id = ? AND e.org_id = o.id AND e.version = 2 AND e.entry = 1
            """);

        assertThat(verified(org, false).faults()).singleElement().asString()
            .contains("the trail ends with 2.1, but was verified up to %d.".formatted(last));
        assertThat(verified(org, true).faults()).singleElement().asString()
            .contains("the trail has no entry %d.".formatted(last));
    }

    @Test
    void what_others_wrote_into_the_table_is_not_believed() {
        var org = roster.newOrg("forged");
        org.newPending("one@forged.test");
        verified(org, true);
        edit(org, "UPDATE audit_entries SET actor_name = 'eve' WHERE org_id = ? AND version = 2");
        org.newPending("two@forged.test");
        edit(org, """
            UPDATE trail_verifications t SET reached_version = o.trail_version, reached_entry = o.trail_entry, seal = o.trail_seal
              FROM orgs o WHERE o.id = t.org_id AND t.org_id = ?
            """);

        assertThat(standing(org).good()).isEmpty();
        var next = verified(org, false);
        assertThat(next.whole()).isTrue();
        assertThat(next.state()).isEqualTo(State.BROKEN);
    }

    /// Works on one alone, as a node does that has claimed it.
    private static Claim<Boolean> claimed(TestOrg org, boolean whole) {
        var found = Optional.<Claim<Boolean>>empty();
        while (found.isEmpty()) { // unless a worker of the server was faster
            Await.until("nothing is verified", () -> standing(org).open().isEmpty());
            var apart = new Verifications(roster.db(), roster.program().audit().trail); // rings for no worker
            apart.ask(org.id(), whole);
            found = roster.db().note(tx -> Verifications.DUE.claim(tx, org.id(), Duration.ofMinutes(5)));
        }
        return found.get();
    }

    @Test
    void a_long_one_goes_on_elsewhere_where_it_stopped() {
        var org = roster.newOrg("long");
        Supplier<List<NewUsers.Wish>> some = () -> IntStream.range(0, MANY / 3)
            .mapToObj(i -> new NewUsers.Wish("u%d.%d@long.test".formatted(i, System.nanoTime()), Optional.empty(),
                Optional.empty(), List.of()))
            .toList();
        for (var i = 0; i < 3; i++) {
            var wishes = some.get();
            org.write(tx -> roster.program().user.newUsers.createAll(tx, wishes));
        }
        var claim = claimed(org, true);
        var trail = roster.program().audit().trail;

        new Verifier(roster.db(), trail, verifications()).turn(claim, Duration.ZERO, new Stop());
        var half = latest(org);
        assertThat(half.state()).isEqualTo(State.RUNNING);
        assertThat(half.entries()).isBetween(1L, entries(org) - 1);
        assertThat(half.percent()).isBetween(1, 99);
        assertThat(verifications().ask(org.id(), true)).as("one at a time").isFalse();

        new Verifier(roster.db(), trail, new Verifications(roster.db(), trail)).turn(claim, Duration.ZERO, new Stop());
        assertThat(latest(org)).extracting(Verification::id, Verification::state, Verification::entries)
            .containsExactly(half.id(), State.GOOD, entries(org));
    }

    @Test
    void a_node_whose_claim_ran_out_changes_nothing() {
        var org = roster.newOrg("late");
        var claim = claimed(org, true);
        roster
            .sql("UPDATE trail_verifications SET claimed_until = roster_now() + interval '4 minutes' WHERE org_id = ? "
                + "RETURNING 1", org.id().value());
        new Verifier(roster.db(), roster.program().audit().trail, verifications()).turn(claim, Duration.ZERO,
            new Stop());
        assertThat(latest(org).state()).isEqualTo(State.WAITING);
        edit(org, "UPDATE trail_verifications SET claimed_until = NULL WHERE org_id = ?");
        Await.until("another node goes on", () -> latest(org).state() == State.GOOD);
    }

    @Test
    void trails_become_due_by_themselves() {
        var org = roster.newOrg("due");
        var schedule = roster.program().audit().verifications;
        schedule.schedule(new Stop());
        Await.until("a new one is verified", () -> standing(org).good().isPresent());

        schedule.schedule(new Stop());
        assertThat(standing(org).open()).as("nothing came since").isEmpty();
        org.newPending("one@due.test");
        schedule.schedule(new Stop());
        assertThat(standing(org).open()).as("it was a moment ago").isEmpty();

        edit(org, "UPDATE trail_verifications SET created_at = created_at - interval '2 hours' WHERE org_id = ?");
        schedule.schedule(new Stop());
        Await.until("what came since is verified",
            () -> latest(org).state() == State.GOOD && latest(org).place().version() == org.version());
        assertThat(latest(org).whole()).isFalse();

        edit(org, "UPDATE trail_verifications SET created_at = created_at - interval '8 days' WHERE org_id = ?");
        schedule.schedule(new Stop());
        Await.until("all of it is verified", () -> latest(org).whole() && latest(org).state() == State.GOOD);

        edit(org, """
            UPDATE trail_verifications SET created_at = created_at - interval '20 days', ended_at = ended_at
                   - interval '20 days' WHERE org_id = ?""");
        schedule.schedule(new Stop());
        Await.until("it is due again", () -> standing(org).open().isEmpty());
        assertThat(roster.sqlValue("SELECT count(*) FROM trail_verifications WHERE org_id = ?", org.id().value()))
            .as("old ones go, but for the latest").isEqualTo(2L);
    }
}
