package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;
import static roster.base.db.AccessChange.EVERYONE;
import static roster.base.db.AccessChange.NONE;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import roster.base.db.OrgVersions.State;
import roster.base.db.OrgVersions.Told;
import roster.base.source.Ids;
import roster.model.Caller;
import roster.model.Org;
import roster.model.User;

/// Callers need a second check if their state could be of another history, or from before a change of access.
class SameAccessTest {
    private static final UUID USER = new Ids().next();
    private static final UUID OTHER = new Ids().next();

    private final SameAccess access = new SameAccess();
    private final Org.Id org = new Org.Id(new Ids().next());
    private final Random stamps = new Random(3);

    private State at(long version) {
        return new State(version, stamps.nextLong());
    }

    private static Caller caller(Org.Id org, UUID user, State admitted) {
        return Caller.invitee(org, new User.Id(user), "request", Optional.empty())
            .at(admitted.version(), admitted.stamp());
    }

    /// One committed write.
    private State wrote(State began, AccessChange change) {
        var course = access.from(org, began);
        var state = at(began.version() + 1);
        course.wrote(state, change);
        course.committed();
        return state;
    }

    @Test
    void holds_over_writes_that_leave_access_alone_and_ends_with_one_that_does_not() {
        var one = at(1);
        var two = wrote(one, NONE);
        var three = wrote(two, NONE);
        assertThat(access.keeps(caller(org, USER, one), three)).isTrue();
        assertThat(access.keeps(caller(new Org.Id(new Ids().next()), USER, one), three)).isFalse();
        var four = wrote(three, EVERYONE);
        var five = wrote(four, NONE);
        assertThat(access.keeps(caller(org, USER, three), four)).isFalse();
        assertThat(access.keeps(caller(org, USER, one), five)).isFalse();
        assertThat(access.keeps(caller(org, USER, four), five)).isTrue();
    }

    @Test
    void knows_nothing_of_what_others_wrote_in_between() {
        var one = at(1);
        var two = wrote(one, NONE);
        var elsewhere = at(3);
        var four = wrote(elsewhere, NONE);
        assertThat(access.keeps(caller(org, USER, two), elsewhere)).isFalse();
        assertThat(access.keeps(caller(org, USER, two), four)).isFalse();
        assertThat(access.keeps(caller(org, USER, elsewhere), four)).isTrue();
    }

    @Test
    void takes_no_state_of_a_lost_history_for_one_of_this() {
        var one = at(1);
        var lost = wrote(wrote(one, NONE), EVERYONE);
        var again = wrote(wrote(one, NONE), NONE);
        assertThat(again.version()).isEqualTo(lost.version());
        assertThat(access.keeps(caller(org, USER, lost), again)).isFalse();
        assertThat(access.keeps(caller(org, USER, one), again)).isTrue();
    }

    @Test
    void within_a_transaction_each_write_counts_at_once_and_none_for_others_before_the_commit() {
        var one = at(1);
        var two = wrote(one, NONE);
        var course = access.from(org, two);
        assertThat(course.keeps(caller(org, USER, one))).isTrue();
        var three = at(3);
        course.wrote(three, EVERYONE);
        assertThat(course.keeps(caller(org, USER, one))).isFalse();
        assertThat(course.keeps(caller(org, USER, two))).isFalse();
        assertThat(course.keeps(caller(org, USER, three))).isTrue();
        assertThat(access.keeps(caller(org, USER, one), two)).isTrue();
        assertThat(access.keeps(caller(org, USER, two), three)).isFalse();
    }

    @Test
    void forgets_the_oldest() {
        var first = at(1);
        var state = first;
        for (int i = 0; i < 600; i++) {
            state = wrote(state, NONE);
        }
        assertThat(access.keeps(caller(org, USER, first), state)).isFalse();
        var last = wrote(state, NONE);
        assertThat(access.keeps(caller(org, USER, state), last)).isTrue();
    }

    @Test
    void a_write_that_changes_the_access_of_some_users_ends_it_for_these_alone() {
        var one = at(1);
        var two = wrote(one, AccessChange.of(OTHER));
        var three = wrote(two, NONE);
        assertThat(access.keeps(caller(org, USER, one), three)).isTrue();
        assertThat(access.keeps(caller(org, OTHER, one), two)).isFalse();
        assertThat(access.keeps(caller(org, OTHER, one), three)).isFalse();
        assertThat(access.keeps(caller(org, OTHER, two), three)).isTrue();
        assertThat(access.keeps(Caller.cli(org, "ops", "request").at(one.version(), one.stamp()), three)).isTrue();
        var four = wrote(three, AccessChange.of(USER).and(AccessChange.of(OTHER)));
        assertThat(access.keeps(caller(org, USER, three), four)).isFalse();
        assertThat(access.keeps(caller(org, OTHER, three), four)).isFalse();
        var five = wrote(four, AccessChange.of(USER).and(EVERYONE));
        assertThat(access.keeps(caller(org, new Ids().next(), four), five)).isFalse();
    }

    @Test
    void within_a_transaction_a_change_of_one_user_counts_for_them_at_once() {
        var one = at(1);
        var two = wrote(one, NONE);
        var course = access.from(org, two);
        course.wrote(at(3), AccessChange.of(OTHER));
        var four = at(4);
        course.wrote(four, NONE);
        for (var before : List.of(one, two)) {
            assertThat(course.keeps(caller(org, USER, before))).isTrue();
            assertThat(course.keeps(caller(org, OTHER, before))).isFalse();
        }
        assertThat(course.keeps(caller(org, OTHER, four))).isTrue();
        course.committed();
        assertThat(access.keeps(caller(org, USER, one), four)).isTrue();
        assertThat(access.keeps(caller(org, OTHER, two), four)).isFalse();
    }

    @Test
    void a_lost_change_of_a_user_is_not_taken_for_one_that_happened() {
        var one = at(1);
        var lost = wrote(one, AccessChange.of(OTHER));
        var again = wrote(one, NONE);
        assertThat(access.keeps(caller(org, OTHER, lost), again)).isFalse();
        assertThat(access.keeps(caller(org, OTHER, one), again)).isTrue();
    }

    @Test
    void forgets_changes_with_the_states_they_came_with() {
        var first = at(1);
        var state = wrote(first, AccessChange.of(OTHER));
        for (int i = 0; i < 600; i++) {
            state = wrote(state, AccessChange.of(i % 2 == 0 ? USER : new Ids().next()));
        }
        assertThat(access.keeps(caller(org, OTHER, first), state)).isFalse();
        assertThat(access.keeps(caller(org, USER, state), wrote(state, NONE))).isTrue();
    }

    @Test
    void of_writes_of_other_nodes_it_knows_what_the_database_tells() {
        var states = List.of(at(1), at(2), at(3), at(4));
        for (var told : List.of(new Told(states.get(0), 7), new Told(states.get(1), 7), new Told(states.get(2), 8))) {
            access.told(org, told);
        }
        assertThat(access.keeps(caller(org, USER, states.get(0)), states.get(1))).isTrue();
        assertThat(access.keeps(caller(org, USER, states.get(0)), states.get(2))).isFalse();
        assertThat(access.keeps(caller(org, USER, states.get(2)), states.get(3))).as("not told").isFalse();
        assertThat(access.keeps(caller(new Org.Id(new Ids().next()), USER, states.get(0)), states.get(1))).isFalse();
        access.told(org, new Told(new State(2, states.get(1).stamp() + 1), 9));
        assertThat(access.keeps(caller(org, USER, states.get(0)), new State(2, states.get(1).stamp() + 1)))
            .as("a version of another history").isFalse();
        for (int i = 0; i < 600; i++) {
            access.told(org, new Told(at(5 + i), 7));
        }
        assertThat(access.keeps(caller(org, USER, states.get(0)), states.get(1))).as("forgotten").isFalse();
    }
}
