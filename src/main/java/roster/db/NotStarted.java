package roster.db;

/// The embedded PostgreSQL could not be started. The message is for the person at the terminal: what is wrong, and what
/// to do about it. It never holds a secret.
public sealed class NotStarted extends RuntimeException permits DataFolderInUse {
    private static final long serialVersionUID = 1;

    NotStarted(String message) {
        super(message);
    }

    NotStarted(String message, Throwable cause) {
        super(message, cause);
    }
}
