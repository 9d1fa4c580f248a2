package roster.base.fair;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import roster.base.source.Ids;
import roster.model.Org;
import roster.support.Await;
import roster.support.Threads;

class FairExecutorTest {
    private final FairExecutor executor = new FairExecutor("executor-test", 1);

    @AfterEach
    void close() {
        executor.close();
    }

    @Test
    void an_organisation_with_many_tasks_delays_others_by_one_of_them() throws Exception {
        var busy = new Org.Id(new Ids().next());
        var other = new Org.Id(new Ids().next());
        var free = new CountDownLatch(1);
        List<String> done = new CopyOnWriteArrayList<>();
        var all = new ArrayList<Future<Boolean>>();
        try (var threads = new Threads()) {
            var begun = new CountDownLatch(1);
            all.add(threads.submit(() -> executor.await(busy, () -> {
                begun.countDown();
                return free.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            })));
            assertThat(begun.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            for (int i = 1; i <= 20; i++) {
                all.add(threads.submit(() -> executor.await(busy, () -> done.add("busy"))));
                awaitWaiting(i);
            }
            all.add(threads.submit(() -> executor.await(other, () -> done.add("other"))));
            awaitWaiting(21);
            free.countDown();
            for (var task : all) {
                assertThat(task.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(done).hasSize(21);
        assertThat(done.indexOf("other")).isOne();
        assertThat(executor.waiting()).isZero();
    }

    @Test
    void a_failure_reaches_the_caller_and_does_not_stop_later_tasks() {
        var org = new Org.Id(new Ids().next());
        assertThatThrownBy(() -> executor.await(org, () -> {
            throw new IllegalArgumentException("no");
        })).isInstanceOf(IllegalArgumentException.class).hasMessage("no");
        assertThat(executor.await(org, () -> 7)).isEqualTo(7);
    }

    private void awaitWaiting(int tasks) {
        Await.until(tasks + " tasks wait", () -> executor.waiting() >= tasks);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void its_threads_stand_back_for_others() throws IOException {
        var here = niceness();
        assertThat(executor.await("someone", FairExecutorTest::niceness)).isEqualTo(Math.max(5, here));
        assertThat(niceness()).as("that of other threads").isEqualTo(here);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void threads_stand_back_also_where_the_system_does_not_take_time_slices() throws Exception {
        var nice = Math.max(5, niceness());
        for (var unknown : List.of(Optional.<Long>empty(), Optional.of(-1L))) {
            var task = new FutureTask<>(FairExecutorTest::niceness);
            new BackgroundThreads("test", unknown).newThread(task).start();
            assertThat(task.get(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(nice);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void its_threads_leave_the_processor_at_once_to_those_with_a_shorter_time_slice() throws Throwable {
        var here = sliceNanos();
        assertThat(executor.await("someone", FairExecutorTest::sliceNanos))
            .isEqualTo(mayChooseSlices() ? here.map(_ -> 100_000_000L) : here);
        assertThat(sliceNanos()).as("that of other threads").isEqualTo(here);
    }

    /// Kernels from 6.12 do as they are told, unless what confines the process refuses the call. That is asked for by a call
    /// that leaves the thread as it is: what is wrong with the other one does not make this one fail.
    private static boolean mayChooseSlices() throws Throwable {
        var version = System.getProperty("os.version").split("\\D", 3);
        return Integer.parseInt(version[0]) * 100 + Integer.parseInt(version[1]) >= 612 && maySetAttributes();
    }

    /// @see <a href="https://man7.org/linux/man-pages/man2/sched_setattr.2.html">sched_setattr(2)</a>
    private static boolean maySetAttributes() throws Throwable {
        var number = Map.of("amd64", 314L, "aarch64", 274L).get(System.getProperty("os.arch"));
        if (number == null) {
            return false;
        }
        try (var arena = Arena.ofConfined()) {
            var attributes = arena.allocate(48, 8);
            attributes.set(ValueLayout.JAVA_INT, 0, 48); // its size
            attributes.set(ValueLayout.JAVA_LONG, 8, 0x08 | 0x10); // keeps the policy, and its parameters
            var linker = Linker.nativeLinker();
            var call = linker.downcallHandle(linker.defaultLookup().findOrThrow("syscall"), FunctionDescriptor.of(
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG), Linker.Option.firstVariadicArg(1));
            return (long) call.invokeExact((long) number, 0L, attributes, 0L) == 0;
        }
    }

    /// Of the calling thread; none if the kernel was built without such reports.
    private static Optional<Long> sliceNanos() throws IOException {
        var report = Path.of("/proc/thread-self/sched");
        return !Files.exists(report) ? Optional.empty() : Files.readAllLines(report).stream()
            .filter(line -> line.startsWith("se.slice")).map(line -> Long.valueOf(line.replaceAll("\\D", "")))
            .findFirst();
    }

    /// Of the calling thread: the seventeenth value after the name.
    private static int niceness() throws IOException {
        var stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[16]);
    }
}
