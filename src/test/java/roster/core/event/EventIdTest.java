package roster.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import roster.model.Org;

/// Ids of events as texts.
@Timeout(10)
class EventIdTest {
    private static final EventId ID =
        new EventId(new Org.Id(UUID.fromString("0199f0c2-b7e8-4a7d-9c3e-5f60718293a4")), 4711, 12, -1);

    @Test
    void a_text_is_of_one_id_and_has_no_dot() {
        assertThat(ID.toString()).matches("evt_[A-Za-z0-9_-]{48}");
        assertThat(EventId.parse(ID.toString())).contains(ID);
    }

    @Test
    void sequences_order_as_texts() {
        var next = new EventId(ID.org(), 4711, 13, 5);
        var later = new EventId(ID.org(), 10_000, 1, 5);
        assertThat(ID.sequence()).isEqualTo("0000000000000004711.0000000012").isLessThan(next.sequence());
        assertThat(next.sequence()).isLessThan(later.sequence());
        assertThat(next.isBehind(ID)).isTrue();
        assertThat(later.isBehind(next)).isTrue();
        assertThat(ID.isBehind(ID)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "evt_", "latest", "evt_AAAA", "evt_!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
        "EVT_AZnwwrfoSn2cPl9gcYKTpAAAAAAAABJnAAAADP__________"})
    void other_texts_are_none(String text) {
        assertThat(EventId.parse(text)).isEmpty();
    }
}
