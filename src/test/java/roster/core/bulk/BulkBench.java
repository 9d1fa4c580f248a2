package roster.core.bulk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import roster.base.work.BatchSize;
import roster.core.user.NewUsers.Made;
import roster.core.user.NewUsers.Wish;
import roster.model.User;
import roster.support.TestRoster;

/// Only where asked for: people disabled a second by a job, against people created a second by import, and how long other
/// writes wait meanwhile. `-Droster.bulk=100000`
@EnabledIfSystemProperty(named = "roster.bulk", matches = "[0-9]+")
class BulkBench {
    @RegisterExtension
    static final TestRoster roster = TestRoster.with(Map.of("ROSTER_INVITES_PER_INVITER", "off"));

    @Test
    void disables_against_import() throws InterruptedException {
        int number = Integer.getInteger("roster.bulk");
        var b = BulkOrg.in(roster, "bench");
        var users = new ArrayList<User>();
        var size = new BatchSize();
        var began = System.nanoTime();
        while (users.size() < number) {
            var from = users.size();
            var wishes = IntStream.range(from, Math.min(number, from + size.rows())).mapToObj(i -> new Wish(
                "p%d@bench.test".formatted(i), Optional.of("Person " + i), Optional.empty(), List.of())).toList();
            var start = System.nanoTime();
            b.org().write(tx -> roster.program().user.newUsers.createAll(tx, wishes))
                .forEach(made -> users.add(((Made.Created) made).user()));
            size.took(wishes.size(), Duration.ofNanos(System.nanoTime() - start));
        }
        var imported = number / seconds(began);
        began = System.nanoTime();
        var over = new AtomicBoolean();
        var waits = Collections.synchronizedList(new ArrayList<Long>());
        var others = Thread.ofVirtual().start(() -> {
            for (int i = 0; !over.get(); i++) {
                var start = System.nanoTime();
                b.org().newPending("other%d@bench.test".formatted(i));
                waits.add((System.nanoTime() - start) / 1_000_000);
                LockSupport.parkNanos(50_000_000);
            }
        });
        var job = b.begin(b.founder(), Order.of(Act.DISABLE), BulkOrg.items(users));
        var stored = seconds(began);
        began = System.nanoTime();
        while (!b.find(job.id()).isOver()) {
            Thread.sleep(20);
        }
        over.set(true);
        others.join();
        Collections.sort(waits);
        var disabled = number / seconds(began);
        System.out.printf(
            "imported %.0f a second, disabled %.0f a second (%.2f of it; stored in %.1f s); other writes: %d, "
                + "median %d ms, 99 %% %d ms, longest %d ms%n",
            imported, disabled, disabled / imported, stored, waits.size(),
            waits.get(waits.size() / 2), waits.get(waits.size() * 99 / 100), waits.getLast());
    }

    private static double seconds(long began) {
        return (System.nanoTime() - began) / 1e9;
    }
}
