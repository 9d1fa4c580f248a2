package roster.core.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import roster.base.source.Ids;
import roster.model.Org;

/// Which organisations are evicted when their sizes, given here by hand, exceed 100 bytes.
class CachedOrgsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final CachedOrgs orgs = new CachedOrgs(100, nanos::get);

    private CachedOrg loaded(long bytes) {
        var org = orgs.entry(new Org.Id(new Ids().next()));
        org.lastUsed = nanos.get();
        orgs.admit(org, bytes);
        return org;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void growth_evicts_those_unused_for_longest_even_if_in_use() {
        var first = loaded(30);
        pass(Duration.ofMillis(1));
        var second = loaded(30);
        pass(Duration.ofMillis(1));
        var third = loaded(30);

        orgs.grown(third, 60);

        assertThat(first.evicted).isTrue();
        assertThat(second.evicted).isFalse();
        assertThat(orgs.entry(second.id)).isSameAs(second);
        assertThat(orgs.entry(first.id)).isNotSameAs(first);
    }

    @Test
    void loading_evicts_none_that_is_in_use() {
        var used = loaded(60);
        pass(Duration.ofSeconds(4));
        used.lastUsed = nanos.get();
        pass(Duration.ofMillis(1));
        var other = loaded(30);
        pass(Duration.ofSeconds(2));

        assertThatThrownBy(() -> loaded(50)).isInstanceOf(NoRoom.class);
        assertThat(used.evicted).isFalse();
        assertThat(other.evicted).isFalse();
        pass(Duration.ofSeconds(2));
        assertThat(loaded(50).evicted).isFalse();
        assertThat(used.evicted).isTrue();
        assertThat(other.evicted).isFalse();
    }

    @Test
    void what_took_long_to_load_stays_ten_times_as_long() {
        var slow = loaded(60);
        slow.loadNanos = Duration.ofSeconds(2).toNanos();

        pass(Duration.ofSeconds(19));
        assertThatThrownBy(() -> loaded(50)).isInstanceOf(NoRoom.class);
        pass(Duration.ofSeconds(2));
        assertThat(loaded(50).evicted).isFalse();
        assertThat(slow.evicted).isTrue();
    }

    @Test
    void what_is_being_refreshed_is_never_evicted() {
        var refreshed = loaded(60);
        pass(Duration.ofHours(1));
        refreshed.refreshing.lock();
        try {
            assertThatThrownBy(() -> loaded(50)).isInstanceOf(NoRoom.class);
            var other = loaded(40);
            orgs.grown(other, 90);
        } finally {
            refreshed.refreshing.unlock();
        }

        assertThat(refreshed.evicted).isFalse();
    }

    @Test
    void an_evicted_organisation_counts_for_nothing_whatever_its_last_readers_do() {
        var old = loaded(60);
        pass(Duration.ofHours(1));
        var other = loaded(90);
        orgs.grown(old, 70);

        assertThat(old.bytes).isZero();
        assertThat(orgs.fits(other, 100)).isTrue();
        assertThat(other.evicted).isFalse();
    }
}
