package roster.base.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The header `Date` is that of the clock, also after it was set.
@Timeout(60)
class DateHeaderTest {
    private static final long NOON = Instant.parse("2026-11-29T12:00:00.250Z").toEpochMilli();

    @Test
    void it_follows_a_clock_that_is_set_back_and_forward() {
        assertThat(ResponseBytes.date(NOON)).isEqualTo("Sun, 29 Nov 2026 12:00:00 GMT");
        assertThat(ResponseBytes.date(NOON + 700)).isEqualTo("Sun, 29 Nov 2026 12:00:00 GMT");
        assertThat(ResponseBytes.date(NOON + 750)).isEqualTo("Sun, 29 Nov 2026 12:00:01 GMT");
        assertThat(ResponseBytes.date(NOON - Duration.ofHours(2).toMillis()))
            .isEqualTo("Sun, 29 Nov 2026 10:00:00 GMT");
        assertThat(ResponseBytes.date(NOON - Duration.ofDays(1826).toMillis()))
            .isEqualTo("Mon, 29 Nov 2021 12:00:00 GMT");
        assertThat(ResponseBytes.date(NOON)).isEqualTo("Sun, 29 Nov 2026 12:00:00 GMT");
    }
}
