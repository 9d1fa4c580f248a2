package roster.promise;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import roster.support.Await;
import roster.support.Threads;

/// Two calls at the same moment.
final class Race {
    private Race() {}

    /// Runs each call in a thread of its own, both released together. Gives up after 30 s.
    ///
    /// @return the results, in order
    static <T> List<T> together(Callable<T> one, Callable<T> other) {
        var start = new CyclicBarrier(2);
        try (var threads = new Threads()) {
            var both = Stream.of(one, other).map(call -> threads.submit(() -> {
                start.await();
                return call.call();
            })).toList();
            var results = new ArrayList<T>();
            for (var result : both) {
                results.add(result.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
            return results;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
