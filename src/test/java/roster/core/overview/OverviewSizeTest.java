package roster.core.overview;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.Tx;
import roster.core.audit.Happenings;
import roster.model.Role;
import roster.support.Await;
import roster.support.TableReads;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// What pages of the console ask of a large organisation is found without reading all of it, though most organisations beside it
/// are small and PostgreSQL takes each for one of these: section 10 of what the console is to do.
class OverviewSizeTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    /// More than the indexes have of earlier changes, and less than the organisation has of anything.
    private static final long MOST = 200;
    private static final int MANY = 3000;

    private final TestOrg org = roster.newOrg("acme");
    private Role role;

    @BeforeEach
    void fill() {
        var id = org.newRole("Support", List.of());
        role = Await.read(roster.db(), tx -> roster.program().role.roles.find(tx, org.id(), id)).orElseThrow();
        roster.sql("""
            WITH others AS MATERIALIZED (SELECT gen_random_uuid() AS id FROM generate_series(1, 2500))
            INSERT INTO users (org_id, id, email, handle, verified, created_at, modified_at, version)
            SELECT org, gen_random_uuid(), address, address, true, now(), now(), 1
              FROM (SELECT ?::uuid AS org, 'n' || i || '@acme.test' AS address FROM generate_series(1, ?) AS i
                     UNION ALL
                    SELECT id, 'k' || i || '@other.test' FROM others CROSS JOIN generate_series(1, 4) AS i) AS u
            """, org.id().value(), MANY);
        roster.sql("""
            INSERT INTO role_members (org_id, role_id, user_id, version)
            SELECT org_id, ?, id, 1 FROM users WHERE org_id = ? AND email LIKE 'n%'
            """, role.id().value(), org.id().value());
        roster.sql("""
            INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                       actor_kind, actor_name, request_id)
            SELECT org_id, 1000 + i, 1, now(), 1, 'user.created', 'user', id, email, 'CLI', 'cli:test', 'r'
              FROM (SELECT org_id, id, email, row_number() OVER () AS i FROM users WHERE org_id = ? OR email LIKE 'k%') u
            ON CONFLICT DO NOTHING
            """, org.id().value());
        roster.sql("ANALYZE users, role_members, roles, audit_entries");
    }

    private void looked(Consumer<Tx> work) {
        var read = Await.read(roster.db(), tx -> TableReads.of(tx, work));
        assertThat(read.values()).as(read.toString()).allSatisfy(n -> assertThat(n).isLessThan(MOST));
    }

    @Test
    void sign_ins_of_today_are_counted_among_other_entries() {
        looked(tx -> assertThat(
            roster.program().overview.days.signIns(tx, org.id(), Instant.now().minus(Duration.ofDays(1))))
            .isZero());
    }

    @Test
    void the_latest_changes_are_found_at_the_end_of_the_trail() {
        looked(tx -> assertThat(Happenings.latest(tx, org.id(), 8)).hasSize(8));
    }

    @Test
    void administrators_without_a_second_factor_are_found_among_all_users() {
        looked(tx -> assertThat(roster.program().overview.attention.administrators(tx, org.id()).people()).isOne());
    }

    @Test
    void whether_a_role_may_be_deleted_is_known_without_its_members() {
        looked(tx -> roster.program().role.roles.mustBeDeletable(tx, role));
    }
}
