package roster.base.source;

import java.time.InstantSource;

/// Where a process takes time, ids and randomness from.
///
/// @param clock of this process; all stored times are the database's
public record Sources(InstantSource clock, Ids ids, Randomness randomness) {
    /// The system's clock, and what cannot be foreseen.
    public static Sources system() {
        return new Sources(InstantSource.system(), new Ids(), new Randomness());
    }
}
