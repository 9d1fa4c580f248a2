package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Operator;

/// `roster seed`: people who could be real.
class SeedTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    private static List<String> people(String org) {
        return operator.column("""
            SELECT u.email || '|' || u.name || '|' || u.title || '|' || r.name AS it
              FROM users u JOIN role_members m ON m.org_id = u.org_id AND m.user_id = u.id
              JOIN roles r ON r.org_id = m.org_id AND r.id = m.role_id
             WHERE u.org_id = ? AND u.name IS NOT NULL AND u.title IS NOT NULL
            """, org);
    }

    @Test
    void the_same_seed_makes_the_same_people() {
        var one = operator.newOrg("one");
        var other = operator.newOrg("other");
        var ran = operator.run("seed", "--users", "2500", "--org", one);
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).startsWith("2,500 users added, 0 were there already; ");
        assertThat(ran.err()).contains("Adding users: 2,500 of 2,500, ");
        operator.run("seed", "--users", "2500", "--org", other);

        assertThat(people(one)).hasSize(2500).containsExactlyInAnyOrderElementsOf(people(other));
        assertThat(people(one)).filteredOn(person -> person.endsWith("|Datadog Standard Role")).hasSize(2);
        assertThat(operator.column("SELECT cardinality(permissions)::text AS it FROM roles WHERE org_id = ? "
            + "AND managed IS NULL", one)).containsExactlyInAnyOrder("3", "8", "5", "6", "4");
        assertThat(operator.unaudited(one)).isEmpty();
        assertThat(operator.column("SELECT subject_name AS it FROM audit_entries WHERE org_id = ? "
            + "AND action = 'user.created'", one)).hasSize(2501);
        assertThat(operator.column("SELECT id::text AS it FROM letters WHERE org_id = ?", one)).isEmpty();
    }

    /// As one sees them in the console, of the same ones in each organisation, and as the trail says.
    @Test
    void they_have_joined_signed_in_and_left_as_people_do() {
        var one = operator.newOrg("past");
        var other = operator.newOrg("present");
        for (var org : List.of(one, other)) {
            assertThat(operator.run("seed", "--users", "2500", "--org", org).exit()).isZero();
        }

        assertThat(pasts(one)).hasSize(2500).containsExactlyInAnyOrderElementsOf(pasts(other));
        assertThat(pasts(one)).filteredOn(past -> past.contains("|Active|")).hasSizeBetween(1800, 2150);
        assertThat(pasts(one)).filteredOn(past -> past.contains("|Pending|")).hasSizeBetween(200, 450);
        assertThat(pasts(one)).filteredOn(past -> past.contains("|Disabled|")).hasSizeBetween(120, 300);
        assertThat(operator.column("""
            SELECT u.email AS it FROM users u WHERE u.org_id = ? AND u.name IS NOT NULL
               AND (NOT u.verified AND u.last_login_at IS NOT NULL OR u.last_login_at < u.created_at
                    OR u.last_login_at > u.modified_at OR u.created_at >= u.modified_at)
            """, one)).isEmpty();
        assertThat(operator.column("""
            SELECT email AS it FROM (SELECT email, created_at, lag(created_at) OVER (ORDER BY id) AS earlier
                                       FROM users WHERE org_id = ? AND name IS NOT NULL) u
             WHERE created_at < earlier
            """, one)).as("added in the order of their ids").isEmpty();
        assertThat(operator.column("SELECT email AS it FROM users WHERE org_id = ? AND last_login_at IS NOT NULL", one))
            .hasSizeBetween(1700, 2200);
        assertThat(operator.column("""
            SELECT u.email AS it FROM users u JOIN audit_entries e ON e.org_id = u.org_id AND e.subject_id = u.id
             WHERE u.org_id = ? AND e.action = 'user.created'
               AND ((e.after->>'verified')::boolean, (e.after->>'disabled')::boolean,
                    (e.after->>'created_at')::timestamptz, (e.after->>'last_login_time')::timestamptz)
                   IS NOT DISTINCT FROM (u.verified, u.disabled, u.created_at, u.last_login_at)
               AND u.name IS NOT NULL
            """, one)).hasSize(2500);
    }

    /// Times are counted from the moment at which they were made.
    private static List<String> pasts(String org) {
        return operator.column("""
            SELECT concat_ws('|', email,
                             CASE WHEN disabled THEN 'Disabled' WHEN verified THEN 'Active' ELSE 'Pending' END,
                             extract(epoch FROM modified_at - created_at)::bigint,
                             round(extract(epoch FROM modified_at - last_login_at))::bigint) AS it
              FROM users WHERE org_id = ? AND name IS NOT NULL
            """, org);
    }

    @Test
    void an_organization_with_people_is_left_alone_unless_told_otherwise() {
        var org = operator.newOrg("busy");
        operator.json("user", "create", "bob@acme.test", "--org", org);
        var before = operator.version(org);
        assertThat(operator.run("seed", "--users", "10", "--org", org)).isEqualTo(new Operator.Ran(1, "",
            "roster: the organization has users already; --anyway adds more\n"));
        assertThat(operator.version(org)).isEqualTo(before);

        assertThat(operator.run("seed", "--users", "10", "--org", org, "--anyway").exit()).isZero();
        assertThat(operator.run("seed", "--users", "12", "--org", org, "--anyway").out())
            .startsWith("2 users added, 10 were there already");
        assertThat(operator.run("seed", "--users", "12", "--org", org, "--anyway", "--seed", "2").out())
            .startsWith("12 users added, 0 were there already");
        assertThat(operator.run("seed", "--users", "0", "--org", org).exit()).isEqualTo(2);
    }
}
