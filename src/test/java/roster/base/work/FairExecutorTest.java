package roster.base.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import roster.model.Org;

class FairExecutorTest {
    private final FairExecutor turns = new FairExecutor("turns-test", 1);

    @AfterEach
    void close() {
        turns.close();
    }

    @Test
    void an_organisation_with_much_work_has_others_wait_for_one_piece_of_it() throws Exception {
        var busy = Org.Id.next();
        var other = Org.Id.next();
        var free = new CountDownLatch(1);
        List<String> done = new CopyOnWriteArrayList<>();
        var all = new ArrayList<Future<Boolean>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var begun = new CountDownLatch(1);
            all.add(threads.submit(() -> turns.await(busy, () -> {
                begun.countDown();
                return free.await(10, TimeUnit.SECONDS);
            })));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i <= 20; i++) {
                all.add(threads.submit(() -> turns.await(busy, () -> done.add("busy"))));
                awaitWaiting(i);
            }
            all.add(threads.submit(() -> turns.await(other, () -> done.add("other"))));
            awaitWaiting(21);
            free.countDown();
            for (var piece : all) {
                assertThat(piece.get(10, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(done).hasSize(21);
        assertThat(done.indexOf("other")).isOne();
        assertThat(turns.waiting()).isZero();
    }

    @Test
    void what_goes_wrong_is_told_to_whoever_waits_and_to_nobody_else() {
        var org = Org.Id.next();
        assertThatThrownBy(() -> turns.await(org, () -> {
            throw new IllegalArgumentException("no");
        })).isInstanceOf(IllegalArgumentException.class).hasMessage("no");
        assertThat(turns.await(org, () -> 7)).isEqualTo(7);
    }

    private void awaitWaiting(int pieces) {
        var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (turns.waiting() < pieces) {
            assertThat(System.nanoTime()).as("%d pieces wait", pieces).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
