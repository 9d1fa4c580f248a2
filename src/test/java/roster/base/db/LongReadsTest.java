package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.Await;
import roster.support.TestRoster;

/// Many long reads at once leave connections for other requests.
class LongReadsTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    @Test
    void others_read_and_write_beside_many_of_them() throws InterruptedException {
        var org = roster.newOrg("longreads");
        var go = new Semaphore(0);
        var reading = new AtomicInteger();
        var readers = IntStream.range(0, 32).mapToObj(i -> Thread.ofPlatform().start(() -> roster.db().readLong(tx -> {
            reading.incrementAndGet();
            go.acquireUninterruptibly();
            return tx.query("SELECT 1 AS one").any();
        }))).toList();
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
}
