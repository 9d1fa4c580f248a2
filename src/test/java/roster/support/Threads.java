package roster.support;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A virtual thread for each task of a test. Closing waits for the tasks as long as [Await#PATIENCE]; then it interrupts
/// them and fails, where an executor of the JDK would wait for ever after a test that failed.
public final class Threads extends AbstractExecutorService {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    @Override
    public void close() {
        shutdown();
        try {
            if (awaitTermination(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            shutdownNow();
        } catch (InterruptedException e) { // the limit of the test itself
            shutdownNow();
            Thread.currentThread().interrupt();
        }
        throw new AssertionError("threads of the test did not end");
    }

    @Override
    public void shutdown() {
        threads.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return threads.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return threads.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return threads.isTerminated();
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) throws InterruptedException {
        return threads.awaitTermination(time, unit);
    }
}
