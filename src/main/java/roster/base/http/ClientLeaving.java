package roster.base.http;

/// Whether the client of a request still waits for its answer. A client that has ended its side of the connection counts as
/// gone: it may still read, but has nothing more to say.
final class ClientLeaving {
    private boolean gone;
    private Runnable told = () -> {};

    /// To be called on the loop of the connection.
    void left() {
        Runnable listener;
        synchronized (this) {
            gone = true;
            listener = told;
        }
        listener.run();
    }

    synchronized boolean isGone() {
        return gone;
    }

    /// @param listener runs at once if the client is gone already; must be fast
    void onLeaving(Runnable listener) {
        synchronized (this) {
            told = listener;
            if (!gone) {
                return;
            }
        }
        listener.run();
    }
}
