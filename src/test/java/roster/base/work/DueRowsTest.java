package roster.base.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import roster.base.db.Database;
import roster.base.source.Ids;
import roster.base.source.Sources;
import roster.base.work.DueRows.Outcome;
import roster.base.work.DueTable.Claim;
import roster.model.Org;
import roster.support.Await;
import roster.support.TestRoster;
import roster.support.Threads;

/// On a table of its own, as any room may have one.
class DueRowsTest {
    private static final DueTable<String> ERRANDS = new DueTable<>("""
        SELECT org_id FROM errands
         WHERE state IN ('queued', 'deferred') AND next_attempt_at <= clock_timestamp()
           AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
         GROUP BY org_id ORDER BY min(next_attempt_at)
        """, """
        SELECT id FROM errands
         WHERE org_id = ? AND state IN ('queued', 'deferred') AND next_attempt_at <= clock_timestamp()
           AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
         ORDER BY next_attempt_at, id LIMIT 1
           FOR UPDATE SKIP LOCKED
        """, """
        UPDATE errands SET claimed_until = clock_timestamp() + ? * interval '1 millisecond', attempts = attempts + 1
         WHERE org_id = ? AND id = ?
        RETURNING clock_timestamp() AS now, id, attempts, last_error, claimed_until, good_until, what
        """, """
        UPDATE errands
           SET state = ended.state, last_error = ended.why, claimed_until = NULL,
               next_attempt_at = clock_timestamp() + ended.pause * interval '1 millisecond'
          FROM (SELECT ?::text AS state, ?::text AS why, ?::bigint AS pause) ended
         WHERE org_id = ? AND id = ? AND claimed_until = ? AND errands.state IN ('queued', 'deferred')
        """, "UPDATE errands SET claimed_until = NULL WHERE claimed_until IS NOT NULL", row -> row.text("what"));

    private static final Duration CLAIM = Duration.ofMinutes(1);
    private static final DueRows.Pauses PAUSES = new DueRows.Pauses(Duration.ofMillis(10), Duration.ofHours(1),
        Duration.ofHours(4));
    private static final Outcome DONE = new Outcome.Ended("done", Optional.empty());

    private final String url = TestRoster.newDatabase();
    private final Database db =
        Database.open(new Database.Address(url, Optional.empty(), Optional.empty()), true, Sources.system());
    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private final DueRows<String> errands = dueRows(db);

    private DueRows<String> dueRows(Database on) {
        return new DueRows<>(on, ERRANDS, CLAIM, PAUSES, (claim, state, _) -> heard.add(claim.row() + " " + state));
    }

    @BeforeEach
    void makeTable() {
        sql("""
            CREATE TABLE errands (
                org_id uuid, id uuid, what text NOT NULL, state text NOT NULL DEFAULT 'queued',
                attempts integer NOT NULL DEFAULT 0, next_attempt_at timestamptz NOT NULL, claimed_until timestamptz,
                good_until timestamptz NOT NULL DEFAULT clock_timestamp() + interval '1 day', last_error text,
                PRIMARY KEY (org_id, id))
            """);
    }

    @AfterEach
    void close() {
        db.close();
    }

    /// Adds rows that are due, the first one first.
    private void add(Org.Id org, String... some) {
        for (var i = 0; i < some.length; i++) {
            sql("INSERT INTO errands (org_id, id, what, next_attempt_at) VALUES (?, ?, ?, clock_timestamp() - interval "
                + "'1 hour' + ? * interval '1 millisecond')", org.value(), UUID.randomUUID(), some[i], i);
        }
    }

    private void work(Function<Claim<String>, Outcome> work) {
        errands.run(new Stop(), () -> true, work);
    }

    private Optional<Claim<String>> claim(Org.Id org, Duration time) {
        return db.note(tx -> ERRANDS.claim(tx, org, time));
    }

    @Test
    void two_claimers_never_get_one_row() throws Exception {
        var rows = 200;
        var org = new Org.Id(new Ids().next());
        sql("INSERT INTO errands (org_id, id, what, next_attempt_at) "
            + "SELECT ?, gen_random_uuid(), n::text, clock_timestamp() FROM generate_series(1, ?) n", org.value(),
            rows);
        var claimed = new ConcurrentLinkedQueue<String>();
        var together = new CyclicBarrier(8);
        try (
            var other =
                Database.open(new Database.Address(url, Optional.empty(), Optional.empty()), true, Sources.system());
            var threads = new Threads()) {
            var all = new ArrayList<Future<?>>();
            for (var i = 0; i < 8; i++) {
                var node = dueRows(i % 2 == 0 ? db : other);
                all.add(threads.submit(() -> {
                    together.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                    node.run(new Stop(), () -> true, claim -> {
                        claimed.add(claim.row());
                        return DONE;
                    });
                    return true;
                }));
            }
            for (var one : all) {
                one.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
        assertThat(claimed).hasSize(rows).doesNotHaveDuplicates();
        assertThat(sql("SELECT DISTINCT state, attempts, claimed_until FROM errands")).containsExactly("done 1 null");
    }

    @Test
    void a_claim_is_one_s_own_until_it_expires_and_what_its_owner_stores_then_is_too_late() {
        var org = new Org.Id(new Ids().next());
        add(org, "a");
        var first = claim(org, Duration.ZERO).orElseThrow();
        var second = claim(org, CLAIM).orElseThrow();

        assertThat(claim(org, CLAIM)).as("while it is claimed").isEmpty();
        assertThat(first.attempts()).isEqualTo(1);
        assertThat(second.attempts()).isEqualTo(2);
        assertThat(second.id()).isEqualTo(first.id());
        note(first, "done");
        assertThat(sql("SELECT state FROM errands")).containsExactly("queued");
        note(second, "done");
        assertThat(sql("SELECT state FROM errands")).containsExactly("done");
    }

    private void note(Claim<String> claim, String state) {
        db.note(tx -> {
            ERRANDS.note(tx, claim, state, Optional.empty(), Duration.ZERO);
            return true;
        });
    }

    @Test
    void the_claims_of_a_killed_node_can_be_ended() {
        var org = new Org.Id(new Ids().next());
        add(org, "a", "b");
        assertThat(claim(org, CLAIM)).isPresent();
        int ended = db.note(ERRANDS::endClaims);

        assertThat(ended).isEqualTo(1);
        assertThat(claim(org, CLAIM).orElseThrow().row()).isEqualTo("a");
    }

    @Test
    void organisations_take_turns() {
        add(new Org.Id(new Ids().next()), "a1", "a2", "a3", "a4");
        add(new Org.Id(new Ids().next()), "b1", "b2");
        add(new Org.Id(new Ids().next()), "c1");
        var order = new ArrayList<String>();
        work(claim -> {
            order.add(claim.row());
            return DONE;
        });

        assertThat(order.subList(0, 3)).containsExactlyInAnyOrder("a1", "b1", "c1");
        assertThat(order.subList(3, 5)).containsExactlyInAnyOrder("a2", "b2");
        assertThat(order.subList(5, 7)).containsExactly("a3", "a4");
        assertThat(heard).hasSize(7).contains("a1 done");
    }

    @Test
    void what_fails_is_tried_again_after_a_pause_with_its_reason() {
        var org = new Org.Id(new Ids().next());
        add(org, "a");
        work(_ -> new Outcome.Later("not now", false));

        assertThat(sql("SELECT state, attempts, last_error, claimed_until FROM errands"))
            .containsExactly("deferred 1 not now null");
        assertThat(sql("SELECT next_attempt_at BETWEEN clock_timestamp() + interval '50 minutes' "
            + "AND clock_timestamp() + interval '70 minutes' FROM errands")).containsExactly("true");
        sql("UPDATE errands SET next_attempt_at = clock_timestamp()");
        assertThat(claim(org, CLAIM).orElseThrow().lastError()).contains("not now");
    }

    @Test
    void attempts_end_with_the_time_of_the_row() {
        add(new Org.Id(new Ids().next()), "a");
        sql("UPDATE errands SET good_until = clock_timestamp() + interval '1 minute'"); // the first pause is an hour
        work(_ -> new Outcome.Later("not now", false));
        assertThat(sql("SELECT state, last_error FROM errands")).containsExactly("failed gave up: not now");

        sql("UPDATE errands SET state = 'queued', last_error = NULL, good_until = clock_timestamp()");
        work(_ -> {
            throw new AssertionError("it is overdue");
        });
        assertThat(sql("SELECT state, last_error FROM errands")).containsExactly("failed gave up: its time was over");
    }

    @Test
    void an_outcome_for_all_ends_the_run() {
        add(new Org.Id(new Ids().next()), "a1", "a2");
        add(new Org.Id(new Ids().next()), "b1");
        work(_ -> new Outcome.Later("the other side is away", true));

        assertThat(heard).hasSize(1);
        assertThat(sql("SELECT count(*) FROM errands WHERE attempts = 0")).containsExactly("2");
    }

    @Test
    void work_that_throws_delays_its_own_row_only() {
        add(new Org.Id(new Ids().next()), "a1", "a2");
        work(claim -> {
            if (claim.row().equals("a1")) {
                throw new IllegalStateException("a fault");
            }
            return DONE;
        });
        assertThat(heard).containsExactly("a1 deferred", "a2 done");
        assertThat(sql("SELECT last_error FROM errands WHERE what = 'a1'"))
            .containsExactly("it failed unexpectedly; the log says why");
    }

    @Test
    void an_outcome_that_cannot_be_stored_is_stored_later() {
        add(new Org.Id(new Ids().next()), "a");
        var work = new AtomicInteger();
        sql("CREATE SEQUENCE tries");
        sql("""
            CREATE FUNCTION fail_twice() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF NEW.state = 'done' AND nextval('tries') < 3 THEN RAISE 'away'; END IF;
                RETURN NEW;
            END $$
            """);
        sql("CREATE TRIGGER fail_twice BEFORE UPDATE ON errands FOR EACH ROW EXECUTE FUNCTION fail_twice()");
        work(_ -> {
            work.incrementAndGet();
            return DONE;
        });
        assertThat(work).hasValue(1);
        assertThat(heard).containsExactly("a done");
        assertThat(sql("SELECT state FROM errands")).containsExactly("done");
        assertThat(sql("SELECT last_value FROM tries")).containsExactly("3");
    }

    @Test
    void nothing_is_claimed_once_the_stop_is_requested_or_without_a_permit() {
        add(new Org.Id(new Ids().next()), "a");
        var stop = new Stop();
        stop.request();
        errands.run(stop, () -> true, _ -> DONE);
        errands.run(new Stop(), () -> false, _ -> DONE);

        assertThat(heard).isEmpty();
        assertThat(sql("SELECT attempts FROM errands")).containsExactly("0");
    }

    /// @return a text for each row, columns separated by blanks
    private List<String> sql(String statement, Object... values) {
        try (var connection = DriverManager.getConnection(url);
            var prepared = connection.prepareStatement(statement)) {
            for (var i = 0; i < values.length; i++) {
                prepared.setObject(i + 1, values[i]);
            }
            var rows = new ArrayList<String>();
            if (prepared.execute()) {
                try (var found = prepared.getResultSet()) {
                    while (found.next()) {
                        var columns = new ArrayList<String>();
                        for (var i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                            columns.add(found.getObject(i) instanceof Boolean it ? it.toString() : found.getString(i));
                        }
                        rows.add(String.join(" ", columns));
                    }
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
