package roster.base.postgres;

import java.nio.file.Path;

/// Another Roster, in this process or another, holds the data folder.
public final class DataFolderInUse extends NotStarted {
    private static final long serialVersionUID = 1;

    private final long pid;

    DataFolderInUse(Path folder, long pid) {
        super("another Roster (pid %s) is running on the data folder %s; stop it, or set ROSTER_DATA to another folder"
            .formatted(pid == 0 ? "unknown" : Long.toString(pid), folder));
        this.pid = pid;
    }

    /// The pid of the process that holds the folder; 0 if it has not noted it yet.
    public long pid() {
        return pid;
    }
}
