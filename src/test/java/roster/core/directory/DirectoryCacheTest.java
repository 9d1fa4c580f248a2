package roster.core.directory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.TestOrg;
import roster.TestRoster;

/// Which organisations a node remembers when there is not room for all.
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
        one = people("memoryone", 50);
        other = people("memoryother", 50);
        large = people("memorylarge", 300);
        size = new DirectoryCache(roster.db(), new UserLists(), roster.program().roles, 1 << 30).readNow(one.id(),
            view -> ((OrgImage) view).bytes());
    }

    private static TestOrg people(String name, int count) {
        var org = roster.newOrg(name);
        org.write(tx -> {
            for (int i = 0; i < count; i++) {
                roster.program().newUsers.create(tx, "person%d@%s.test".formatted(i, name), Optional.empty(),
                    Optional.empty(), List.of());
            }
            return count;
        });
        return org;
    }

    /// With room for one and a half of the smaller organisations.
    private DirectoryCache memory() {
        return new DirectoryCache(roster.db(), new UserLists(), roster.program().roles, size * 3 / 2, nanos::get);
    }

    private static boolean remembers(DirectoryCache memory, TestOrg org) {
        return memory.readNow(org.id(), view -> view instanceof OrgImage);
    }

    @Test
    void two_that_do_not_fit_together_are_not_loaded_by_turns() {
        var memory = memory();
        for (int turn = 0; turn < 3; turn++) {
            assertThat(remembers(memory, one)).isTrue();
            assertThat(remembers(memory, other)).isFalse();
            nanos.addAndGet(Duration.ofSeconds(2).toNanos());
        }
    }

    @Test
    void whoever_is_out_of_use_makes_room() {
        var memory = memory();
        assertThat(remembers(memory, one)).isTrue();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(remembers(memory, other)).isTrue();
        assertThat(remembers(memory, one)).isFalse();
        nanos.addAndGet(Duration.ofSeconds(4).toNanos());
        assertThat(remembers(memory, one)).isTrue();
    }

    @Test
    void one_that_is_too_large_takes_nobodys_room() {
        var memory = memory();
        var before = memory.readNow(one.id(), view -> view);
        assertThat(before).isInstanceOf(OrgImage.class);
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(remembers(memory, large)).isFalse();
        assertThat(memory.<DirectoryView>readNow(one.id(), view -> view)).isSameAs(before);
    }
}
