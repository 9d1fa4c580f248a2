import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// All that this run has started, and the temporary folder it lies in: ended and removed however the run ends, the last
/// started first.
final class Started {
    /// A program failed. The message says which one and what it said.
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message);
        }
    }

    private record Running(Process process, String signal) {}

    private static final int END_SECONDS = 20;

    final Path folder;
    private final Deque<Running> running = new ArrayDeque<>();
    private boolean ended;

    Started(Path under) {
        try {
            folder = Files.createTempDirectory(under, "roster-bench-");
            // The servers that refuse root run as somebody else, and pass through.
            Files.setPosixFilePermissions(folder,
                PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new Failed("no temporary folder can be made in %s: %s".formatted(under, e));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
    }

    /// Starts a program that goes on until it is ended.
    ///
    /// @param signal that tells it to stop in order, as `TERM`
    /// @param log where its output goes
    synchronized Process start(String signal, Map<String, String> environment, Path log, List<String> command) {
        if (ended) {
            throw new Failed("interrupted");
        }
        try {
            return pushed(builder(environment, command).redirectErrorStream(true).redirectOutput(log.toFile()), signal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process pushed(ProcessBuilder builder, String signal) throws IOException {
        var process = builder.start();
        running.push(new Running(process, signal));
        return process;
    }

    /// Tells it to stop and waits until it has.
    void stop(Process process) {
        Running found;
        synchronized (this) {
            found = running.stream().filter(each -> each.process() == process).findFirst().orElse(null);
            running.remove(found);
        }
        if (found != null) {
            stop(found);
        }
    }

    private static void stop(Running each) {
        if (!each.process().isAlive()) {
            return;
        }
        var children = each.process().descendants().toList(); // of a script that starts the server
        try {
            new ProcessBuilder("kill", "-" + each.signal(), Long.toString(each.process().pid())).start().waitFor();
            if (!each.process().waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                each.process().destroyForcibly().waitFor();
                children.forEach(ProcessHandle::destroyForcibly);
            }
        } catch (IOException e) {
            each.process().destroyForcibly();
        } catch (InterruptedException e) {
            each.process().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// Runs a program to its end.
    ///
    /// @return what it printed on standard output
    /// @throws Failed with the end of what it said, if it does not end with 0
    String run(Map<String, String> environment, String... command) {
        return run(environment, List.of(command));
    }

    String run(Map<String, String> environment, List<String> command) {
        var out = log("out");
        var error = log("err");
        try {
            Process process;
            synchronized (this) {
                if (ended) {
                    throw new Failed("interrupted");
                }
                process = pushed(builder(environment, command).redirectOutput(out.toFile())
                    .redirectError(error.toFile()), "TERM");
            }
            var exit = process.waitFor();
            synchronized (this) {
                running.removeIf(each -> each.process() == process);
            }
            var said = Files.readString(out);
            var complained = Files.readString(error);
            Files.delete(out);
            Files.delete(error);
            if (exit != 0) {
                throw new Failed("%s ended with %d:\n%s".formatted(shown(command), exit, tail(said + complained)));
            }
            return said;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted");
        }
    }

    private ProcessBuilder builder(Map<String, String> environment, List<String> command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        // What is set for some other Roster or database is not meant for these.
        builder.environment().keySet()
            .removeIf(name -> name.startsWith("ROSTER_") || name.startsWith("PG") || name.startsWith("KC_"));
        builder.environment().putAll(environment);
        return builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    }

    private int logs;

    /// A new file for what a program prints.
    synchronized Path log(String name) {
        return folder.resolve("%s-%d.log".formatted(name, ++logs));
    }

    static String tail(String text) {
        return text.length() <= 2000 ? text : "…" + text.substring(text.length() - 2000);
    }

    private static String shown(List<String> command) {
        var shown = String.join(" ", command);
        return shown.length() <= 200 ? shown : shown.substring(0, 200) + "…";
    }

    private void end() {
        List<Running> all;
        synchronized (this) {
            ended = true;
            all = List.copyOf(running);
        }
        all.forEach(Started::stop);
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("bench: %s is left behind: %s".formatted(folder, e));
        }
    }
}
