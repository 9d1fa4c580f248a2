package roster.base.fair;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// A number of places that organisations share, as connections of a pool are. A task that finds none waits; organisations are
/// served in turn, and the requests of one in the order they came.
///
/// An organisation gets another place only while at least as many are free as it holds. So one that asks for all leaves some
/// to the others, however long it keeps its own: of 16 places it gets 9, a second one then 4, and the last is always left to
/// an organisation that has none.
public final class FairPlaces {
    private static final Unavailable BUSY = new Unavailable(1);

    /// Bound where work runs in a place.
    private static final ScopedValue<Boolean> HELD = ScopedValue.newInstance();

    /// How long an organisation that has asked counts as one that may ask again. The node itself is none.
    private static final long OTHERS_NANOS = 1_000_000_000;

    private final int most;
    private final int mostBesideOthers;
    private final int waitingMax;
    private final int allWaitingMax;
    private final Duration patience;

    /// Those that hold places or wait for some; the next to be served is first.
    private final Map<Object, Share> shares = new LinkedHashMap<>();
    private int free;
    private int waiting;

    private Object last; // that asked
    private long othersUntilNanos = System.nanoTime();

    /// What one organisation holds, and who waits for more.
    private static final class Share {
        private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
        private int held;

        private boolean isIdle() {
            return held == 0 && waiting.isEmpty();
        }
    }

    /// @param places how many there are
    /// @param waitingMax requests of one organisation that may wait; further ones are refused
    /// @param patience the longest wait
    public FairPlaces(int places, int waitingMax, Duration patience) {
        this(places, places, places, waitingMax, patience);
    }

    /// The same where no more than some may wait in all.
    public FairPlaces(int places, int waitingMax, int allWaitingMax, Duration patience) {
        this(places, places, places, waitingMax, allWaitingMax, patience);
    }

    /// The same where an organisation gets no more than some.
    ///
    /// @param most while no other organisation asks
    /// @param mostBesideOthers while others ask, and for a second after
    public FairPlaces(int places, int most, int mostBesideOthers, int waitingMax, Duration patience) {
        this(places, most, mostBesideOthers, waitingMax, Integer.MAX_VALUE, patience);
    }

    private FairPlaces(int places, int most, int mostBesideOthers, int waitingMax, int allWaitingMax,
        Duration patience) {
        this.free = places;
        this.most = most;
        this.mostBesideOthers = mostBesideOthers;
        this.waitingMax = waitingMax;
        this.allWaitingMax = allWaitingMax;
        this.patience = patience;
    }

    /// Does work in a place, once there is one for the organisation that the thread works for ([OnBehalf]).
    ///
    /// @throws Refused with [Unavailable] if there was none in time, or too many of the organisation wait already
    public <T> T in(Supplier<T> work) {
        return in(OnBehalf.whom(), work);
    }

    /// The same for a certain organisation.
    public <T> T in(Object whom, Supplier<T> work) {
        take(whom);
        try {
            return ScopedValue.where(HELD, true).call(work::get);
        } finally {
            leave(whom);
        }
    }

    /// The same, if there is a place now.
    ///
    /// @return none if it had to wait
    public <T> Optional<T> ifFree(Supplier<T> work) {
        var whom = OnBehalf.whom();
        if (!takeIfFree(whom)) {
            return Optional.empty();
        }
        try {
            return Optional.of(ScopedValue.where(HELD, true).call(work::get));
        } finally {
            leave(whom);
        }
    }

    private synchronized boolean takeIfFree(Object whom) {
        noteOthers(whom);
        var share = shares.computeIfAbsent(whom, _ -> new Share());
        if (waiting > 0 || free == 0 || share.held > free || share.held >= mostNow()) {
            forgetIfIdle(whom, share);
            return false;
        }
        share.held++;
        free--;
        return true;
    }

    /// To be called before a wait for what is outside of our hands: as long as it lasts, a place would be kept from others.
    ///
    /// @throws IllegalStateException in a place
    public static void mustHoldNone() {
        if (HELD.isBound()) {
            throw new IllegalStateException("a wait for another server in a place that requests share");
        }
    }

    /// How many requests wait.
    public synchronized int waiting() {
        return waiting;
    }

    private void take(Object whom) {
        var turn = join(whom);
        if (!turn.isDone()) {
            Turns.end();
        }
        try {
            turn.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (gaveUp(whom, turn)) {
                throw new Refused(BUSY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (!gaveUp(whom, turn)) {
                leave(whom);
            }
            throw new Refused(BUSY);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a turn cannot fail", e);
        }
    }

    private synchronized CompletableFuture<Void> join(Object whom) {
        noteOthers(whom);
        var share = shares.computeIfAbsent(whom, _ -> new Share());
        if (share.waiting.size() >= waitingMax || waiting >= allWaitingMax) {
            forgetIfIdle(whom, share);
            throw new Refused(BUSY);
        }
        var turn = new CompletableFuture<Void>();
        share.waiting.add(turn);
        waiting++;
        serve();
        return turn;
    }

    private void noteOthers(Object whom) {
        if (!whom.equals(last) && !OnBehalf.isNode(whom)) {
            othersUntilNanos = last == null ? othersUntilNanos : System.nanoTime() + OTHERS_NANOS;
            last = whom;
        }
    }

    /// @return false if the place was given meanwhile
    private synchronized boolean gaveUp(Object whom, CompletableFuture<Void> turn) {
        var share = shares.get(whom);
        if (share == null || !share.waiting.remove(turn)) {
            return false;
        }
        waiting--;
        forgetIfIdle(whom, share);
        return true;
    }

    private synchronized void leave(Object whom) {
        var share = shares.get(whom);
        share.held--;
        free++;
        forgetIfIdle(whom, share);
        serve();
    }

    private void forgetIfIdle(Object whom, Share share) {
        if (share.isIdle()) {
            shares.remove(whom);
        }
    }

    private boolean mayHaveOne(Share share) {
        return !share.waiting.isEmpty() && share.held <= free && share.held < mostNow();
    }

    private int mostNow() {
        return othersUntilNanos - System.nanoTime() > 0 ? mostBesideOthers : most;
    }

    /// Gives free places to those who wait and may have one, one to each in turn.
    private void serve() {
        while (free > 0 && waiting > 0) {
            var next = shares.entrySet().stream()
                .filter(each -> mayHaveOne(each.getValue())).findFirst();
            if (next.isEmpty()) {
                return;
            }
            var whom = next.get().getKey();
            var share = shares.remove(whom);
            shares.put(whom, share); // behind the others
            share.held++;
            free--;
            waiting--;
            share.waiting.remove().complete(null);
        }
    }
}
