package roster.core.provisioning;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.model.Problem.BadScim;
import roster.model.Problem.Unavailable;
import roster.model.Refused;
import roster.model.ScimType;

/// Looks at all people of an organisation, where no index answers. Few of these run at a time, and none for long.
final class PeopleScans {
    private static final Duration MOST = Duration.ofSeconds(5);

    private final Database db;
    private final Supplier<Duration> most;

    PeopleScans(Database db) {
        this(db, () -> MOST);
    }

    /// @param most how long a scan may take that begins now
    PeopleScans(Database db, Supplier<Duration> most) {
        this.db = db;
        this.most = most;
    }

    /// Watches a scan.
    interface Watch {
        /// Lets a scan take its time.
        Watch NONE = new Watch() {
            @Override
            public void begin() {}

            @Override
            public void look() {}
        };

        /// Begins anew, after a wait that is no fault of the scan.
        void begin();

        /// To be called for each person.
        ///
        /// @throws Refused with `tooMany` if it takes too long
        void look();
    }

    /// @throws Refused with `tooMany` if it takes too long; with [Unavailable] if it could not begin
    <T> T scan(BiFunction<Tx, Watch, T> work) {
        var end = new AtomicLong();
        try {
            return db.search(most.get(), tx -> {
                var watch = watch(end);
                watch.begin();
                return work.apply(tx, watch);
            });
        } catch (Refused e) {
            var begun = end.get() != 0;
            throw begun && e.problem() instanceof Unavailable && System.nanoTime() - end.get() > 0 ? tooMany() : e;
        }
    }

    /// The same for work that may be none: then it takes no place of a scan, and its time.
    <T> T read(boolean isScan, BiFunction<Tx, Watch, T> work) {
        return isScan ? scan(work) : db.read(tx -> work.apply(tx, Watch.NONE));
    }

    private Watch watch(AtomicLong end) {
        return new Watch() {
            @Override
            public void begin() {
                end.set(System.nanoTime() + most.get().toNanos());
            }

            @Override
            public void look() {
                if (System.nanoTime() - end.get() > 0) {
                    throw tooMany();
                }
            }
        };
    }

    static Refused tooMany() {
        return new Refused(
            new BadScim(ScimType.TOO_MANY, "This takes too long in an organization of so many people: filter by id, "
                + "userName, externalId or the address of emails"));
    }
}
