package roster.door.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Operator;

/// `roster org repair-clock`
@Timeout(180)
class RepairClockCommandTest {
    @RegisterExtension
    static final Operator operator = new Operator();

    private static void setDatabaseClock(Duration ahead) {
        operator.server().roster.kernel().db().note(tx -> tx.update("""
            CREATE OR REPLACE FUNCTION roster_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
            RETURN clock_timestamp() + interval '%d seconds'""".formatted(ahead.toSeconds())));
    }

    private static void write(String org, String email) {
        operator.write(org, tx -> operator.server().roster.user.newUsers.create(tx, email, Optional.empty(),
            Optional.empty(), List.of()));
    }

    @Test
    void an_organization_is_repaired_once_the_clock_is_right_again() {
        var org = operator.newOrg("Acme");
        setDatabaseClock(Duration.ofHours(2));
        write(org, "bob@acme.test");

        var tooEarly = operator.run("org", "repair-clock", "--org", org);
        assertThat(tooEarly.exit()).isEqualTo(1);
        assertThat(tooEarly.err()).contains("the clock of the database says ", "; set them right first");

        setDatabaseClock(Duration.ZERO);
        var ran = operator.run("org", "repair-clock", "--org", org);
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out())
            .matches("Acme was 7,[12]\\d\\d seconds ahead of the clock\\. Repaired: "
                + "authenticator apps: 0, counts for limits: 0, e-mails: 0, invitations: 0, jobs: 0, keys and tokens: 0, "
                + "selections: 0, sessions: 0, sign-in links: 0, stored answers: 0, verifications: [01]\\.\\n");
        assertThat(operator.run("audit", "verify", "--org", org).exit()).isZero();
        assertThat(operator.column("SELECT actor_kind AS it FROM audit_entries WHERE org_id = ? "
            + "AND action = 'org.clock_repaired'", org)).containsExactly("CLI");
    }

    @Test
    void an_organization_that_is_not_ahead_is_left_alone() {
        var org = operator.newOrg("Acme");
        var before = operator.version(org);

        assertThat(operator.run("org", "repair-clock", "--org", org).out())
            .isEqualTo("Acme is not ahead of the clock; there is nothing to repair.\n");
        assertThat(operator.json("org", "repair-clock", "--org", org).path("seconds_ahead").asLong()).isZero();
        assertThat(operator.version(org)).isEqualTo(before);
    }

    @Test
    void more_rows_than_one_write_repairs_are_repaired_by_several() {
        var org = operator.newOrg("Acme");
        setDatabaseClock(Duration.ofDays(1826));
        write(org, "bob@acme.test");
        operator.server().roster.kernel().db().note(tx -> tx.update("""
            INSERT INTO idempotency_keys (org_id, user_id, route, key_digest, body_digest, status, headers, body, created_at)
            SELECT o.id, u.id, 'GET /', int4send(n), '', 200, '{}', '', roster_now()
              FROM orgs o JOIN users u ON u.org_id = o.id AND u.email = 'bob@acme.test', generate_series(1, 2500) n
             WHERE o.id = ?
            """, UUID.fromString(org)));
        setDatabaseClock(Duration.ZERO);

        var repaired = operator.json("org", "repair-clock", "--org", org);

        assertThat(repaired.at("/repaired/stored answers").asInt()).isEqualTo(2500);
        assertThat(operator.column("SELECT count(*)::text AS it FROM idempotency_keys WHERE org_id = ? "
            + "AND created_at > roster_now()", org)).containsExactly("0");
        assertThat(operator.run("audit", "verify", "--org", org).exit()).isZero();
    }
}
