package roster.base.source;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/// Where a process takes time, ids and randomness from.
///
/// @param clock of this process, which may be set forward and back; all stored times are the database's
/// @param nanos nanoseconds since some moment, by a clock that cannot be set: for how long something lasts
public record Sources(InstantSource clock, LongSupplier nanos, Ids ids, Randomness randomness) {
    /// The system's clock, and what cannot be foreseen.
    public static Sources system() {
        return new Sources(InstantSource.system(), System::nanoTime, new Ids(), new Randomness());
    }
}
