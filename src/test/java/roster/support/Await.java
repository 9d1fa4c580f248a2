package roster.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import roster.base.db.Database;
import roster.base.db.Tx;
import roster.base.db.WriteTx;
import roster.model.Caller;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// Waits for what other threads bring about, and leaves the processor to them.
public final class Await {
    /// How often a user tries again.
    private static final int TRIES = 5;

    /// How long tests wait for what must happen: enough for a machine that is many times overloaded.
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

    private Await() {}

    /// @param what must become true, for the failure after [#PATIENCE]
    public static void until(String what, BooleanSupplier happened) {
        for (var end = System.nanoTime() + PATIENCE.toNanos(); !happened.getAsBoolean();) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    /// Does work that a busy server may refuse for now, again until it does not, as a client would.
    public static <T> T served(Supplier<T> work) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return work.get();
            } catch (Refused e) {
                if (!(e.problem() instanceof Unavailable) || System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        }
    }

    /// Reads, again while the database is busy.
    public static <T> T read(Database db, Function<Tx, T> work) {
        return served(() -> db.read(work));
    }

    /// Writes, again while the database is busy.
    public static <T> T write(Database db, Caller caller, Function<WriteTx, T> work) {
        return served(() -> db.write(caller, work));
    }

    /// Sends a request again while it is told that the server is busy and nothing has changed, as users do.
    public static Answer unlessBusy(Supplier<Answer> request) {
        var answer = request.get();
        for (int left = TRIES; answer.status() == 503 && left > 0; left--) {
            answer = request.get();
        }
        return answer;
    }
}
