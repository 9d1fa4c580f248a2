package roster.base.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ListingTest {
    @Test
    void only_conditions_after_the_first_are_a_filter() {
        assertThat(Where.of("k.org_id = ?", 7).isFiltered()).isFalse();
        assertThat(Where.of("k.org_id = ?", 7).andIf(Optional.empty(), "k.name = ?").isFiltered()).isFalse();
        assertThat(Where.of("k.org_id = ?", 7).andIf(Optional.of("a"), "k.name = ?").isFiltered()).isTrue();
        assertThat(Where.of("k.org_id = ?", 7).and("k.revoked_at IS NULL").isFiltered()).isTrue();
    }
}
