package roster.base.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// PostgreSQL's programs, ready to run in a data folder: where they are and as which user they run.
final class Programs {
    private static final Duration AT_ONCE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    private final Path bin;
    private final RunAs runAs;
    private final Path workFolder;

    /// How a program ended; 0 is success.
    record Outcome(int exit, String output) {}

    private Programs(Path bin, RunAs runAs, Path workFolder) {
        this.bin = bin;
        this.runAs = runAs;
        this.workFolder = workFolder;
    }

    /// Finds a way to run the programs on this machine, and gives the database to the user they will run as.
    ///
    /// @throws NotStarted if there is none
    static Programs find(DataFolder folder) throws IOException {
        var binaries = PostgresBinaries.find();
        var path = folder.path();
        var tried = new ArrayList<String>();
        for (var runAs : RunAs.candidates(folder)) {
            runAs.takeOwnership(folder);
            var reached = run(path, AT_ONCE, () -> false, runAs.command(Path.of("test"), "-x", path.toString()));
            if (reached.exit() != 0) {
                tried.add("%s cannot enter %s %s"
                    .formatted(String.join(" ", runAs.prefix()), path, reached.output()).strip());
                continue;
            }
            // That user may not be able to read the cache, or the disk may not allow programs.
            var programs = new Programs(binaries.unpacked(path).resolve("bin"), runAs, path);
            if (programs.work(tried)) {
                return programs;
            }
            var unpacked = binaries.unpackedInside(path);
            runAs.give(unpacked);
            programs = new Programs(unpacked.resolve("bin"), runAs, path);
            if (programs.work(tried)) {
                return programs;
            }
        }
        throw new NotStarted(("the embedded PostgreSQL cannot run here%s%s; run Roster as an ordinary user, "
            + "set ROSTER_DATA to a folder that others may reach, or ROSTER_DATABASE_URL to a server of your own")
            .formatted(RunAs.ourUid() == 0 ? " as root" : "",
                tried.isEmpty() ? "" : " (" + String.join("; ", tried) + ")"));
    }

    private boolean work(List<String> tried) {
        // pg_ctl hands this path to a shell, between double quotes.
        if (bin.toString().matches(".*[\"$`\\\\].*")) {
            tried.add("%s has a character in its name that pg_ctl does not take".formatted(bin));
            return false;
        }
        var outcome = run(AT_ONCE, "postgres", "--version");
        if (outcome.exit() != 0) {
            tried.add("%s: %s".formatted(bin.resolve("postgres"), outcome.output()));
        }
        return outcome.exit() == 0;
    }

    RunAs runAs() {
        return runAs;
    }

    /// Runs one of PostgreSQL's programs in the data folder and waits for its end.
    ///
    /// @throws NotStarted if it cannot run or takes longer than `limit`; it is killed then
    Outcome run(Duration limit, String program, String... arguments) {
        return run(workFolder, limit, () -> false, runAs.command(bin.resolve(program), arguments));
    }

    /// The same, but waits no longer once the program has done what it was started for. Then it ends later, by itself.
    Outcome runUntil(BooleanSupplier done, Duration limit, String program, String... arguments) {
        return run(workFolder, limit, done, runAs.command(bin.resolve(program), arguments));
    }

    /// The same, for work that has to succeed.
    ///
    /// @throws NotStarted with what it printed, if it fails
    void mustRun(Duration limit, String program, String... arguments) {
        var outcome = run(limit, program, arguments);
        if (outcome.exit() != 0) {
            throw new NotStarted("%s failed (%d): %s".formatted(program, outcome.exit(), outcome.output()));
        }
    }

    private static Outcome run(Path folder, Duration limit, BooleanSupplier done, List<String> command) {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        // PostgreSQL needs none of our settings, and some of them are secrets.
        var environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        try {
            var process = builder.start();
            var end = System.nanoTime() + limit.toNanos();
            var isDone = false;
            try {
                process.getOutputStream().close();
                while (!process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    isDone = done.getAsBoolean();
                    if (isDone) {
                        return new Outcome(0, "");
                    }
                    if (System.nanoTime() - end > 0) {
                        throw new NotStarted("%s did not end within %d s".formatted(command, limit.toSeconds()));
                    }
                }
                // The programs say little: it fits into the pipe, so reading can wait until the end.
                var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                return new Outcome(process.exitValue(), output);
            } finally {
                if (!isDone) {
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            return new Outcome(127, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotStarted("%s was interrupted".formatted(command), e);
        }
    }
}
