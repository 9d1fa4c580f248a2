package roster.base.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import roster.base.http.Progress.Phase;

/// The open connections, and which of them has to go where there are too many.
final class OpenConnections {
    /// How many connections are looked at for one that has to go, as there may be ten thousands of them.
    private static final int LOOKED_AT = 512;

    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Budget budget;
    private Iterator<Connection> hand = Collections.emptyIterator();

    OpenConnections(Budget budget) {
        this.budget = budget;
    }

    int size() {
        return open.size();
    }

    void forEach(Consumer<Connection> what) {
        open.forEach(what);
    }

    void add(Connection connection) {
        open.add(connection);
    }

    void remove(Connection connection) {
        synchronized (open) {
            open.remove(connection);
            open.notifyAll();
        }
    }

    /// Waits until no connection is open.
    ///
    /// @return whether none is
    boolean awaitNone(Duration limit) throws InterruptedException {
        var end = System.nanoTime() + limit.toNanos();
        synchronized (open) {
            while (!open.isEmpty()) {
                var left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0) {
                    return false;
                }
                open.wait(left);
            }
            return true;
        }
    }

    /// Closes the connection that has been idle for longest, of some hundred.
    ///
    /// @param least how long it must have been
    /// @return whether there is one
    boolean closeIdle(Duration least) {
        return closeIdle(_ -> true, least);
    }

    /// The same for the connections of one address.
    boolean closeIdle(InetAddress peer) {
        return closeIdle(one -> one.peer().equals(peer), Duration.ZERO);
    }

    private synchronized boolean closeIdle(Predicate<Connection> which, Duration least) {
        var longest = longest(Phase.IDLE, which, least);
        longest.ifPresent(one -> {
            open.remove(one); // it no longer counts
            one.leave(Phase.IDLE, () -> open.add(one));
        });
        return longest.isPresent();
    }

    /// Refuses the head whose rest has been awaited for longest, of some hundred, if too many are awaited.
    synchronized void refuseHeadIfMany() {
        if (budget.hasManyHeads()) {
            longest(Phase.HEAD, _ -> true, Duration.ZERO).ifPresent(one -> one.leave(Phase.HEAD, () -> {}));
        }
    }

    private Optional<Connection> longest(Phase phase, Predicate<Connection> which, Duration least) {
        record Waiting(Connection connection, Duration time) {}
        return some(which).stream().map(one -> new Waiting(one, one.since(phase)))
            .filter(waiting -> waiting.time().compareTo(least) > 0)
            .max(Comparator.comparing(Waiting::time)).map(Waiting::connection);
    }

    /// Goes on where the last call ended: else it would look at the same ones again and again, which are soon all new.
    private List<Connection> some(Predicate<Connection> which) {
        var some = new ArrayList<Connection>();
        for (int left = open.size(); left > 0 && some.size() < LOOKED_AT; left--) {
            if (!hand.hasNext()) {
                hand = open.iterator();
            }
            if (hand.hasNext()) {
                var one = hand.next();
                if (which.test(one)) {
                    some.add(one);
                }
            }
        }
        return some;
    }
}
