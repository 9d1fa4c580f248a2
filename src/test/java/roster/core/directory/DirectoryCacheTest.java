package roster.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.support.TestOrg;
import roster.support.TestRoster;

/// Which organisations stay in memory when there is not room for all.
class DirectoryCacheTest {
    @RegisterExtension
    static final TestRoster roster = new TestRoster();

    private static TestOrg one;
    private static TestOrg other;
    private static TestOrg large;
    private static long size;

    private final AtomicLong nanos = new AtomicLong();

    @BeforeAll
    static void found() {
        one = people("cacheone", 50);
        other = people("cacheother", 50);
        large = people("cachelarge", 300);
        size = new DirectoryCache(roster.db(), new UserLists(), roster.program().role.roles, 1 << 30).readNow(one.id(),
            view -> ((OrgImage) view).bytes());
    }

    private static TestOrg people(String name, int count) {
        var org = roster.newOrg(name);
        org.write(tx -> {
            for (int i = 0; i < count; i++) {
                roster.program().user.newUsers.create(tx, "person%d@%s.test".formatted(i, name), Optional.empty(),
                    Optional.empty(), List.of());
            }
            return count;
        });
        return org;
    }

    /// A cache with room for one and a half of the smaller organisations.
    private DirectoryCache cache() {
        return new DirectoryCache(roster.db(), new UserLists(), roster.program().role.roles, size * 3 / 2, nanos::get);
    }

    private static boolean holds(DirectoryCache cache, TestOrg org) {
        return cache.readNow(org.id(), view -> view instanceof OrgImage);
    }

    @Test
    void organisations_that_do_not_fit_together_do_not_evict_each_other_while_in_use() {
        var cache = cache();
        for (int turn = 0; turn < 3; turn++) {
            assertThat(holds(cache, one)).isTrue();
            assertThat(holds(cache, other)).isFalse();
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        }
    }

    @Test
    void an_organisation_out_of_use_is_evicted_for_another() {
        var cache = cache();
        assertThat(holds(cache, one)).isTrue();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(holds(cache, other)).isTrue();
        assertThat(holds(cache, one)).isFalse();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(holds(cache, one)).isTrue();
    }

    @Test
    void an_organisation_that_is_too_large_evicts_no_other() {
        var cache = cache();
        var before = cache.readNow(one.id(), view -> view);
        assertThat(before).isInstanceOf(OrgImage.class);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(holds(cache, large)).isFalse();
        assertThat(cache.<DirectoryView>readNow(one.id(), view -> view)).isSameAs(before);
    }
}
