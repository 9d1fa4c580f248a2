package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.fair.OnBehalf;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.support.Await;
import roster.support.TestRoster;

/// Many long reads at once leave connections for other requests, and searches end.
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LongReadsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private final Semaphore go = new Semaphore(0);
    private final AtomicInteger reading = new AtomicInteger();

    @Test
    void others_read_and_write_beside_many_of_them() throws InterruptedException {
        var org = roster.newOrg("longreads");
        var readers = IntStream.range(0, 32)
            .mapToObj(i -> Thread.ofPlatform().start(() -> OnBehalf.of("organisation " + i % 2, this::read))).toList();
        try {
            var waiting = EnumSet.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
            Await.until("four read, the others wait", () -> reading.get() >= 4
                && readers.stream().allMatch(each -> waiting.contains(each.getState())));
            assertThat(roster.db().<Boolean>read(tx -> tx.query("SELECT 1 AS one").any())).isTrue();
            assertThat(org.newPending("beside@longreads.test").email()).isEqualTo("beside@longreads.test");
            assertThat(reading).hasValue(4);
        } finally {
            go.release(32);
            for (var each : readers) {
                each.join();
            }
        }
        assertThat(reading).hasValue(32);
    }

    /// Comes again if it had to wait for too long, as on a busy machine.
    private boolean read() {
        while (true) {
            try {
                return roster.db().readLong(tx -> {
                    reading.incrementAndGet();
                    go.acquireUninterruptibly();
                    return tx.query("SELECT 1 AS one").any();
                });
            } catch (Refused e) {
                assertThat(e.problem()).isEqualTo(new Unavailable(1));
            }
        }
    }

    @Test
    void a_search_ends_after_two_seconds_in_the_database() {
        assertThatThrownBy(() -> roster.db().search(tx -> tx.query("SELECT pg_sleep(600)").any()))
            .isInstanceOfSatisfying(Refused.class,
                refused -> assertThat(refused.problem()).isEqualTo(new Unavailable(1)));
        assertThat(roster.db().<String>search(
            tx -> tx.query("SELECT current_setting('statement_timeout') AS limit").one(row -> row.text("limit"))))
            .isEqualTo("2s");
    }
}
