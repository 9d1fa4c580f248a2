package roster.core.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.db.Tx;
import roster.core.audit.AuditEvents.Place;
import roster.support.Await;
import roster.support.TableReads;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Numbers of entries that are known from what was counted before are those that PostgreSQL counts.
class TrailCountsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static final int MANY = 10_000;
    private static final long FEW = 500;

    private final TestOrg org = roster.newOrg("acme");
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    private long version = 1000;

    /// One a minute.
    @BeforeEach
    void fill() {
        add(MANY, now.minus(Duration.ofMinutes(MANY)));
        version += MANY;
        roster.sql("ANALYZE audit_entries");
    }

    private void add(int entries, Instant first) {
        roster.sql("""
            INSERT INTO audit_entries (org_id, version, entry, at, stamp, action, subject_kind, subject_id, subject_name,
                                       actor_kind, actor_name, request_id)
            SELECT ?, ?::bigint + i, 1, ?::timestamptz + i * interval '1 minute', 7, 'user.created', 'user', gen_random_uuid(),
                   'someone', 'CLI', 'cli:test', 'r' FROM generate_series(1, ?) AS i
            """, org.id().value(), version, first.toString(), entries);
    }

    private static TrailCounts counts() {
        return roster.program().audit().counts;
    }

    private long counted(Tx tx, Instant from, Instant to) {
        return tx
            .query("SELECT count(*) AS n FROM audit_entries WHERE org_id = ? AND at BETWEEN ? AND ?", org.id(), from,
                to)
            .one(row -> row.number("n"));
    }

    private void agree(Instant from, Duration length) {
        var to = from.plus(length);
        Await.read(roster.db(), tx -> {
            assertThat(counts().of(tx, org.id(), from, to)).isEqualTo(counted(tx, from, to));
            return true;
        });
    }

    @Test
    void they_agree_however_times_move_and_whatever_comes_between() {
        var random = new Random(1);
        for (int step = 0; step < 150; step++) {
            var length = Duration.ofHours(random.nextBoolean() ? 24 : 168);
            agree(now.minus(Duration.ofMinutes(random.nextInt(MANY + 3000) - 1000)), length);
            if (random.nextInt(3) == 0) { // clocks may have been ahead, so that what comes later is of an earlier time
                var some = 1 + random.nextInt(20);
                add(some, now.plus(Duration.ofMinutes(random.nextInt(3000) - 2000)));
                version += some;
            }
        }
    }

    @Test
    void another_history_is_counted_anew() {
        var week = Duration.ofDays(7);
        var from = now.minus(week);
        agree(from, week);
        roster.sql("DELETE FROM audit_entries WHERE org_id = ? AND version > ?", org.id().value(), version - 100);
        agree(from, week);
        version -= 100;
        add(100, now.minus(Duration.ofDays(30)));
        agree(from, week);
        roster.sql("UPDATE audit_entries SET stamp = 8 WHERE org_id = ? AND version > ?", org.id().value(),
            version - 100);
        agree(from.minus(Duration.ofDays(1)), week);
    }

    @Test
    void an_organisation_without_entries_has_none() {
        roster.sql("DELETE FROM audit_entries WHERE org_id = ?", org.id().value());
        agree(now.minus(Duration.ofDays(7)), Duration.ofDays(7));
    }

    @Test
    void after_very_much_has_come_all_are_counted_anew() {
        var week = Duration.ofDays(7);
        agree(now.minus(week), week);
        add(2 * MANY, now.minus(Duration.ofMinutes(2 * MANY)));
        agree(now.minus(week).plusSeconds(600), week);
    }

    @Test
    void how_many_are_newer_than_a_place_is_told_near_the_ends_and_between() {
        add(2 * MANY, now.minus(Duration.ofMinutes(3L * MANY)));
        var from = now.minus(Duration.ofDays(30));
        for (var rank : List.of(0, 7, MANY - 1, MANY, MANY + 1, 3 * MANY / 2, 2 * MANY - 1, 2 * MANY + 2,
            3 * MANY - 1)) {
            Await.read(roster.db(), tx -> {
                var all = counted(tx, from, now);
                var place = tx.query("""
                    SELECT at, version, entry FROM audit_entries WHERE org_id = ? AND at BETWEEN ? AND ?
                     ORDER BY at DESC, version DESC, entry DESC OFFSET ? LIMIT 1
                    """, org.id(), from, now, rank)
                    .one(row -> new Place(row.instant("at"), row.number("version"), row.integer("entry")));
                assertThat(TrailCounts.newer(tx, org.id(), from, now, place, all)).isEqualTo((long) rank);
                return true;
            });
        }
    }

    @Test
    void the_second_time_only_what_has_changed_is_read() {
        var week = Duration.ofDays(7);
        agree(now.minus(week), week);
        add(3, now);
        var read = Await.read(roster.db(), tx -> TableReads.of(tx, one -> assertThat(
            counts().of(one, org.id(), now.minus(week).plusSeconds(600), now.plusSeconds(600)))
            .isGreaterThan(MANY - 200)));
        assertThat(read.get("audit_entries")).isLessThan(FEW);
    }
}
