package roster.base.work;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import roster.model.Org;
import roster.model.Problem.Unavailable;
import roster.model.Refused;

/// Runs slow tasks, a few at a time, so that processors are left for other requests. Organisations take turns: each has
/// one queue, and each has one task done before any has its next. Uses platform threads, as the tasks would block the
/// carriers of virtual threads.
public final class FairExecutor implements AutoCloseable {
    /// Tasks of one organisation that may wait; further ones are refused.
    private static final int WAITING_MAX = 500;
    private static final Duration WAIT = Duration.ofSeconds(15);

    private final ThreadPoolExecutor threads;

    /// One queue for each organisation with waiting tasks, never empty; the next one to be served is first.
    private final LinkedHashMap<Org.Id, Deque<FutureTask<?>>> queues = new LinkedHashMap<>();

    /// @param name of the threads
    public FairExecutor(String name, int atOnce) {
        threads = new ThreadPoolExecutor(atOnce, atOnce, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// Runs a slow task when it is its organisation's turn, and waits for it. Never to be called in a transaction.
    ///
    /// @throws Refused with [Unavailable] if it is not done within 15 s, or 500 tasks of the organisation wait already
    public <T> T await(Org.Id org, Callable<T> slow) {
        var task = new FutureTask<>(slow);
        join(org, task);
        try {
            threads.execute(this::next);
            return task.get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | RejectedExecutionException e) {
            throw new Refused(new Unavailable(WAIT.toSeconds()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused(new Unavailable(1));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            leave(org, task); // it is still queued if the wait timed out
        }
    }

    private synchronized void join(Org.Id org, FutureTask<?> task) {
        var queue = queues.computeIfAbsent(org, _ -> new ArrayDeque<>());
        if (queue.size() >= WAITING_MAX) {
            throw new Refused(new Unavailable(WAIT.toSeconds()));
        }
        queue.add(task);
    }

    private synchronized void leave(Org.Id org, FutureTask<?> task) {
        queues.computeIfPresent(org, (_, queue) -> {
            queue.remove(task);
            return queue.isEmpty() ? null : queue;
        });
    }

    /// How many tasks wait.
    synchronized int waiting() {
        return queues.values().stream().mapToInt(Deque::size).sum();
    }

    private void next() {
        var task = first();
        if (task != null) { // none if it was given up meanwhile
            task.run();
        }
    }

    private synchronized FutureTask<?> first() {
        var first = queues.pollFirstEntry();
        if (first == null) {
            return null;
        }
        var task = first.getValue().poll();
        if (!first.getValue().isEmpty()) {
            queues.putLast(first.getKey(), first.getValue());
        }
        return task;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
