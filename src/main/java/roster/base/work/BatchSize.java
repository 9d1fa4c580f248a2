package roster.base.work;

import java.time.Duration;

/// How many rows to change at once, so that it takes about as long on any machine: other writes of the organisation wait for
/// it, and are refused after 2 s.
public final class BatchSize {
    static final int ROWS_MIN = 100;
    static final int ROWS_MAX = 4000;
    private static final Duration AIM = Duration.ofMillis(200);
    private static final int ROWS_FIRST = 500;

    private final Duration aim;
    private final int least;
    private final int most;
    private int rows;

    /// For what operators ask for: about 200 ms.
    public BatchSize() {
        this(AIM, ROWS_MIN, ROWS_MAX, ROWS_FIRST);
    }

    /// @param aim how long a batch should take
    /// @param least,most rows
    /// @param first rows of the first batch: the first ones are the slowest of a process that has just started
    public BatchSize(Duration aim, int least, int most, int first) {
        this.aim = aim;
        this.least = least;
        this.most = most;
        this.rows = first;
    }

    public int rows() {
        return rows;
    }

    /// Notes how long a batch took. One slow batch may be an accident of the machine, so that the next one is at least
    /// half as large, and at most twice.
    public void took(int sent, Duration time) {
        var fitting = sent * (double) aim.toNanos() / Math.max(time.toNanos(), 1);
        var next = Math.clamp(fitting, rows / 2.0, sent < rows ? rows : rows * 2.0);
        rows = (int) Math.clamp(next, least, most);
    }
}
