package roster.base.fair;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import roster.support.Await;

/// Clients are served in turn, and what waits for something else than a processor keeps no one waiting.
class TurnsTest {
    private static final Duration NEVER = Duration.ofHours(1);

    private final CountDownLatch free = new CountDownLatch(1);
    private final List<String> begun = new CopyOnWriteArrayList<>();

    @AfterEach
    void release() {
        free.countDown();
    }

    private void keep(Turns turns, String client, String name) {
        turns.start(client, () -> {
            begun.add(name);
            await();
        });
    }

    private void await() {
        try {
            assertThat(free.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void clients_are_served_in_turn_and_the_requests_of_one_in_their_order() {
        try (var turns = new Turns("test", 1, NEVER)) {
            keep(turns, "noisy", "noisy 0");
            Await.until("it began", () -> begun.size() == 1);
            for (var name : List.of("noisy 1", "noisy 2", "noisy 3", "quiet 1", "quiet 2", "third 1")) {
                turns.start(name.split(" ")[0], () -> begun.add(name));
            }
            assertThat(begun).containsExactly("noisy 0");

            free.countDown();

            Await.until("all were served", () -> begun.size() == 7);
            assertThat(begun).containsExactly("noisy 0", "noisy 1", "quiet 1", "third 1", "noisy 2", "quiet 2",
                "noisy 3");
        }
    }

    @Test
    void a_turn_ends_when_its_thread_begins_to_wait() {
        try (var turns = new Turns("test", 1, NEVER)) {
            for (var name : List.of("first", "second", "third")) {
                turns.start(name, () -> {
                    begun.add(name);
                    Turns.end();
                    Turns.end(); // it has none any more
                    await();
                });
            }
            Await.until("all began", () -> begun.size() == 3);
            turns.start("fourth", () -> begun.add("fourth"));
            Await.until("and one more, which does not wait", () -> begun.size() == 4);
        }
    }

    @Test
    void a_turn_ends_after_a_while_if_its_thread_waits_for_something_unforeseen() {
        try (var turns = new Turns("test", 2, Duration.ofMillis(1))) {
            for (var i = 0; i < 20; i++) {
                keep(turns, "client " + i % 3, "request " + i);
            }
            Await.until("all began", () -> begun.size() == 20);
        }
    }

    @Test
    void a_turn_ends_with_a_failure_too() {
        try (var turns = new Turns("test", 1, NEVER)) {
            turns.start("client", () -> {
                Thread.currentThread().setUncaughtExceptionHandler((_, _) -> begun.add("failed"));
                throw new IllegalStateException("expected");
            });
            turns.start("client", () -> begun.add("next"));
            Await.until("both were done", () -> begun.size() == 2);
        }
    }

    @Test
    void what_waits_at_the_end_is_done_at_once() {
        var turns = new Turns("test", 1, NEVER);
        keep(turns, "client", "first");
        keep(turns, "client", "second");
        turns.close();
        keep(turns, "client", "third");
        Await.until("all began", () -> begun.size() == 3);
    }
}
