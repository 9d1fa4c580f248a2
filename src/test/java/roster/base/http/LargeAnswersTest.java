package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import roster.support.Await;

/// Large answers of one organisation keep no one waiting.
@Timeout(60)
class LargeAnswersTest {
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final List<String> sent = new ArrayList<>(); // by the loop only

    @AfterEach
    void stop() {
        var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private static final int LARGE = 1 << 20;

    private final List<Throwable> failed = new ArrayList<>();

    private void send(String organisation, int answers) {
        for (int i = 0; i < answers; i++) {
            LargeAnswers.inTurn(loop, organisation, LARGE, () -> sent.add(organisation), failed::add);
        }
    }

    /// What has been sent once all was.
    private List<String> sent(int all) {
        Await.until("all were sent", () -> loop.submit(sent::size).syncUninterruptibly().getNow() == all);
        return sent;
    }

    @Test
    void organisations_are_served_in_turn() {
        loop.execute(() -> {
            send("noisy", 4);
            send("quiet", 2);
        });
        assertThat(sent(6)).containsExactly("noisy", "noisy", "quiet", "noisy", "quiet", "noisy");
    }

    @Test
    void the_loop_does_its_other_work_after_each() {
        loop.execute(() -> {
            send("noisy", 3);
            loop.execute(() -> sent.add("small"));
        });
        assertThat(sent(4)).containsExactly("noisy", "small", "noisy", "noisy");
    }

    @Test
    void those_that_come_one_by_one_wait_for_its_other_work_too() {
        loop.execute(() -> {
            loop.execute(() -> send("noisy", 1));
            loop.execute(() -> send("noisy", 1));
            loop.execute(() -> sent.add("small"));
        });
        assertThat(sent(3)).containsExactly("noisy", "small", "noisy");
    }

    @Test
    void an_answer_to_a_loop_without_work_is_sent_at_once() {
        for (int i = 1; i <= 3; i++) {
            loop.execute(() -> send("quiet", 1));
            assertThat(sent(i)).hasSize(i);
        }
    }

    @Test
    void one_that_fails_does_not_stop_the_others() {
        loop.execute(() -> {
            send("noisy", 1);
            LargeAnswers.inTurn(loop, "noisy", LARGE, () -> {
                throw new IllegalStateException("no memory");
            }, failed::add);
            send("noisy", 1);
        });
        assertThat(sent(2)).hasSize(2);
        assertThat(failed).singleElement().asString().contains("no memory");
    }
}
