package roster;

import java.io.IOException;
import java.nio.file.Path;
import roster.base.postgres.NotStarted;

/// Why Roster does not start. The message is for its operator.
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotStart(String message) {
        super(message);
    }

    /// For a data folder that cannot be read or written.
    static CannotStart without(Path folder, IOException why) {
        return new CannotStart("the data folder %s cannot be used: %s; set ROSTER_DATA to a folder that you may write"
            .formatted(folder, NotStarted.reason(why, "written")));
    }
}
