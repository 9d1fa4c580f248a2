package roster.base.work;

import java.util.Optional;

/// A task that each node runs in the background. [Workers] runs, watches and stops it.
///
/// @param name in logs, metrics and `roster status`: lower case and hyphens
/// @param purpose one sentence for operators
/// @param threads how many run it side by side, from 1
/// @param atStop runs once more when the node stops, after the last request; none where nothing would be lost
public record Worker(String name, String purpose, Wake wake, int threads, Task task, Optional<Runnable> atStop) {
    /// What a worker does each time it is woken. A failure is logged and shown, and does not stop later runs.
    @FunctionalInterface
    public interface Task {
        /// @param stop to be looked at between two steps of long work
        void run(Stop stop);
    }

    public Worker {
        if (!name.matches("[a-z]+(-[a-z]+)*")) {
            throw new IllegalArgumentException("not a worker's name: " + name);
        }
        if (!purpose.matches("[A-Z].*\\.")) {
            throw new IllegalArgumentException("worker %s needs a sentence that says what it is for".formatted(name));
        }
        if (threads < 1) {
            throw new IllegalArgumentException("worker %s needs a thread".formatted(name));
        }
    }

    /// One thread, and nothing to do at the end.
    public Worker(String name, String purpose, Wake wake, Task task) {
        this(name, purpose, wake, 1, task, Optional.empty());
    }
}
