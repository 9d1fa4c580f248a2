package roster.base.work;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What an operator can know of a worker on this node, since the node started.
///
/// @param wakes what makes it run, in words
/// @param running whether it is at work now, on any of its threads
/// @param runs how many ended, failed ones included
/// @param failures how many of these failed
/// @param total how long all runs that ended took together
/// @param longest how long the longest of them took
/// @param last the run that ended last; none before the first one ended
/// @param lastSuccess when the last run that did not fail ended
/// @param lastFailure the latest failure, which later successes leave in place
/// @param next when it runs at the latest; none while it runs, or once it is stopped
public record WorkerStatus(String name, String purpose, String wakes, boolean running, long runs, long failures,
    Duration total, Duration longest, Optional<Run> last, Optional<Instant> lastSuccess,
    Optional<Failure> lastFailure, Optional<Instant> next) {
    /// @param took from its begin to its end
    public record Run(Instant began, Duration took) {}

    /// @param what the exception, without its trace
    public record Failure(Instant at, String what) {}
}
