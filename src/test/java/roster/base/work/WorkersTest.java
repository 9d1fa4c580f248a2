package roster.base.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import roster.support.Await;

class WorkersTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration NEVER = Duration.ofHours(1);

    private Workers workers = new Workers(List.of(), InstantSource.fixed(NOW));

    @AfterEach
    void close() {
        workers.close();
    }

    private void start(Worker... some) {
        workers = new Workers(List.of(some), InstantSource.fixed(NOW));
        workers.start();
    }

    private static Worker worker(Wake wake, Worker.Task task) {
        return new Worker("tidy", "Tidies.", wake, 1, task, Optional.empty());
    }

    /// The status once it is as expected.
    private WorkerStatus status(Predicate<WorkerStatus> expected) {
        var status = new AtomicReference<WorkerStatus>();
        Await.until("the status", () -> {
            status.set(workers.status().getFirst());
            return expected.test(status.get());
        });
        return status.get();
    }

    @Test
    void a_worker_runs_at_start_and_then_waits_for_its_period() {
        start(worker(Wake.every(NEVER), _ -> {}));
        var status = status(it -> it.runs() > 0);

        assertThat(status.name()).isEqualTo("tidy");
        assertThat(status.purpose()).isEqualTo("Tidies.");
        assertThat(status.wakes()).isEqualTo("every 3600 s");
        assertThat(status.running()).isFalse();
        assertThat(status.runs()).isOne();
        assertThat(status.failures()).isZero();
        assertThat(status.last()).hasValueSatisfying(last -> assertThat(last.began()).isEqualTo(NOW));
        assertThat(status.lastSuccess()).contains(NOW);
        assertThat(status.lastFailure()).isEmpty();
        assertThat(status.next()).contains(NOW.plus(NEVER));
    }

    @Test
    void a_period_brings_run_after_run() throws Exception {
        var runs = new CountDownLatch(3);
        start(worker(Wake.every(Duration.ofMillis(1)), _ -> runs.countDown()));
        assertThat(runs.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_failed_run_is_shown_and_does_not_stop_later_ones() {
        var runs = new AtomicInteger();
        start(worker(Wake.every(Duration.ofMillis(1)), _ -> {
            switch (runs.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("no room");
                case 2 -> throw new AssertionError("not even an error stops it");
                default -> {
                }
            }
        }));
        var status = status(it -> it.runs() > 2);

        assertThat(status.failures()).isEqualTo(2);
        assertThat(status.lastSuccess()).contains(NOW);
        assertThat(status.lastFailure()).contains(
            new WorkerStatus.Failure(NOW, "java.lang.AssertionError: not even an error stops it"));
    }

    @Test
    void the_status_sums_up_how_long_runs_took() {
        start(worker(Wake.every(Duration.ofMillis(1)), _ -> {}));
        var status = status(it -> it.runs() > 2);

        assertThat(status.total()).isGreaterThanOrEqualTo(status.longest());
        assertThat(status.longest()).isPositive().isGreaterThanOrEqualTo(status.last().orElseThrow().took());
    }

    @Test
    void a_signal_wakes_a_worker_at_once() throws Exception {
        var signal = new Signal();
        var runs = new Semaphore(0);
        start(worker(Wake.on(signal, "each new e-mail", NEVER), _ -> runs.release()));
        assertThat(runs.tryAcquire(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("at start").isTrue();
        signal.ring();

        assertThat(runs.tryAcquire(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).as("by the signal").isTrue();
        assertThat(workers.status().getFirst().wakes()).isEqualTo("each new e-mail, and every 3600 s");
    }

    @Test
    void a_signal_during_a_run_is_not_missed() throws Exception {
        var signal = new Signal();
        var runs = new Semaphore(0);
        var first = new AtomicInteger();
        start(worker(Wake.on(signal, "a signal", NEVER), _ -> {
            if (first.getAndIncrement() == 0) {
                signal.ring();
            }
            runs.release();
        }));
        assertThat(runs.tryAcquire(2, Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void several_threads_run_side_by_side() throws Exception {
        var together = new CountDownLatch(3);
        var met = new CountDownLatch(3);
        start(new Worker("crowd", "Meets.", Wake.every(NEVER), 3, _ -> {
            together.countDown();
            if (awaited(together)) {
                met.countDown();
            }
        }, Optional.empty()));
        assertThat(met.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(status(it -> it.runs() == 3).running()).isFalse();
    }

    @Test
    void stopping_lets_a_run_end_that_looks_at_the_stop() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new AtomicInteger();
        start(worker(Wake.every(NEVER), stop -> {
            begun.countDown();
            if (!stop.within(Duration.ofMinutes(1)) || Thread.interrupted()) {
                interrupted.incrementAndGet();
            }
        }));
        assertThat(begun.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(workers.status().getFirst().running()).isTrue();
        workers.close();

        var status = workers.status().getFirst();
        assertThat(interrupted).hasValue(0);
        assertThat(status.runs()).isOne();
        assertThat(status.running()).isFalse();
        assertThat(status.next()).isEmpty();
    }

    @Test
    void stopping_interrupts_a_run_that_does_not_end() throws Exception {
        var begun = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        start(worker(Wake.every(NEVER), _ -> {
            begun.countDown();
            if (!awaited(new CountDownLatch(1))) {
                interrupted.countDown();
            }
        }));
        assertThat(begun.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        workers.close();

        assertThat(interrupted.getCount()).isZero();
        assertThat(workers.status().getFirst().runs()).isOne();
    }

    @Test
    void a_stop_wakes_those_that_wait_and_starts_no_further_run() {
        var runs = new AtomicInteger();
        start(worker(Wake.every(NEVER), _ -> runs.incrementAndGet()));
        status(it -> it.next().isPresent());
        var began = System.nanoTime();
        workers.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Await.PATIENCE);
        assertThat(runs).hasValue(1);
    }

    @Test
    void what_is_left_for_the_stop_runs_once_after_the_last_run_whatever_fails_before() {
        var last = new AtomicInteger();
        start(new Worker("worse", "Fails at the stop.", Wake.every(NEVER), 1, _ -> {}, Optional.of(() -> {
            throw new AssertionError("at the stop");
        })), new Worker("last", "Notes what is left.", Wake.every(NEVER), 2, _ -> {},
            Optional.of(last::incrementAndGet)));
        workers.close();
        workers.close();

        assertThat(last).hasValue(1);
    }

    @Test
    void what_was_never_started_can_be_closed() {
        var last = new AtomicInteger();
        workers = new Workers(List.of(new Worker("last", "Notes what is left.", Wake.every(NEVER), 1, _ -> {},
            Optional.of(last::incrementAndGet))), InstantSource.fixed(NOW));
        workers.close();

        assertThat(last).hasValue(1);
        assertThat(workers.status().getFirst().runs()).isZero();
        assertThat(workers.status().getFirst().last()).isEmpty();
    }

    @Test
    void two_workers_of_one_name_are_refused() {
        var one = worker(Wake.every(NEVER), _ -> {});
        assertThatThrownBy(() -> new Workers(List.of(one, one), InstantSource.fixed(NOW)))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("tidy");
    }

    @Test
    void a_worker_needs_a_plain_name_a_sentence_a_thread_and_a_pause() {
        assertThatThrownBy(() -> new Worker("Tidy up", "Tidies.", Wake.every(NEVER), _ -> {}))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("Tidy up");
        for (var purpose : List.of("", "tidies.", "Tidies")) {
            assertThatThrownBy(() -> new Worker("tidy", purpose, Wake.every(NEVER), _ -> {})).as(purpose)
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("sentence");
        }
        assertThatThrownBy(() -> new Worker("tidy", "Tidies.", Wake.every(NEVER), 0, _ -> {}, Optional.empty()))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("thread");
        assertThatThrownBy(() -> Wake.every(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    /// @return false if interrupted
    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
