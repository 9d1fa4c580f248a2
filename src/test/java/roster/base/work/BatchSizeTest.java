package roster.base.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
    private static int settled(IntFunction<Duration> time) {
        var pace = new BatchSize();
        for (int piece = 0; piece < 20; piece++) {
            pace.took(pace.rows(), time.apply(pace.rows()));
        }
        return pace.rows();
    }

    @Test
    void pieces_become_as_large_as_fits_the_time() {
        assertThat(settled(rows -> Duration.ofMillis(rows / 5))).isBetween(990, 1010);
        assertThat(settled(rows -> Duration.ofMillis(rows))).isEqualTo(200);
        assertThat(settled(rows -> Duration.ofSeconds(rows))).isEqualTo(BatchSize.ROWS_MIN);
        assertThat(settled(rows -> Duration.ZERO)).isEqualTo(BatchSize.ROWS_MAX);
    }

    @Test
    void one_slow_piece_halves_the_next_and_no_more() {
        var pace = new BatchSize();
        pace.took(500, Duration.ofSeconds(10));
        assertThat(pace.rows()).isEqualTo(250);
    }

    @Test
    void a_piece_with_few_rows_of_much_text_makes_the_next_no_larger() {
        var pace = new BatchSize();
        pace.took(8, Duration.ofMillis(1));
        assertThat(pace.rows()).isEqualTo(500);
    }
}
