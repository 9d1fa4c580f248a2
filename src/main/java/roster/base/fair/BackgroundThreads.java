package roster.base.fair;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Threads that stand back where others want the processors: what they do takes long, and what others do is awaited.
///
/// Java's own priorities have no effect on Linux unless the whole process is started with an option that also raises some of
/// them. Here a thread sets its nice value itself, which Linux keeps for each thread. Elsewhere they are threads as any.
final class BackgroundThreads implements ThreadFactory {
    /// Of 19. A thread of this kind gets a third of the time of one of any other kind that wants the same processor.
    ///
    /// @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7), "The nice value"</a>
    private static final int NICE = 5;

    /// `PRIO_PROCESS` of `sys/resource.h`, and the calling thread.
    private static final int PROCESS = 0;
    private static final int THIS = 0;

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);

    private final ThreadFactory threads;

    /// @param name of the threads
    BackgroundThreads(String name) {
        threads = Thread.ofPlatform().name(name + "-", 0).daemon().factory();
    }

    @Override
    public Thread newThread(Runnable work) {
        return threads.newThread(() -> {
            standBack();
            work.run();
        });
    }

    private static void standBack() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            var linker = Linker.nativeLinker();
            var setPriority = linker.downcallHandle(linker.defaultLookup().findOrThrow("setpriority"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT));
            if ((int) setPriority.invokeExact(PROCESS, THIS, NICE) != 0) {
                LOG.debug("the system keeps the priority of a thread");
            }
        } catch (Throwable e) { // such as without native access: the work is done all the same
            LOG.debug("the priority of a thread stays as it is", e);
        }
    }
}
