package roster.base.http;

import roster.base.http.Budget.Part;

/// What one connection has taken of the [Budget]. Used by its event loop only.
final class Held {
    private final Budget.Share share;
    private long bytes;
    private final long[] ofParts = new long[Part.values().length]; // of these
    private boolean closed;

    Held(Budget.Share share) {
        this.share = share;
    }

    /// Whether the address has more connections than it may.
    boolean isOneTooMany() {
        return share.isCrowded();
    }

    long bytes() {
        return bytes;
    }

    /// Takes memory for an answer.
    ///
    /// @return whether there is enough
    boolean take(long some) {
        return taken(some, !closed && share.tryTake(some));
    }

    /// Takes memory for a request that is not complete.
    ///
    /// @return whether there is enough
    boolean take(long some, Part part) {
        var enough = !closed && share.tryTake(some, part);
        ofParts[part.ordinal()] += enough ? some : 0;
        return taken(some, enough);
    }

    /// Takes memory for what should not be refused: the answer to a change, as the change has been made, and small ones.
    ///
    /// @return whether there is enough
    boolean takeInNeed(long some) {
        return taken(some, !closed && share.takeInNeed(some));
    }

    private boolean taken(long some, boolean enough) {
        bytes += enough ? some : 0;
        return enough;
    }

    /// Gives everything back.
    void release() {
        for (var part : Part.values()) {
            share.give(ofParts[part.ordinal()], part);
            bytes -= ofParts[part.ordinal()];
            ofParts[part.ordinal()] = 0;
        }
        share.give(bytes);
        bytes = 0;
    }

    /// Gives everything back, and takes nothing any more.
    void close() {
        closed = true;
        release();
        share.close();
    }

    boolean isClosed() {
        return closed;
    }
}
