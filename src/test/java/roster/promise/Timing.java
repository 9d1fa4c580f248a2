package roster.promise;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Whether two kinds of requests can be told apart by time.
final class Timing {
    /// Of tests that run only where they are asked for, on a machine that does nothing else: `-Droster.timing=400`.
    static final String TAG = "timing";

    /// The property with the number of tries.
    static final String TRIES = "roster.timing";

    /// The first ones are compiled.
    private static final int WARM_UP = 20;

    private Timing() {}

    /// The area under the curve of a guess by time: 0.5 if they cannot be told apart. Both kinds are sent in turn, and each goes
    /// first as often.
    ///
    /// @param prepared makes a request of the first kind or the second, which is then measured
    static double area(int tries, Function<Boolean, Runnable> prepared) {
        var one = new ArrayList<Long>();
        var other = new ArrayList<Long>();
        for (int i = 0; i < tries + WARM_UP; i++) {
            for (var first : i % 2 == 0 ? List.of(true, false) : List.of(false, true)) {
                var request = prepared.apply(first);
                var began = System.nanoTime();
                request.run();
                if (i >= WARM_UP) {
                    (first ? one : other).add(System.nanoTime() - began);
                }
            }
        }
        var larger = one.stream().mapToLong(time -> other.stream().filter(than -> time > than).count()).sum();
        return (double) larger / one.size() / other.size();
    }
}
