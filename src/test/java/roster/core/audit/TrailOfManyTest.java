package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.core.user.NewUsers;
import roster.support.TestRoster;

/// The trail of a write that creates many users at once.
class TrailOfManyTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 30})
    void an_import_after_a_hand_edit_seals_its_entry(int users) {
        var org = roster.newOrg("many");
        roster.sql("SELECT roster_touch(?, 'mended by hand')", org.id().value());

        org.write(tx -> roster.program().user.newUsers.createAll(tx, IntStream.range(0, users)
            .mapToObj(i -> new NewUsers.Wish("u%d@acme.test".formatted(i), Optional.of("U"), Optional.empty(),
                List.of()))
            .toList()));

        var verdict = roster.program().audit().trail.verify(org.id(), Optional.empty());
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.unsealed()).isZero();
        assertThat(roster.sqlValue("SELECT count(*) FROM audit_entries WHERE org_id = ? AND action = 'user.created' "
            + "AND seal IS NOT NULL AND subject_name LIKE 'u%'", org.id().value())).isEqualTo((long) users);
    }
}
