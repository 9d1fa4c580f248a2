package roster.core.directory;

import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import roster.model.Org;

/// An entry of [DirectoryCache]: the image of one organisation, the locks around it, and what [CachedOrgs] evicts by.
final class CachedOrg {
    final Org.Id id;

    /// Held to read the image, and exclusively to change or replace it.
    final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    /// Held by the thread that refreshes the image, over its queries too.
    final ReentrantLock refreshing = new ReentrantLock();

    volatile OrgImage image;

    /// Refreshes are numbered as they begin: the last one that began, and the last one that succeeded and whose image is
    /// still here. Written under `refreshing`.
    volatile long begun;
    volatile long refreshed;

    /// When it was last used, on the clock of the cache, and how long its last load took, in nanoseconds.
    volatile long lastUsed;
    volatile long loadNanos;

    /// The bytes that its last load claimed last, whether or not they were granted; 0 before the first load.
    volatile long needed;

    /// The bytes that it counts for. Written by [CachedOrgs].
    volatile long bytes;

    /// Whether another entry takes its place. Readers that hold it may finish, but it is not refreshed any more.
    volatile boolean evicted;

    /// False once the organisation has proved too large for the cache.
    volatile boolean mayFit = true;

    CachedOrg(Org.Id id, OrgImage image) {
        this.id = id;
        this.image = image;
    }

    /// Replaces the image. No earlier refresh vouches for the new one.
    void replace(OrgImage other) {
        lock.writeLock().lock();
        try {
            image = other;
            refreshed = 0;
        } finally {
            lock.writeLock().unlock();
        }
    }
}
