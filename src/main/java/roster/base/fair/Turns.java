package roster.base.fair;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Starts what clients ask for on virtual threads: a few at a time, those of one client after the other, clients in turn.
///
/// The scheduler of virtual threads takes from one of its queues until that is empty. While some clients keep it filled, who
/// comes back from the database waits in another one. So little is in these queues at a time, and the rest waits here, where
/// a client that asks seldom does not wait behind one that asks often.
///
/// A turn is for the processors alone: it ends once the thread begins to wait for anything ([#end]), and after some
/// milliseconds at the latest.
public final class Turns implements AutoCloseable {
    private static final ScopedValue<Turn> CURRENT = ScopedValue.newInstance();

    /// After so long a turn ends, as its thread may wait for something unforeseen.
    private static final Duration LONGEST = Duration.ofMillis(2);

    /// Looks without anything to do, after which the watch sleeps until something waits.
    private static final int LOOKS_MAX = 50;

    private final String name;
    private final int atOnce;
    private final Duration longest;
    private final Thread watch;

    /// What is to be done with what follows, by one thread at a time: by the one that finds nothing undone.
    ///
    /// With a lock, a thread that reads for many clients would wait behind virtual threads, and these for a processor.
    private final Queue<Runnable> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undone = new AtomicInteger();

    private final Rotation<Turn> waiting = new Rotation<>(); // by client
    private final List<Turn> running = new ArrayList<>();
    private int looks; // without anything to do
    private volatile boolean asleep;
    private volatile boolean closed;

    private final class Turn {
        private final Thread thread;
        private long begunNanos;

        private Turn(Runnable work) {
            thread = Thread.ofVirtual().name(name).unstarted(() -> {
                try {
                    ScopedValue.where(CURRENT, this).run(work);
                } finally {
                    ended(this);
                }
            });
        }

        private void end() {
            ended(this);
        }

        private boolean isLong() {
            return System.nanoTime() - begunNanos > longest.toNanos();
        }
    }

    /// @param name of the threads
    /// @param atOnce turns at the same time; more than there are processors, so that none is without work
    public Turns(String name, int atOnce) {
        this(name, atOnce, LONGEST);
    }

    /// For tests: with another end of long turns.
    Turns(String name, int atOnce, Duration longest) {
        this.name = name;
        this.atOnce = atOnce;
        this.longest = longest;
        this.watch = Thread.ofPlatform().daemon().name(name + "-turns").start(this::endLongOnes);
    }

    /// Starts work on a thread of its own, when it is the client's turn. Never blocks.
    ///
    /// @param client told apart by `equals`
    public void start(Object client, Runnable work) {
        var turn = new Turn(work);
        change(() -> join(client, turn));
    }

    /// Ends the turn of the current thread, if it has one: it is about to wait for something else than a processor.
    public static void end() {
        if (CURRENT.isBound()) {
            CURRENT.get().end();
        }
    }

    private void change(Runnable change) {
        changes.add(change);
        if (undone.getAndIncrement() == 0) {
            do {
                changes.remove().run();
            } while (undone.decrementAndGet() > 0);
        }
    }

    private void join(Object client, Turn turn) {
        if (running.size() < atOnce && waiting.isEmpty() || closed) {
            begin(turn);
            return;
        }
        waiting.add(client, turn);
        if (asleep) {
            asleep = false;
            LockSupport.unpark(watch);
        }
    }

    private void begin(Turn turn) {
        turn.begunNanos = System.nanoTime();
        running.add(turn);
        turn.thread.start();
    }

    private void ended(Turn turn) {
        change(() -> leave(turn));
    }

    private void leave(Turn turn) {
        if (running.remove(turn)) {
            waiting.next().ifPresent(this::begin);
        }
    }

    private void endLongOnes() {
        while (!closed) {
            change(this::look);
            LockSupport.parkNanos(asleep ? Long.MAX_VALUE : longest.toNanos());
        }
    }

    private void look() {
        looks = waiting.isEmpty() ? looks + 1 : 0;
        asleep = looks > LOOKS_MAX;
        if (!waiting.isEmpty()) {
            running.stream().filter(Turn::isLong).toList().forEach(this::leave);
        }
    }

    /// Starts all that wait, and from now on everything at once.
    @Override
    public void close() {
        change(() -> {
            closed = true;
            waiting.all().forEach(this::begin);
            LockSupport.unpark(watch);
        });
    }
}
