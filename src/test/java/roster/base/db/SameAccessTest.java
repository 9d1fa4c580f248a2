package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import roster.base.db.OrgVersions.State;
import roster.base.source.Ids;
import roster.model.Org;

/// Callers need a second check if their state could be of another history, or from before a change of access.
class SameAccessTest {
    private final SameAccess access = new SameAccess();
    private final Org.Id org = new Org.Id(new Ids().next());
    private final Random stamps = new Random(3);

    private State at(long version) {
        return new State(version, stamps.nextLong());
    }

    /// One committed write.
    private State wrote(State began, boolean changingAccess) {
        var course = access.from(org, began);
        var state = at(began.version() + 1);
        course.wrote(state, changingAccess);
        course.committed();
        return state;
    }

    @Test
    void holds_over_writes_that_leave_access_alone_and_ends_with_one_that_does_not() {
        var one = at(1);
        var two = wrote(one, false);
        var three = wrote(two, false);
        assertThat(access.keeps(org, one, three)).isTrue();
        assertThat(access.keeps(new Org.Id(new Ids().next()), one, three)).isFalse();
        var four = wrote(three, true);
        var five = wrote(four, false);
        assertThat(access.keeps(org, three, four)).isFalse();
        assertThat(access.keeps(org, one, five)).isFalse();
        assertThat(access.keeps(org, four, five)).isTrue();
    }

    @Test
    void knows_nothing_of_what_others_wrote_in_between() {
        var one = at(1);
        var two = wrote(one, false);
        var elsewhere = at(3);
        var four = wrote(elsewhere, false);
        assertThat(access.keeps(org, two, elsewhere)).isFalse();
        assertThat(access.keeps(org, two, four)).isFalse();
        assertThat(access.keeps(org, elsewhere, four)).isTrue();
    }

    @Test
    void takes_no_state_of_a_lost_history_for_one_of_this() {
        var one = at(1);
        var lost = wrote(wrote(one, false), true);
        var again = wrote(wrote(one, false), false);
        assertThat(again.version()).isEqualTo(lost.version());
        assertThat(access.keeps(org, lost, again)).isFalse();
        assertThat(access.keeps(org, one, again)).isTrue();
    }

    @Test
    void within_a_transaction_each_write_counts_at_once_and_none_for_others_before_the_commit() {
        var one = at(1);
        var two = wrote(one, false);
        var course = access.from(org, two);
        assertThat(course.keepsSince(one)).isTrue();
        var three = at(3);
        course.wrote(three, true);
        assertThat(course.keepsSince(one)).isFalse();
        assertThat(course.keepsSince(two)).isFalse();
        assertThat(course.keepsSince(three)).isTrue();
        assertThat(access.keeps(org, one, two)).isTrue();
        assertThat(access.keeps(org, two, three)).isFalse();
    }

    @Test
    void forgets_the_oldest() {
        var first = at(1);
        var state = first;
        for (int i = 0; i < 600; i++) {
            state = wrote(state, false);
        }
        assertThat(access.keeps(org, first, state)).isFalse();
        var last = wrote(state, false);
        assertThat(access.keeps(org, state, last)).isTrue();
    }
}
