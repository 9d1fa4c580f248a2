package roster.core.directory;

/// Thrown while an organisation is refreshed that does not fit into memory. [DirectoryCache] then answers by SQL.
final class NoRoom extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean forGood;

    private NoRoom(boolean forGood) {
        super(forGood ? "larger than the memory for all" : "the memory is in use", null, false, false);
        this.forGood = forGood;
    }

    /// Other organisations need the memory at the moment.
    static NoRoom forNow() {
        return new NoRoom(false);
    }

    /// The organisation alone is too large, and stays so, as users are never deleted.
    static NoRoom forGood() {
        return new NoRoom(true);
    }

    boolean isForGood() {
        return forGood;
    }
}
