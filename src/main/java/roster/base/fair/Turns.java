package roster.base.fair;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
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
    private final SequencedMap<Object, Deque<Turn>> waiting = new LinkedHashMap<>(); // the client whose turn is next comes first
    private final List<Turn> running = new ArrayList<>();
    private final Thread watch;
    private boolean asleep;
    private boolean closed;

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

    /// Starts work on a thread of its own, when it is the client's turn.
    ///
    /// @param client told apart by `equals`
    public void start(Object client, Runnable work) {
        var turn = new Turn(work);
        if (begins(client, turn)) {
            turn.thread.start();
        }
    }

    /// Ends the turn of the current thread, if it has one: it is about to wait for something else than a processor.
    public static void end() {
        if (CURRENT.isBound()) {
            CURRENT.get().end();
        }
    }

    private synchronized boolean begins(Object client, Turn turn) {
        if (running.size() < atOnce && waiting.isEmpty() || closed) {
            begin(turn);
            return true;
        }
        waiting.computeIfAbsent(client, _ -> new ArrayDeque<>()).add(turn);
        if (asleep) {
            asleep = false;
            LockSupport.unpark(watch);
        }
        return false;
    }

    private void begin(Turn turn) {
        turn.begunNanos = System.nanoTime();
        running.add(turn);
    }

    private void ended(Turn turn) {
        Turn next = null;
        synchronized (this) {
            if (running.remove(turn)) {
                next = next();
            }
        }
        if (next != null) {
            next.thread.start();
        }
    }

    /// The first of the next client, whose others then wait behind those of other clients.
    private Turn next() {
        var first = waiting.pollFirstEntry();
        if (first == null) {
            return null;
        }
        var next = first.getValue().remove();
        if (!first.getValue().isEmpty()) {
            waiting.put(first.getKey(), first.getValue());
        }
        begin(next);
        return next;
    }

    private void endLongOnes() {
        var looks = 0;
        while (true) {
            List<Turn> over;
            synchronized (this) {
                if (closed) {
                    return;
                }
                looks = waiting.isEmpty() ? looks + 1 : 0;
                asleep = looks > LOOKS_MAX;
                over = waiting.isEmpty() ? List.of() : running.stream().filter(Turn::isLong).toList();
            }
            over.forEach(this::ended);
            LockSupport.parkNanos(asleep() ? Long.MAX_VALUE : longest.toNanos());
        }
    }

    private synchronized boolean asleep() {
        return asleep;
    }

    /// Starts all that wait, and from now on everything at once.
    @Override
    public void close() {
        List<Turn> left;
        synchronized (this) {
            closed = true;
            left = waiting.values().stream().flatMap(Deque::stream).toList();
            waiting.clear();
        }
        left.forEach(turn -> turn.thread.start());
        LockSupport.unpark(watch);
    }
}
