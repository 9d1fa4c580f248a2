package roster.base.db;

import java.util.function.ToIntFunction;

/// Repairs rows of a room after their organisation was written while the clock of the database was ahead, see [OrgClocks]:
/// what expires, is due, is claimed or is counted as of a time that was not reached yet. What was only recorded stays as the
/// audit trail has it.
///
/// @param rows what they are, for operators: `invitations`
/// @param some repairs at most [#AT_ONCE] rows, by the time of the write; returns how many
public record TimeRepair(String rows, ToIntFunction<WriteTx> some) {
    /// More are repaired by further writes, so that the organisation's lock is not held for long.
    public static final int AT_ONCE = 1000;
}
