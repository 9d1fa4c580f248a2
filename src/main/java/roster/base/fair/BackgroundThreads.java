package roster.base.fair;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Threads that stand back where others want the processors: what they do takes long, and what others do is awaited.
///
/// Java's own priorities have no effect on Linux unless the whole process is started with an option that also raises some of
/// them. Here a thread sets two values itself, which Linux keeps for each thread. Its nice value is what share of a processor
/// it has beside others. Its time slice is after how long it lets others run that have waited as long: one whose slice is
/// shorter takes the processor at once. Kernels before 6.12 ignore the time slice. Where what confines the process refuses to set
/// both, the nice value is set alone. On other systems they are threads as any.
final class BackgroundThreads implements ThreadFactory {
    /// Of 19. A thread of this kind gets a third of the time of one of any other kind that wants the same processor.
    ///
    /// @see <a href="https://man7.org/linux/man-pages/man7/sched.7.html">sched(7), "The nice value"</a>
    private static final int NICE = 5;

    /// The longest that there is, where others have about 3 ms.
    ///
    /// @see <a href="https://docs.kernel.org/scheduler/sched-eevdf.html">EEVDF Scheduler</a>
    private static final long SLICE_NANOS = 100_000_000;

    /// The first version of `struct sched_attr`: size, policy, flags, nice, priority, runtime, deadline, period.
    ///
    /// @see <a href="https://man7.org/linux/man-pages/man2/sched_setattr.2.html">sched_setattr(2)</a>
    private static final StructLayout ATTRIBUTES = MemoryLayout.structLayout(ValueLayout.JAVA_INT.withName("size"),
        ValueLayout.JAVA_INT.withName("policy"), ValueLayout.JAVA_LONG.withName("flags"),
        ValueLayout.JAVA_INT.withName("nice"), ValueLayout.JAVA_INT.withName("priority"),
        ValueLayout.JAVA_LONG.withName("runtime"), ValueLayout.JAVA_LONG.withName("deadline"),
        ValueLayout.JAVA_LONG.withName("period"));

    /// The number of `sched_setattr`, which older libraries of C do not have, by architecture.
    private static final Map<String, Long> CALLS = Map.of("amd64", 314L, "aarch64", 274L);

    /// `PRIO_PROCESS` of `sys/resource.h`.
    private static final int PROCESS = 0;

    private static final int THIS_THREAD = 0;
    private static final int NO_FLAGS = 0;

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);

    private final ThreadFactory threads;
    private final Optional<Long> call;

    /// @param name of the threads
    BackgroundThreads(String name) {
        this(name, Optional.ofNullable(CALLS.get(System.getProperty("os.arch"))));
    }

    /// @param call the number of `sched_setattr`, if it is known
    BackgroundThreads(String name, Optional<Long> call) {
        this.call = call;
        threads = Thread.ofPlatform().name(name + "-", 0).daemon().factory();
    }

    @Override
    public Thread newThread(Runnable work) {
        return threads.newThread(() -> {
            standBack();
            work.run();
        });
    }

    private void standBack() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return;
        }
        try {
            if (!setAttributes() && !setPriority()) {
                LOG.debug("the system keeps the priority of a thread");
            }
        } catch (Throwable e) { // such as without native access: the work is done all the same
            LOG.debug("the priority of a thread stays as it is", e);
        }
    }

    /// Sets both values.
    ///
    /// @return false if the system refuses that, or is not known to have the call
    private boolean setAttributes() throws Throwable {
        if (call.isEmpty()) {
            return false;
        }
        try (var arena = Arena.ofConfined()) {
            var linker = Linker.nativeLinker();
            var systemCall = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS, ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
            return (long) systemCall.invokeExact((long) call.get(), (long) THIS_THREAD, attributes(arena),
                (long) NO_FLAGS) == 0;
        }
    }

    /// Sets the nice value alone, as every Linux can.
    private static boolean setPriority() throws Throwable {
        var linker = Linker.nativeLinker();
        var setPriority = linker.downcallHandle(linker.defaultLookup().findOrThrow("setpriority"), FunctionDescriptor
            .of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        return (int) setPriority.invokeExact(PROCESS, THIS_THREAD, NICE) == 0;
    }

    private static MemorySegment attributes(Arena arena) {
        var attributes = arena.allocate(ATTRIBUTES);
        set(attributes, "size", (int) ATTRIBUTES.byteSize());
        set(attributes, "nice", NICE);
        ATTRIBUTES.varHandle(PathElement.groupElement("runtime")).set(attributes, 0L, SLICE_NANOS);
        return attributes;
    }

    private static void set(MemorySegment attributes, String member, int value) {
        ATTRIBUTES.varHandle(PathElement.groupElement(member)).set(attributes, 0L, value);
    }
}
