package roster.door.command;

import java.time.Duration;

/// How many rows to send at once, so that a piece holds the organisation's lock for about as long as [#AIM] on whatever
/// machine: other writes wait for it, and are refused after two seconds.
final class Pace {
    static final Duration AIM = Duration.ofMillis(200);
    static final int ROWS_MIN = 100;
    static final int ROWS_MAX = 4000;

    /// The first pieces are the slowest of a process that has just begun.
    private static final int ROWS_FIRST = 500;

    /// How many rows one counts for that invites somebody: invitation, link, letter and audit entry are written besides
    /// the person and his.
    static final int INVITING = 3;

    private int rows = ROWS_FIRST;

    /// Of those that invite nobody.
    int rows() {
        return rows;
    }

    /// Notes how long a piece took. One slow piece may be an accident of the machine, so that the next is half as large at
    /// the least, and twice at the most.
    void took(int sent, Duration time) {
        var fitting = sent * (double) AIM.toNanos() / Math.max(time.toNanos(), 1);
        var next = Math.clamp(fitting, rows / 2.0, sent < rows ? rows : rows * 2.0);
        rows = (int) Math.clamp(next, ROWS_MIN, ROWS_MAX);
    }
}
