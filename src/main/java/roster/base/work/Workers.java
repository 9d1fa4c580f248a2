package roster.base.work;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the workers of a node, each on virtual threads of its own, and stops them together.
public final class Workers implements AutoCloseable {
    /// How long a run that is under way may take when the node stops, before it is interrupted; and then to end.
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final List<Running> all;
    private final InstantSource clock;
    private volatile boolean stopping;

    /// @throws IllegalArgumentException for two of one name
    public Workers(List<Worker> workers, InstantSource clock) {
        if (workers.stream().map(Worker::name).distinct().count() < workers.size()) {
            throw new IllegalArgumentException(
                "two workers have one name: " + workers.stream().map(Worker::name).toList());
        }
        this.clock = clock;
        this.all = workers.stream().map(Running::new).toList();
    }

    /// Starts all; each runs at once.
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
        if (stopping) {
            return;
        }
        stopping = true;
        all.forEach(running -> running.worker.wake().signal().ring());
        try {
            if (!ended(DRAIN)) {
                all.forEach(running -> running.threads.forEach(Thread::interrupt));
                ended(INTERRUPTED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(Running::last);
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

    /// A worker, its threads, and what is known of its runs.
    private final class Running {
        private final Worker worker;
        private final List<Thread> threads;
        private int atWork;
        private long runs;
        private long failures;
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
                while (!stopping) {
                    var heard = worker.wake().signal().count();
                    run();
                    if (!stopping) {
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
            var failure = Optional.<RuntimeException>empty();
            try {
                worker.task().run(() -> stopping);
            } catch (RuntimeException e) {
                failure = Optional.of(e);
                LOG.atWarn().addKeyValue("worker", worker.name()).log(
                    "a run failed, the next one comes in its time: {}",
                    e.toString());
            } finally {
                end(new WorkerStatus.Run(began, Duration.ofNanos(System.nanoTime() - beganNanos)), failure);
            }
        }

        private synchronized void begin() {
            atWork++;
            next = Optional.empty();
        }

        private synchronized void end(WorkerStatus.Run run, Optional<RuntimeException> failure) {
            var now = clock.instant();
            atWork--;
            runs++;
            last = Optional.of(run);
            failure.ifPresentOrElse(e -> {
                failures++;
                lastFailure = Optional.of(new WorkerStatus.Failure(now, e.toString()));
            }, () -> lastSuccess = Optional.of(now));
            next = stopping ? Optional.empty() : Optional.of(now.plus(worker.wake().period()));
        }

        private synchronized WorkerStatus status() {
            return new WorkerStatus(worker.name(), worker.purpose(), worker.wake().words(), atWork > 0, runs, failures,
                last, lastSuccess, lastFailure, next);
        }

        private void last() {
            try {
                worker.atStop().ifPresent(Runnable::run);
            } catch (RuntimeException e) {
                LOG.atWarn().addKeyValue("worker", worker.name()).log("what was left to do at the stop failed: {}",
                    e.toString());
            }
        }
    }
}
