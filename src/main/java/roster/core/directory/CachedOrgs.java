package roster.core.directory;

import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import roster.model.Org;

/// The organisations in [DirectoryCache], and which of them stay within its number of bytes.
///
/// To load an organisation, only those that are out of use are evicted. Growth of a loaded one may evict any other. In
/// both cases those that were unused for longest go first, and none that is being refreshed.
final class CachedOrgs {
    /// An organisation is in use if it was read within this time, or within this many times its load time. So two that do
    /// not fit together do not evict each other with every read, and a node spends most of its time not loading.
    private static final long IN_USE_NANOS_MIN = TimeUnit.SECONDS.toNanos(3);
    private static final int IN_USE_LOADS = 10;

    private final Map<Org.Id, CachedOrg> all = new ConcurrentHashMap<>();
    private final long bytesMax;
    private final LongSupplier clock;
    private long bytes;

    /// @param bytesMax for all organisations together
    /// @param clock in nanoseconds, from any origin
    CachedOrgs(long bytesMax, LongSupplier clock) {
        this.bytesMax = bytesMax;
        this.clock = clock;
    }

    /// The entry of an organisation, or a new empty one.
    CachedOrg entry(Org.Id id) {
        return all.computeIfAbsent(id, missing -> new CachedOrg(missing, OrgImage.empty(missing, bytesMax)));
    }

    /// Counts what an organisation that is being loaded takes, evicting others that are out of use.
    ///
    /// @throws NoRoom if too few are; then none is evicted, unless one came into use at this moment
    synchronized void admit(CachedOrg org, long needed) {
        org.needed = needed;
        if (!fits(org, needed)) {
            throw NoRoom.forNow();
        }
        count(org, needed, this::isOutOfUse);
        if (bytes > bytesMax) { // a refresh of one of them has just begun
            throw NoRoom.forNow();
        }
    }

    /// Whether [#admit] would find room.
    synchronized boolean fits(CachedOrg org, long needed) {
        var left = bytesMax - bytes + org.bytes - needed;
        return left >= 0 || left + others(org, this::isOutOfUse).mapToLong(other -> other.bytes).sum() >= 0;
    }

    /// Counts anew what a loaded organisation takes, evicting others if all are too large together.
    void grown(CachedOrg org, long now) {
        count(org, now, other -> true);
    }

    /// Counts nothing for an organisation whose image was dropped.
    void emptied(CachedOrg org) {
        count(org, 0, other -> false);
    }

    private synchronized void count(CachedOrg org, long now, Predicate<CachedOrg> mayGo) {
        if (org.evicted) {
            return;
        }
        bytes += now - org.bytes;
        org.bytes = now;
        if (bytes > bytesMax) {
            // Reads go on meanwhile and set `lastUsed`: a sort needs keys that stay.
            others(org, mayGo).map(other -> new Use(other, other.lastUsed)).sorted(Comparator.comparingLong(Use::at))
                .takeWhile(other -> bytes > bytesMax).forEach(other -> evict(other.org()));
        }
    }

    private record Use(CachedOrg org, long at) {}

    private boolean isOutOfUse(CachedOrg org) {
        return clock.getAsLong() - org.lastUsed > Math.max(IN_USE_NANOS_MIN, IN_USE_LOADS * org.loadNanos);
    }

    private Stream<CachedOrg> others(CachedOrg org, Predicate<CachedOrg> which) {
        return all.values().stream()
            .filter(other -> other != org && other.bytes > 0 && !other.refreshing.isLocked() && which.test(other));
    }

    private synchronized void evict(CachedOrg org) {
        if (org.refreshing.tryLock()) {
            try {
                all.remove(org.id, org);
                org.evicted = true;
                bytes -= org.bytes;
                org.bytes = 0;
            } finally {
                org.refreshing.unlock();
            }
        }
    }
}
