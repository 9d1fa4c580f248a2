package roster.door.command;

import java.time.Duration;

/// How many rows to send in one request, so that it holds the organisation's lock for about [#AIM] on any machine: other
/// writes wait for it, and are refused after 2 s.
final class BatchSize {
    static final Duration AIM = Duration.ofMillis(200);
    static final int ROWS_MIN = 100;
    static final int ROWS_MAX = 4000;

    /// The first requests are the slowest ones of a process that has just started.
    private static final int ROWS_FIRST = 500;

    /// A row that invites its person counts as this many: it writes invitation, link, e-mail and audit entry too.
    static final int INVITING = 3;

    private int rows = ROWS_FIRST;

    /// The limit: rows count as one each, those that invite as [#INVITING].
    int rows() {
        return rows;
    }

    /// Notes how long a request took. One slow request may be an accident of the machine, so that the next one is at least
    /// half as large, and at most twice.
    void took(int sent, Duration time) {
        var fitting = sent * (double) AIM.toNanos() / Math.max(time.toNanos(), 1);
        var next = Math.clamp(fitting, rows / 2.0, sent < rows ? rows : rows * 2.0);
        rows = (int) Math.clamp(next, ROWS_MIN, ROWS_MAX);
    }
}
