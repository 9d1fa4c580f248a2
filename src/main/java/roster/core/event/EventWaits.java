package roster.core.event;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.base.db.OrgVersions;
import roster.model.Caller;
import roster.model.Org;
import roster.model.Problem.TooManyRequests;
import roster.model.Refused;

/// Readers of feeds who wait for the next event. They hold no connection of the database. The node that writes rings for them
/// after its commit; for what other nodes write, all of a node share one question, and none is asked while there are no readers who wait.
public final class EventWaits {
    /// How many of a caller's credential, and of an organisation on a node, wait at a time.
    public static final int OF_ONE_MAX = 10;
    public static final int OF_ORG_MAX = 200;

    /// How long a reader beyond these is asked to stay away, in seconds.
    private static final int RETRY_SECONDS = 5;

    /// Questions are at least so far apart, and this many times as long as the last one took.
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int PAUSE_FACTOR = 4;

    private static final Logger LOG = LoggerFactory.getLogger(EventWaits.class);

    private final OrgVersions versions;
    private final Map<Org.Id, Set<Waiting>> waiting = new ConcurrentHashMap<>();
    private boolean asking;

    EventWaits(OrgVersions versions) {
        this.versions = versions;
        versions.onCommit(this::ring);
    }

    /// One reader.
    public final class Waiting implements AutoCloseable {
        private final Org.Id org;
        private final Object credential;
        private final Semaphore rung = new Semaphore(0);

        private Waiting(Org.Id org, Object credential) {
            this.org = org;
            this.credential = credential;
        }

        /// Waits until something was written since the reader began to wait, or since this was called last.
        ///
        /// @return false if nothing was in this time
        /// @throws InterruptedException when the client is gone, or the server stops
        public boolean await(Duration most) throws InterruptedException {
            if (!rung.tryAcquire(Math.max(0, most.toNanos()), TimeUnit.NANOSECONDS)) {
                return false;
            }
            rung.drainPermits();
            return true;
        }

        /// Ends a wait, as if something was written.
        public void wake() {
            rung.release();
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    /// Begins to wait. To be called before the reader looks whether there is something already.
    ///
    /// @throws Refused with [TooManyRequests] beyond [#OF_ONE_MAX] and [#OF_ORG_MAX]
    public Waiting begin(Caller caller) {
        var mine = new Waiting(caller.org(), caller.credentials());
        synchronized (this) {
            var others = waiting.computeIfAbsent(mine.org, _ -> new CopyOnWriteArraySet<>());
            if (others.size() >= OF_ORG_MAX
                || others.stream().filter(one -> one.credential.equals(mine.credential)).count() >= OF_ONE_MAX) {
                throw new Refused(new TooManyRequests(RETRY_SECONDS));
            }
            others.add(mine);
            if (!asking && versions.othersWrite()) {
                asking = true;
                Thread.ofVirtual().name("event-waits").start(this::ask);
            }
        }
        return mine;
    }

    private synchronized void leave(Waiting mine) {
        var others = waiting.get(mine.org);
        others.remove(mine);
        if (others.isEmpty()) {
            waiting.remove(mine.org);
        }
    }

    private void ring(Org.Id org) {
        waiting.getOrDefault(org, Set.of()).forEach(Waiting::wake);
    }

    /// As long as there are readers who wait.
    private void ask() {
        var known = new HashMap<Org.Id, Long>();
        try {
            while (goesOn()) {
                var began = System.nanoTime();
                askOnce(known);
                var took = Duration.ofNanos(System.nanoTime() - began).multipliedBy(PAUSE_FACTOR);
                Thread.sleep(took.compareTo(PAUSE) > 0 ? took : PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean goesOn() {
        asking = !waiting.isEmpty();
        return asking;
    }

    private void askOnce(Map<Org.Id, Long> known) {
        try {
            known.keySet().retainAll(waiting.keySet());
            versions.versions(List.copyOf(waiting.keySet())).forEach((org, version) -> {
                if (!version.equals(known.put(org, version))) {
                    ring(org);
                }
            });
        } catch (Refused e) {
            LOG.debug("versions could not be asked for", e); // the next question may be answered
        }
    }
}
