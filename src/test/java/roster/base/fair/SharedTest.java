package roster.base.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.support.Await;

@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedTest {
    private final AtomicInteger made = new AtomicInteger();

    @Test
    void those_who_wait_share_one_result_made_after_they_asked() throws Exception {
        var begun = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        var shared = new Shared<>(() -> {
            var number = made.incrementAndGet();
            begun.countDown();
            return awaited(free) ? number : 0;
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(shared::get);
            assertThat(awaited(begun)).isTrue();
            var others = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 20; i++) {
                others.add(threads.submit(shared::get));
            }
            Await.until("all wait", () -> shared.waiting() == 20);
            free.countDown();

            assertThat(first.get()).isOne();
            for (var other : others) {
                assertThat(other.get()).isEqualTo(2);
            }
        }
        assertThat(made).hasValue(2);
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void each_that_asks_later_gets_a_later_one_also_after_a_failure() {
        var shared = new Shared<>(() -> {
            if (made.incrementAndGet() == 2) {
                throw new IllegalArgumentException("no");
            }
            return made.get();
        });

        assertThat(shared.get()).isOne();
        assertThatThrownBy(shared::get).isInstanceOf(IllegalArgumentException.class);
        assertThat(shared.get()).isEqualTo(3);
    }
}
