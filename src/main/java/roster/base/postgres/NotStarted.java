package roster.base.postgres;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// The embedded PostgreSQL could not be started. The message tells the operator what is wrong and what to do. It never
/// contains a secret.
public sealed class NotStarted extends RuntimeException permits DataFolderInUse {
    private static final long serialVersionUID = 1;

    NotStarted(String message) {
        super(message);
    }

    NotStarted(String message, Throwable cause) {
        super(message, cause);
    }

    /// Says in words what a failure of the file system means: its own message is often only a file name.
    ///
    /// @param done what was to be done with the file: `read`, `written`
    public static String reason(IOException e, String done) {
        return switch (e) {
            case AccessDeniedException denied -> "%s may not be %s".formatted(denied.getFile(), done);
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case FileAlreadyExistsException taken -> taken.getFile() + " is something else";
            case NotDirectoryException file -> file.getFile() + " is no folder";
            default -> e.getMessage() == null ? "it cannot be %s".formatted(done) : e.getMessage();
        };
    }
}
