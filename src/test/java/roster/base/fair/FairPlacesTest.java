package roster.base.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.support.Await;

@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FairPlacesTest {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch free = new CountDownLatch(1);
    private final List<String> begun = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        free.countDown();
        threads.close();
    }

    /// So many of an organisation that keep their places until the latch opens.
    private List<Future<?>> keep(FairPlaces places, String org, int number) {
        var all = new ArrayList<Future<?>>();
        for (int i = 0; i < number; i++) {
            all.add(threads.submit(() -> OnBehalf.of(org, () -> places.in(() -> {
                begun.add(org);
                return await(free);
            }))));
        }
        return all;
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void one_that_asks_for_all_leaves_places_to_others_however_long_it_keeps_its_own() {
        var places = new FairPlaces(16, 300, Await.PATIENCE);

        keep(places, "noisy", 200);
        Await.until("the rest waits", () -> places.waiting() == 191);
        assertThat(begun).hasSize(9);
        for (var i = 0; i < 50; i++) {
            assertThat(places.<String>in("quiet", () -> "served")).isEqualTo("served");
        }
        keep(places, "second", 10);
        Await.until("and of a second one", () -> places.waiting() == 197);
        assertThat(begun).hasSize(13);
        keep(places, "third", 10);
        Await.until("and of a third", () -> places.waiting() == 205);
        assertThat(places.<String>in("quiet", () -> "served")).isEqualTo("served");
    }

    @Test
    void who_does_not_wait_gets_a_place_that_is_free_within_their_share_and_gives_it_back() {
        var places = new FairPlaces(2, 300, Await.PATIENCE);
        for (var i = 0; i < 3; i++) {
            assertThat(places.<String>ifFree(() -> "served")).contains("served");
        }
        keep(places, "noisy", 1);
        Await.until("it has one", () -> begun.size() == 1);
        assertThat(places.<Boolean>ifFree(() -> places.ifFree(() -> "second").isPresent())).contains(false);
        keep(places, "second", 1);
        Await.until("so has another", () -> begun.size() == 2);
        assertThat(places.<String>ifFree(() -> "served")).isEmpty();
        assertThat(places.waiting()).isZero();
    }

    @Test
    void of_four_and_of_two_and_of_one() {
        assertThat(heldByOneAlone(4)).isEqualTo(3);
        assertThat(heldByOneAlone(2)).isEqualTo(2);
        assertThat(heldByOneAlone(1)).isEqualTo(1);
    }

    private int heldByOneAlone(int number) {
        begun.clear();
        var places = new FairPlaces(number, 10, Await.PATIENCE);
        keep(places, "one", 10);
        Await.until("the rest waits", () -> places.waiting() + begun.size() == 10);
        return begun.size();
    }

    @Test
    void one_gets_no_more_than_its_most_and_less_beside_others() {
        var places = new FairPlaces(16, 4, 2, 300, Await.PATIENCE);

        keep(places, "noisy", 20);
        Await.until("the rest waits", () -> places.waiting() + begun.size() == 20);
        assertThat(begun).hasSize(4);
        keep(places, "second", 20);
        Await.until("and of a second one", () -> places.waiting() + begun.size() == 40);
        assertThat(begun).hasSize(6);
    }

    @Test
    void organisations_are_served_in_turn_and_the_requests_of_one_in_their_order() throws Exception {
        var places = new FairPlaces(1, 100, Await.PATIENCE);
        var order = new CopyOnWriteArrayList<String>();
        var all = new ArrayList<Future<?>>(keep(places, "noisy", 1));
        Await.until("the place is taken", () -> begun.size() == 1);
        for (var name : List.of("noisy 1", "noisy 2", "noisy 3", "quiet 1", "quiet 2", "third 1")) {
            var before = places.waiting();
            all.add(threads.submit(() -> places.in(name.split(" ")[0], () -> order.add(name))));
            Await.until(name + " waits", () -> places.waiting() > before);
        }

        free.countDown();
        for (var each : all) {
            each.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        assertThat(order).containsExactly("noisy 1", "quiet 1", "third 1", "noisy 2", "quiet 2", "noisy 3");
        assertThat(places.waiting()).isZero();
    }

    @Test
    void beyond_its_queue_an_organisation_is_refused_and_others_are_not() {
        var places = new FairPlaces(2, 3, Await.PATIENCE);
        keep(places, "noisy", 5);
        Await.until("its queue is full", () -> places.waiting() == 3);

        assertThatThrownBy(() -> places.in("noisy", () -> 1)).isInstanceOfSatisfying(Refused.class,
            refused -> assertThat(refused.problem()).isEqualTo(new Unavailable(1)));
        var quiet = CompletableFuture.supplyAsync(() -> places.in("quiet", () -> "served"), threads);
        Await.until("the quiet one waits", () -> places.waiting() == 4);
        free.countDown();
        assertThat(quiet.join()).isEqualTo("served");
    }

    @Test
    void those_who_give_up_leave_nothing_behind() throws Exception {
        var places = new FairPlaces(1, 10, Duration.ofMillis(1));
        var kept = keep(places, "one", 1);
        Await.until("the place is taken", () -> begun.size() == 1);

        for (var whom : List.of("one", "other")) {
            assertThatThrownBy(() -> places.in(whom, () -> 1)).isInstanceOf(Refused.class);
        }
        assertThat(places.waiting()).isZero();
        free.countDown();
        kept.getFirst().get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Await.until("the place is free again", () -> served(places));
    }

    private static boolean served(FairPlaces places) {
        try {
            return places.in("other", () -> true);
        } catch (Refused e) {
            return false;
        }
    }

    @Test
    void an_interrupt_ends_the_wait_and_takes_no_place() throws Exception {
        var places = new FairPlaces(1, 10, Await.PATIENCE);
        keep(places, "one", 1);
        Await.until("the place is taken", () -> begun.size() == 1);
        var failure = new CompletableFuture<Throwable>();
        var waiting = Thread.ofVirtual().start(() -> {
            try {
                places.in("other", () -> 1);
            } catch (Refused e) {
                failure.complete(e);
            }
        });
        Await.until("it waits", () -> places.waiting() == 1);

        waiting.interrupt();

        assertThat(failure.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(Refused.class);
        assertThat(places.waiting()).isZero();
    }

    @Test
    void a_failure_gives_the_place_back() {
        var places = new FairPlaces(1, 10, Await.PATIENCE);

        assertThatThrownBy(() -> places.in("one", () -> {
            throw new IllegalArgumentException("no");
        })).isInstanceOf(IllegalArgumentException.class);

        assertThat(places.<Integer>in("one", () -> 7)).isEqualTo(7);
    }
}
