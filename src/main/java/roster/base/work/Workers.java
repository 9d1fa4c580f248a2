package roster.base.work;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import roster.model.Refused;

/// Runs the workers of a node, each on virtual threads of its own, and stops them together.
public final class Workers implements AutoCloseable {
    /// How long a run that is under way may take when the node stops, before it is interrupted; and then to end.
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final List<Running> all;
    private final InstantSource clock;
    private final Stop stop = new Stop();
    private final AtomicBoolean closed = new AtomicBoolean();

    /// @param clock for what the status shows
    /// @throws IllegalArgumentException for two of one name
    public Workers(List<Worker> workers, InstantSource clock) {
        if (workers.stream().map(Worker::name).distinct().count() < workers.size()) {
            throw new IllegalArgumentException(
                "two workers have one name: " + workers.stream().map(Worker::name).toList());
        }
        this.clock = clock;
        this.all = workers.stream().map(Running::new).toList();
    }

    /// Starts all; each runs at once. To be called once.
    public void start() {
        all.forEach(running -> running.threads.forEach(Thread::start));
    }

    /// In the order they were given.
    public List<WorkerStatus> status() {
        return all.stream().map(Running::status).toList();
    }

    /// Lets runs that are under way end, for up to 2 s, then interrupts them; then does what is left to do at the stop.
    /// A second call does nothing.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        stop.request();
        all.forEach(running -> running.worker.wake().signal().ring());
        try {
            if (!ended(DRAIN)) {
                all.forEach(running -> running.threads.forEach(Thread::interrupt));
                ended(INTERRUPTED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(Running::atStop);
    }

    private boolean ended(Duration within) throws InterruptedException {
        var end = System.nanoTime() + within.toNanos();
        var ended = true;
        for (var running : all) {
            for (var thread : running.threads) {
                ended &= thread.getState() == Thread.State.NEW
                    || thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        }
        return ended;
    }

    /// A refusal is expected, as while the database is away, and says all there is; anything else comes with its trace.
    private static void warn(Worker worker, String what, Throwable failure) {
        LOG.atWarn().addKeyValue("worker", worker.name()).setCause(failure instanceof Refused ? null : failure)
            .log("{}: {}", what, failure.toString());
    }

    /// A worker, its threads, and what is known of its runs.
    private final class Running {
        private final Worker worker;
        private final List<Thread> threads;
        private int atWork;
        private long runs;
        private long failures;
        private Duration total = Duration.ZERO;
        private Duration longest = Duration.ZERO;
        private Optional<WorkerStatus.Run> last = Optional.empty();
        private Optional<Instant> lastSuccess = Optional.empty();
        private Optional<WorkerStatus.Failure> lastFailure = Optional.empty();
        private Optional<Instant> next = Optional.empty();

        private Running(Worker worker) {
            this.worker = worker;
            this.threads = IntStream.range(0, worker.threads())
                .mapToObj(number -> Thread.ofVirtual()
                    .name(worker.threads() == 1 ? worker.name() : worker.name() + "-" + number).unstarted(this::loop))
                .toList();
        }

        private void loop() {
            try {
                while (!stop.requested()) {
                    var heard = worker.wake().signal().count();
                    run();
                    if (!stop.requested()) {
                        worker.wake().signal().await(heard, worker.wake().period());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // by close()
            }
        }

        private void run() {
            var began = clock.instant();
            var beganNanos = System.nanoTime();
            begin();
            Optional<Throwable> failure = Optional.empty();
            try {
                worker.task().run(stop);
            } catch (RuntimeException | Error e) { // an error of one run need not be one of the next
                failure = Optional.of(e);
                warn(worker, "a run failed, and the worker will run again", e);
            } finally {
                end(new WorkerStatus.Run(began, Duration.ofNanos(System.nanoTime() - beganNanos)), failure);
            }
        }

        private synchronized void begin() {
            atWork++;
        }

        private synchronized void end(WorkerStatus.Run run, Optional<Throwable> failure) {
            var now = clock.instant();
            atWork--;
            runs++;
            total = total.plus(run.took());
            longest = longest.compareTo(run.took()) < 0 ? run.took() : longest;
            last = Optional.of(run);
            failure.ifPresentOrElse(e -> {
                failures++;
                lastFailure = Optional.of(new WorkerStatus.Failure(now, e.toString()));
            }, () -> lastSuccess = Optional.of(now));
            next = Optional.of(now.plus(worker.wake().period()));
        }

        private synchronized WorkerStatus status() {
            return new WorkerStatus(worker.name(), worker.purpose(), worker.wake().words(), atWork > 0, runs, failures,
                total, longest, last, lastSuccess, lastFailure,
                next.filter(_ -> atWork == 0 && !stop.requested()));
        }

        private void atStop() {
            try {
                worker.atStop().ifPresent(Runnable::run);
            } catch (RuntimeException | Error e) { // the others' last work is still to be done
                warn(worker, "what was left to do at the stop failed", e);
            }
        }
    }
}
