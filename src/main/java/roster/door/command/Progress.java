package roster.door.command;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Progress of a long command, with its rate and the time left: a bar on a terminal, elsewhere one line for each tenth of
/// the work.
final class Progress implements AutoCloseable {
    private static final int WIDTH = 100;
    private static final int PARTS = 10;

    private final Terminal terminal;
    private final String task;
    private final long total;
    private final Optional<ProgressBar> bar;
    private final long began = System.nanoTime();
    private long done;

    Progress(Terminal terminal, String task, long total) {
        this.terminal = terminal;
        this.task = task;
        this.total = total;
        this.bar = terminal.interactive() ? Optional.of(new ProgressBarBuilder().setTaskName(task).setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII).showSpeed().setMaxRenderedLength(WIDTH)
            .setConsumer(new ConsoleProgressBarConsumer(terminal.err(), WIDTH)).build()) : Optional.empty();
    }

    void add(long more) {
        var tenth = tenth();
        done += more;
        bar.ifPresentOrElse(shown -> shown.stepTo(done), () -> {
            if (tenth() > tenth) {
                terminal.err().println(line());
            }
        });
    }

    private long tenth() {
        return total == 0 ? PARTS : Math.min(done, total) * PARTS / total;
    }

    private String line() {
        var rate = done / seconds();
        var left = Duration.ofSeconds(Math.round(Math.max(0, total - done) / Math.max(rate, 1e-9)));
        return String.format(Locale.ROOT, "%s: %,d of %,d, %,.0f a second, %d:%02d left", task, done, total, rate,
            left.toMinutes(), left.toSecondsPart());
    }

    double seconds() {
        return Math.max((System.nanoTime() - began) / 1e9, 1e-3);
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
    }
}
