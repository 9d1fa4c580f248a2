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

/// Slow work, done by few at once so that requests of others have processors left, and in turn: whoever has much of it
/// stands in a line of his organisation, and each organisation has one piece done before any has its next. On threads of
/// its own, as the work would hold up the carriers of virtual threads.
public final class FairExecutor implements AutoCloseable {
    /// Whoever comes when so many of his organisation wait is asked to come again.
    private static final int WAITING_MAX = 500;
    private static final Duration WAIT = Duration.ofSeconds(15);

    private final ThreadPoolExecutor threads;

    /// One line for each organisation that waits, never empty; whose turn is next stands first.
    private final LinkedHashMap<Org.Id, Deque<FutureTask<?>>> lines = new LinkedHashMap<>();

    /// @param name of the threads
    public FairExecutor(String name, int atOnce) {
        threads = new ThreadPoolExecutor(atOnce, atOnce, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name(name + "-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// Runs slow work when it is its turn, and waits for it. Never to be called in a transaction.
    ///
    /// @throws Refused with [Unavailable] if it is not done within 15 s, or too many wait already
    public <T> T await(Org.Id org, Callable<T> work) {
        var task = new FutureTask<>(work);
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
            leave(org, task); // there still if nobody waits for it any more
        }
    }

    private synchronized void join(Org.Id org, FutureTask<?> task) {
        var line = lines.computeIfAbsent(org, _ -> new ArrayDeque<>());
        if (line.size() >= WAITING_MAX) {
            throw new Refused(new Unavailable(WAIT.toSeconds()));
        }
        line.add(task);
    }

    private synchronized void leave(Org.Id org, FutureTask<?> task) {
        lines.computeIfPresent(org, (_, line) -> {
            line.remove(task);
            return line.isEmpty() ? null : line;
        });
    }

    /// How many pieces of work wait for their turn.
    synchronized int waiting() {
        return lines.values().stream().mapToInt(Deque::size).sum();
    }

    private void next() {
        var task = first();
        if (task != null) { // else whoever stood there has left
            task.run();
        }
    }

    private synchronized FutureTask<?> first() {
        var first = lines.pollFirstEntry();
        if (first == null) {
            return null;
        }
        var task = first.getValue().poll();
        if (!first.getValue().isEmpty()) {
            lines.putLast(first.getKey(), first.getValue());
        }
        return task;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
